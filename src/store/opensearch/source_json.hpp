#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "store/result.hpp"

namespace brood::store::opensearch {

/// A record's JSON, field by field. Text that is not UTF-8 gets U+FFFD in its bad bytes' places.
class SourceWriter {
 public:
  SourceWriter& Text(std::string_view key, std::string_view value);
  SourceWriter& Int(std::string_view key, std::int64_t value);
  SourceWriter& Time(std::string_view key, brood::Time value) { return Int(key, ToMillis(value)); }
  SourceWriter& Real(std::string_view key, double value);
  SourceWriter& Bool(std::string_view key, bool value);
  SourceWriter& Raw(std::string_view key, std::string_view json);
  [[nodiscard]] std::string Take() &&;

 private:
  void Key(std::string_view key);
  std::string json_ = "{";
};

/// A record as it stands. A field that is not there, or of another type, is a problem that stays.
class SourceReader {
 public:
  /// `index` and the id name the record in an error.
  SourceReader(std::string_view index, std::string_view source);

  std::string Text(std::string_view key);
  std::int64_t Int(std::string_view key);
  brood::Time Time(std::string_view key) { return FromMillis(Int(key)); }
  double Real(std::string_view key);
  bool Bool(std::string_view key);
  const boost::json::value* Value(std::string_view key);

  void Fail(std::string_view what);
  [[nodiscard]] bool Fine() const { return problem_.empty(); }
  [[nodiscard]] StoreError Damaged() const;

 private:
  std::string index_, problem_;
  boost::json::object object_;
};

}  // namespace brood::store::opensearch
