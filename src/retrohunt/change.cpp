#include "retrohunt/change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/text.hpp"
#include "model/json_text.hpp"
#include "model/verdict_json.hpp"

namespace brood::retrohunt {
namespace {

using store::BlacklistEntry;

constexpr std::size_t kDataShown = 3;  // of each key
constexpr std::size_t kDatumBytes = 60;
constexpr std::string_view kNoReasons = "no reasons";

/// "mutex: a, b; tcp_port: 6667": by key, in the order of the keys' first data.
std::string ReasonsText(const std::string& json) {
  const auto reasons = model::ReasonsFromJson(json);
  if (!reasons || reasons->empty()) return std::string(kNoReasons);
  std::vector<std::string> keys;
  std::map<std::string, std::vector<std::string>> data;
  for (const model::Reason& reason : *reasons) {
    if (!data.contains(reason.key)) keys.push_back(reason.key);
    data[reason.key].push_back(Shorten(reason.data, kDatumBytes));
  }
  std::string text;
  for (const std::string& key : keys) {
    const auto& all = data[key];
    const std::size_t shown = std::min(all.size(), kDataShown);
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", key,
                        fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    if (shown < all.size()) text += fmt::format(" and {} more", all.size() - shown);
  }
  return text;
}

std::string Line(char sign, const BlacklistEntry& entry) {
  return fmt::format("{} {} {} {} {}\n", sign, entry.type, entry.value, entry.score,
                     ReasonsText(entry.reasons));
}

std::string ContentJson(const std::optional<BlacklistEntry>& entry) {
  if (!entry) return "null";
  std::string json = R"({"score":)";
  model::AppendJson(json, entry->score);
  // What is stored is our own JSON; what somebody else has stored is not passed on as it is.
  json += R"(,"reasons":)" + (model::ReasonsFromJson(entry->reasons) ? entry->reasons : "[]");
  return json + "}";
}

}  // namespace

std::string ToText(const Change& change) {
  std::string text;
  if (change.before) text += Line('-', *change.before);
  if (change.after) text += Line('+', *change.after);
  text.pop_back();
  return text;
}

std::string ToJson(const Change& change) {
  const BlacklistEntry& entry = change.after ? *change.after : *change.before;
  std::string json = R"({"change":)";
  const std::string_view what = !change.before ? "added" : !change.after ? "removed" : "changed";
  model::AppendJson(json, what);
  json += R"(,"type":)";
  model::AppendJson(json, std::string_view(entry.type));
  json += R"(,"value":)";
  model::AppendJson(json, std::string_view(entry.value));
  json += R"(,"before":)" + ContentJson(change.before) + R"(,"after":)" + ContentJson(change.after);
  return json + "}";
}

}  // namespace brood::retrohunt
