#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/digest.hpp"
#include "rules/compiled_rules.hpp"

namespace brood::rules {
namespace {

template <class Table>
std::string Names(const Table& table) {
  std::vector<std::string_view> names;
  for (const auto& row : table) names.push_back(row.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Gathers the objects of all files by type and key, then compiles each key's values together.
class Compiler {
 public:
  explicit Compiler(const Options& options) : options_(options), cache_(options.cache_folder) {
    rules_->blacklist_score = Points(options.blacklist_score);
    rules_->scratches = std::make_unique<ScratchPool>(options.limits);
    for (const TypeInfo& type : AllTypes()) types_.push_back({{&type, {}, {}, {}}, {}, {}, {}});
  }

  void Add(const RuleFile& file) {
    digest_.Update(fmt::format("{} {} {}\n", file.name, file.text.size(), file.text));
    ++rules_->files;
    const ParsedRuleFile parsed = ParseRuleFile(file, problems_);
    const auto type = std::find_if(types_.begin(), types_.end(), [&](const TypeDraft& draft) {
      return draft.rules.type->name == parsed.type;
    });
    if (type == types_.end() && !parsed.type.empty()) {
      Problem(file.name, "info.type", parsed.type, fmt::format("unknown type (known: {})", Names(AllTypes())));
    }
    for (const RuleObject& object : parsed.objects) {
      const KeyInfo* key = FindKey(object.key);
      if (key == nullptr) {
        UnknownKey(file.name, object.key);
      } else if (type != types_.end()) {
        AddObject(*type, file.name, *key, object);
      }
    }
  }

  Expected<RuleSet, std::vector<RuleProblem>> Finish() {
    for (TypeDraft& draft : types_) CompileType(draft);
    for (const std::string& what : cache_.Problems()) {
      Problem(options_.cache_folder.string(), {}, {}, what, Severity::kWarning);
    }
    const auto is_error = [](const RuleProblem& problem) { return problem.severity == Severity::kError; };
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const RuleProblem& a, const RuleProblem& b) { return a.file < b.file; });
    if (std::any_of(problems_.begin(), problems_.end(), is_error)) return Unexpected(std::move(problems_));
    rules_->warnings = std::move(problems_);
    rules_->fingerprint = digest_.FinishHex();
    return RuleSet(std::move(rules_));
  }

 private:
  struct TypeDraft {
    CompiledType rules;
    std::string first_file;
    std::vector<std::string> file_of_value;
    std::map<const KeyInfo*, std::vector<KeyValue>> values;
  };

  void Problem(const std::string& file, std::string_view where, std::string value, std::string what,
               Severity severity = Severity::kError) {
    problems_.push_back({file, std::string(where), std::move(value), std::move(what), severity});
  }

  void UnknownKey(const std::string& file, const std::string& key) {
    const auto same = [&](const RuleProblem& p) { return p.file == file && p.where == key && p.value == key; };
    if (std::any_of(problems_.begin(), problems_.end(), same)) return;
    Problem(file, key, key, fmt::format("unknown key (known: {})", Names(AllKeys())));
  }

  void AddObject(TypeDraft& draft, const std::string& file, const KeyInfo& key, const RuleObject& object) {
    const auto index = static_cast<std::uint32_t>(draft.rules.objects.size());
    draft.rules.objects.push_back(
        {&key, Points(object.score), object.score_per.value_or(options_.score_per), object.group_id});
    if (draft.first_file.empty()) draft.first_file = file;
    RemarkOn(draft, file, key);
    if (object.values.empty()) {
      Problem(file, key.name, "[]", "a rule without values never matches", Severity::kWarning);
    }
    for (const RuleScalar& value : object.values) {
      const auto id = static_cast<std::uint32_t>(draft.rules.values.size());
      draft.rules.values.push_back({index, ScalarText(value)});
      draft.file_of_value.push_back(file);
      draft.values[&key].push_back(
          {id, value, object.ignore_case ? LetterCase::kIgnored : LetterCase::kMatters});
    }
  }

  /// Once a file.
  void RemarkOn(const TypeDraft& draft, const std::string& file, const KeyInfo& key) {
    for (const KeyRemark& remark : draft.rules.type->remarks) {
      if (remark.key != key.name) continue;
      std::string what = fmt::format("in rules of type {} it {}", draft.rules.type->name, remark.what);
      const RuleProblem problem{file, std::string(key.name), {}, std::move(what), Severity::kWarning};
      if (std::ranges::find(problems_, problem) == problems_.end()) problems_.push_back(problem);
    }
  }

  void WarnOfNoNetworkKey(const TypeDraft& draft) {
    if (draft.rules.type->listing == Listing::kAlways || draft.values.empty()) return;
    const auto network = [](const auto& entry) { return entry.first->scope == KeyScope::kNetwork; };
    if (std::any_of(draft.values.begin(), draft.values.end(), network)) return;
    std::string keys;
    for (const KeyInfo& key : AllKeys()) {
      if (key.scope == KeyScope::kNetwork) keys += (keys.empty() ? "" : ", ") + std::string(key.name);
    }
    Problem(draft.first_file, "info.type", std::string(draft.rules.type->name),
            fmt::format("the rules of this type list nothing: a value is listed only if a key matches that "
                        "looks at its own connections ({})",
                        keys),
            Severity::kWarning);
  }

  void CompileType(TypeDraft& draft) {
    WarnOfNoNetworkKey(draft);
    for (const KeyInfo& key : AllKeys()) {
      const auto values = draft.values.find(&key);
      if (values == draft.values.end()) continue;
      std::vector<ValueProblem> found;
      const CacheSlot slot{&cache_, fmt::format("{}.{}", draft.rules.type->name, key.name)};
      draft.rules.keys.push_back({&key, BuildKeyMatcher(key, values->second, found, slot)});
      for (ValueProblem& problem : found) {
        Problem(draft.file_of_value[problem.id], key.name, draft.rules.values[problem.id].text,
                std::move(problem.what), problem.severity);
      }
    }
    rules_->types.push_back(std::move(draft.rules));
  }

  Options options_;
  ScanCache cache_;
  std::shared_ptr<CompiledRules> rules_ = std::make_shared<CompiledRules>();
  std::vector<TypeDraft> types_;
  std::vector<RuleProblem> problems_;
  Sha256 digest_;
};

}  // namespace

const std::vector<RuleProblem>& RuleSet::Warnings() const { return rules_->warnings; }

std::size_t RuleSet::Size() const {
  std::size_t objects = 0;
  for (const CompiledType& type : rules_->types) objects += type.objects.size();
  return objects;
}

const std::string& RuleSet::Fingerprint() const { return rules_->fingerprint; }

Expected<RuleSet, std::vector<RuleProblem>> Compile(std::span<const RuleFile> files, const Options& options) {
  Compiler compiler(options);
  for (const RuleFile& file : files) compiler.Add(file);
  return compiler.Finish();
}

}  // namespace brood::rules
