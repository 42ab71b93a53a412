#include "rules/try_json.hpp"

#include <set>

#include "base/utf8.hpp"
#include "model/json_text.hpp"

namespace brood::rules {
namespace {

using model::AppendJson;

template <class Value>
void Member(std::string& out, std::string_view name, const Value& value) {
  if (!out.ends_with('{')) out += ", ";
  AppendJson(out, name);
  out += ": ";
  AppendJson(out, value);
}

std::string Reasons(const std::vector<model::Reason>& reasons) {
  std::string out;
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const model::Reason& reason : reasons) {
    if (!seen.emplace(reason.key, reason.data).second) continue;
    out += out.empty() ? "{" : ", {";
    Member(out, "reason", std::string_view(reason.key));
    Member(out, "data", std::string_view(reason.data));
    out += '}';
  }
  return "[" + out + "]";
}

}  // namespace

std::string EvaluationToJsonLines(const std::string& file, const Evaluation& evaluation) {
  std::string lines;
  for (const model::Verdict& verdict : evaluation.verdicts) {
    std::string line = "{";
    Member(line, "file", std::string_view(MakeUtf8(file)));
    Member(line, "type", std::string_view(verdict.type));
    Member(line, "value", std::string_view(verdict.value));
    Member(line, "score", verdict.score);
    Member(line, "blacklisted", verdict.blacklisted);
    lines += line + ", \"reasons\": " + Reasons(verdict.reasons) + "}\n";
  }
  return lines;
}

}  // namespace brood::rules
