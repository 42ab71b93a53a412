#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace brood::report::plain {

namespace json = boost::json;

/// For the plain readers: the value at a path of keys joined by dots, null where there is none.
[[nodiscard]] const json::value& Get(const json::value& from, std::string_view path);
/// A text, or a number as text.
[[nodiscard]] std::optional<std::string> TextOf(const json::value& value);
[[nodiscard]] std::string Text(const json::value& from, std::string_view path);
[[nodiscard]] std::optional<std::int64_t> WholeOf(const json::value& value);
[[nodiscard]] std::int64_t Whole(const json::value& from, std::string_view path);
[[nodiscard]] const json::array& Items(const json::value& from, std::string_view path);
/// Any valid JSON, as deep as tests nest it.
[[nodiscard]] json::value Parse(std::string_view document);

}  // namespace brood::report::plain
