#include <fmt/format.h>

#include <algorithm>
#include <set>

#include <boost/json.hpp>

#include "base/text.hpp"
#include "config/front_ends.hpp"
#include "config/suggest.hpp"

namespace brood::config {
namespace {

namespace json = boost::json;

bool SameWithoutCase(std::string_view a, std::string_view b) { return LowerAscii(a) == LowerAscii(b); }

Value ToValue(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_int64()) return value.get_int64();
  if (value.is_double()) return value.get_double();
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_null()) return Foreign{"null"};
  if (!value.is_array()) return Foreign{"an object"};
  std::vector<std::string> texts;
  for (const json::value& element : value.get_array()) {
    if (!element.is_string()) return Foreign{"a list with something else than texts"};
    texts.emplace_back(element.get_string());
  }
  return texts;
}

/// "sandbox.node[0]" of "sandbox.node[0].url"; empty where the key is in no list.
std::string ElementOf(const std::string& key) {
  const std::size_t close = key.rfind(']');
  return close == std::string::npos ? "" : key.substr(0, close + 1);
}

class Translator {
 public:
  Translator(std::string_view file, std::span<const OriginalKey> keys) : file_(file), keys_(keys) {}

  void Take(std::string_view name, const json::value& value, Problems& warnings) {
    const auto known =
        std::ranges::find_if(keys_, [&](const OriginalKey& key) { return SameWithoutCase(key.name, name); });
    if (known == keys_.end()) {
      std::vector<std::string> names;
      for (const OriginalKey& key : keys_) names.push_back(key.name);
      warnings.push_back({file_, 0, std::string(name), "unknown, it is left out" + DidYouMean(name, names)});
      return;
    }
    const Place place{Origin::kFile, fmt::format("{} ({})", file_, known->name), 0};
    for (const std::string& ours : known->ours) {
      Begin(ElementOf(ours), place);
      out_.push_back({ours, known->as ? known->as(ToValue(value)) : ToValue(value), place});
    }
  }
  Assignments Done() { return std::move(out_); }

 private:
  /// An element of a list begins with its mark, once.
  void Begin(const std::string& element, const Place& place) {
    if (!element.empty() && begun_.insert(element).second) out_.push_back({element, TableMark{}, place});
  }

  std::string file_;
  std::span<const OriginalKey> keys_;
  std::set<std::string> begun_;
  Assignments out_;
};

}  // namespace

Assignments ReadOriginalJson(std::string_view text, std::string_view file, std::span<const OriginalKey> keys,
                             Problems& problems, Problems& warnings) {
  json::error_code error;
  json::stream_parser parser;
  const std::size_t read = parser.write_some(text.data(), text.size(), error);
  const auto rest = text.substr(std::min(read, text.size())).find_first_not_of(" \t\r\n");
  if (!error) parser.finish(error);
  if (!error && rest != std::string_view::npos) error = json::error::extra_data;
  if (error) {
    const auto line = 1 + std::ranges::count(text.substr(0, std::min(read, text.size())), '\n');
    problems.push_back({std::string(file), static_cast<int>(line), "", "no JSON: " + error.message()});
    return {};
  }
  const json::value document = parser.release();
  if (!document.is_object()) {
    problems.push_back({std::string(file), 0, "", "is no JSON object"});
    return {};
  }
  Translator translator(file, keys);
  for (const auto& [name, value] : document.get_object()) translator.Take(name, value, warnings);
  return translator.Done();
}

}  // namespace brood::config
