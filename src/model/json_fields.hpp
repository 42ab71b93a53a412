#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>
#include <boost/json/value.hpp>

#include "base/error.hpp"
#include "base/expected.hpp"

namespace brood::model {

/// Reads one JSON object field by field, for the *_json.cpp files alone. Keys are matched as Go matches them:
/// exactly, else without regard to case. The first problem is kept with its path; later reads then give
/// defaults.
class FieldReader {
 public:
  FieldReader(const boost::json::object& object, std::string path) : object_(&object), path_(std::move(path)) {}

  std::string Text(std::string_view key);
  std::int64_t Int(std::string_view key);
  std::vector<std::string> TextList(std::string_view key);
  const boost::json::object* Object(std::string_view key);
  /// The value under `key`, null and absent alike being nullptr. Marks the key as known.
  const boost::json::value* Value(std::string_view key);
  void Require(std::string_view key);

  /// Keys not asked for so far, with their values as they stand in `text`, which is what the object was read
  /// from.
  [[nodiscard]] std::map<std::string, std::string> Unknown(std::string_view text) const;
  [[nodiscard]] const std::string& Problem() const { return problem_; }
  void Fail(std::string_view key, std::string_view what);
  [[nodiscard]] std::string PathOf(std::string_view key) const;

 private:
  const boost::json::object* object_;
  std::string path_, problem_;
  std::set<const boost::json::key_value_pair*> known_;
};

/// The text as one JSON object; an error says what is wrong and at which byte.
[[nodiscard]] Expected<boost::json::object, Error> ParseObject(std::string_view text);

}  // namespace brood::model
