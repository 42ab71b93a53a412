#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace brood::model {

/// Pieces of JSON text, appended to `out`. The stored documents are written with these directly: no tree in
/// between.
void AppendJson(std::string& out, std::string_view text);  ///< quoted and escaped; UTF-8 stays as it is
void AppendJson(std::string& out, std::int64_t number);
/// Shortest form that reads back exactly, always with a fraction or exponent, so that a search engine maps the
/// field as floating point. What JSON cannot say (NaN, infinity) is written as 0.0.
void AppendJson(std::string& out, double number);
void AppendJson(std::string& out, bool value);

}  // namespace brood::model
