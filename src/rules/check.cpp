#include "rules/check.hpp"

#include <fmt/format.h>

#include "rules/compiled_rules.hpp"

namespace brood::rules {
namespace {

/// Control characters would break the line and the terminal.
std::string Printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string Plural(std::size_t amount, std::string_view noun) {
  return fmt::format("{} {}{}", amount, noun, amount == 1 ? "" : "s");
}

}  // namespace

std::string FormatProblem(const RuleProblem& problem) {
  std::string text = problem.file + (problem.severity == Severity::kError ? ": error: " : ": warning: ");
  if (!problem.where.empty()) text += problem.where + ": ";
  if (!problem.value.empty() && problem.value != problem.where) text += "'" + problem.value + "': ";
  return Printable(text + problem.what);
}

std::string FormatProblems(const std::vector<RuleProblem>& problems) {
  std::string text;
  for (const RuleProblem& problem : problems) text += FormatProblem(problem) + "\n";
  return text;
}

std::string FormatSummary(const RuleSet& rules) {
  std::size_t values = 0;
  for (const CompiledType& type : rules.Compiled().types) values += type.values.size();
  const std::size_t warnings = rules.Warnings().size();
  return fmt::format("{} with {} in {}: {}", Plural(rules.Size(), "rule object"), Plural(values, "value"),
                     Plural(rules.Compiled().files, "file"),
                     warnings == 0 ? "no problem found" : Plural(warnings, "warning"));
}

std::string FormatMatching(const RuleSet& rules) {
  MatcherFacts all;
  std::string slow;
  for (const CompiledType& type : rules.Compiled().types) {
    for (const CompiledKey& key : type.keys) {
      all.slow.clear();
      key.matcher->Tell(all);
      for (const MatcherFacts::Slow& one : all.slow) {
        slow += Printable(fmt::format("slow: {}: '{}': each text is searched for it alone: {}", key.key->name,
                                      type.values[one.id].text, one.why)) +
                "\n";
      }
    }
  }
  if (all.looked_up + all.exact + all.confirmed + all.alone == 0) return {};
  return fmt::format(
             "texts: {} looked up, {} decided by Hyperscan, {} found by Hyperscan and confirmed by PCRE2, {} "
             "searched by PCRE2 alone\n",
             all.looked_up, all.exact, all.confirmed, all.alone) +
         slow;
}

}  // namespace brood::rules
