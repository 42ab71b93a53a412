#include "model/verdict_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "model/json_text.hpp"

namespace brood::model {
namespace {

namespace json = boost::json;

const json::string* TextOf(const json::value& item, std::string_view key) {
  const auto* object = item.if_object();
  const json::value* value = object == nullptr ? nullptr : object->if_contains(key);
  return value == nullptr ? nullptr : value->if_string();
}

}  // namespace

std::string ReasonsToJson(const std::vector<Reason>& reasons) {
  std::string out = "[";
  for (const Reason& reason : reasons) {
    if (&reason != reasons.data()) out += ',';
    out += R"({"reason":)";
    AppendJson(out, std::string_view(reason.key));
    out += R"(,"data":)";
    AppendJson(out, std::string_view(reason.data));
    out += '}';
  }
  return out += ']';
}

Expected<std::vector<Reason>, Error> ReasonsFromJson(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error) return Unexpected(Permanent("bad list of reasons", "no JSON: " + error.message()));
  const auto* items = value.if_array();
  if (items == nullptr) return Unexpected(Permanent("bad list of reasons", "not a list"));
  std::vector<Reason> reasons;
  for (const json::value& item : *items) {
    const json::string* key = TextOf(item, "reason");
    const json::string* data = TextOf(item, "data");
    if (key == nullptr || data == nullptr) {
      return Unexpected(Permanent("bad list of reasons", "item " + std::to_string(reasons.size()) +
                                                             " has no text under reason and data"));
    }
    reasons.push_back({std::string(*key), std::string(*data), {}});
  }
  return reasons;
}

}  // namespace brood::model
