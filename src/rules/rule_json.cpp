#include "rules/rule_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "rules/json_document.hpp"

namespace brood::rules {
namespace {

namespace json = boost::json;

constexpr double kLargestScore = 1e6;
constexpr std::size_t kShownValue = 200;

std::string Show(const json::value& value) {
  return Shorten(value.is_string() ? std::string(value.get_string()) : json::serialize(value), kShownValue);
}

/// Collects what is wrong, with the place where the reader is.
class Reader {
 public:
  Reader(const std::string& file, std::vector<RuleProblem>& problems) : file_(file), problems_(problems) {}

  ParsedRuleFile Read(const json::value& document) {
    if (!document.is_object()) {
      Error("", "", "a rule file is a JSON object with \"info\" and \"rules\"");
      return {};
    }
    for (const auto& member : document.get_object()) {
      const std::string_view name = member.key();
      if (name != "info" && name != "rules" && !IsRemark(name)) {
        Error(name, "", "unknown member of a rule file (known: info, rules, description, comment)");
      }
    }
    ParsedRuleFile file;
    file.type = Type(document.get_object());
    file.objects = Rules(document.get_object());
    return file;
  }

 private:
  static bool IsRemark(std::string_view name) { return name == "description" || name == "comment"; }

  void Error(std::string_view where, std::string value, std::string what) {
    problems_.push_back({file_, std::string(where), std::move(value), std::move(what)});
  }

  std::string Type(const json::object& document) {
    const json::value* info = document.if_contains("info");
    if (info == nullptr || !info->is_object()) {
      Error("info", "", "missing: a rule file says its type as \"info\": {\"type\": \"hash\"}");
      return {};
    }
    const json::value* type = info->get_object().if_contains("type");
    if (type == nullptr || !type->is_string()) {
      Error("info.type", type == nullptr ? "" : Show(*type), "the type of a rule file is a text like \"hash\"");
      return {};
    }
    return std::string(type->get_string());
  }

  std::vector<RuleObject> Rules(const json::object& document) {
    std::vector<RuleObject> objects;
    const json::value* rules = document.if_contains("rules");
    if (rules == nullptr || !rules->is_object()) {
      Error("rules", "",
            "missing: the rules of a file are an object {KEY: [{\"rules\": [...], \"score\": ...}]}");
      return objects;
    }
    for (const auto& [key, list] : rules->get_object()) {
      if (IsRemark(key)) continue;
      if (!list.is_array()) {
        Error(key, Show(list), "the rules of a key are a list of objects");
        continue;
      }
      for (const json::value& item : list.get_array()) {
        if (auto object = Object(key, item)) objects.push_back(std::move(*object));
      }
    }
    return objects;
  }

  std::optional<RuleObject> Object(std::string_view key, const json::value& item) {
    if (!item.is_object()) {
      Error(key, Show(item), "a rule is an object with \"rules\" and \"score\"");
      return std::nullopt;
    }
    const std::size_t problems_before = problems_.size();
    RuleObject object;
    object.key = key;
    for (const char* needed : {"rules", "score"}) {
      if (!item.get_object().contains(needed)) Error(key, Show(item), fmt::format("\"{}\" is missing", needed));
    }
    for (const auto& [name, value] : item.get_object()) Member(object, name, value);
    if (problems_.size() != problems_before) return std::nullopt;
    return object;
  }

  void Member(RuleObject& object, std::string_view name, const json::value& value) {
    struct Known {
      std::string_view name;
      void (Reader::*read)(RuleObject&, const json::value&);
    };
    static constexpr std::array kKnown{Known{"rules", &Reader::Values}, Known{"score", &Reader::Score},
                                       Known{"group_id", &Reader::Group}, Known{"count", &Reader::Count},
                                       Known{"nocase", &Reader::Case}};
    if (IsRemark(name)) return;
    for (const Known& known : kKnown) {
      if (known.name == name) return (this->*known.read)(object, value);
    }
    Error(object.key, std::string(name),
          "unknown member of a rule (known: rules, score, group_id, count, nocase, description, comment)");
  }

  void Values(RuleObject& object, const json::value& value) {
    if (!value.is_array()) return Value(object, value);
    for (const json::value& item : value.get_array()) Value(object, item);
  }

  void Value(RuleObject& object, const json::value& value) {
    if (value.is_string()) {
      object.values.emplace_back(std::string(value.get_string()));
    } else if (value.is_int64()) {
      object.values.emplace_back(value.get_int64());
    } else if (value.is_number()) {
      object.values.emplace_back(value.to_number<double>());
    } else {
      Error(object.key, Show(value), "a value is a text or a number");
    }
  }

  void Score(RuleObject& object, const json::value& value) {
    if (value.is_number()) object.score = value.to_number<double>();
    if (!value.is_number() || !(std::abs(object.score) <= kLargestScore)) {
      Error(object.key, Show(value),
            fmt::format("bad score: a number from -{0:.0f} to {0:.0f} is due", kLargestScore));
    }
  }

  void Group(RuleObject& object, const json::value& value) {
    if (value.is_int64()) object.group_id = value.get_int64();
    if (!value.is_int64() || object.group_id < 0) {
      Error(object.key, Show(value), "bad group_id: a whole number is due, 1 or more, or 0 for no group");
    }
  }

  void Count(RuleObject& object, const json::value& value) {
    if (value == "each") {
      object.score_per = ScorePer::kMatch;
    } else if (value == "once") {
      object.score_per = ScorePer::kRule;
    } else {
      Error(object.key, Show(value), "bad count: \"each\" or \"once\" is due");
    }
  }

  void Case(RuleObject& object, const json::value& value) {
    if (!value.is_bool()) return Error(object.key, Show(value), "bad nocase: true or false is due");
    object.ignore_case = value.get_bool();
  }

  const std::string& file_;
  std::vector<RuleProblem>& problems_;
};

}  // namespace

std::string ScalarText(const RuleScalar& scalar) {
  if (const auto* text = std::get_if<std::string>(&scalar)) return Shorten(*text, kShownValue);
  if (const auto* number = std::get_if<std::int64_t>(&scalar)) return std::to_string(*number);
  return fmt::format("{}", std::get<double>(scalar));
}

ParsedRuleFile ParseRuleFile(const RuleFile& file, std::vector<RuleProblem>& problems) {
  const auto document = ParseJsonDocument(file.text);
  if (!document) {
    problems.push_back({file.name, document.error().where, {}, document.error().what});
    return {};
  }
  return Reader(file.name, problems).Read(*document);
}

}  // namespace brood::rules
