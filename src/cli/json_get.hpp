#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace brood::cli {

// What an answer of our own API says under a key; the default where it says nothing of that type.
[[nodiscard]] std::string TextAt(const boost::json::value& value, std::string_view key);
[[nodiscard]] std::int64_t IntAt(const boost::json::value& value, std::string_view key);
[[nodiscard]] double RealAt(const boost::json::value& value, std::string_view key);
[[nodiscard]] bool BoolAt(const boost::json::value& value, std::string_view key);
[[nodiscard]] const boost::json::array& ListAt(const boost::json::value& value, std::string_view key);

/// "signature_name: eicar_test_file; string: …" of a list of reasons, at most `max` of them.
[[nodiscard]] std::string ReasonsLine(const boost::json::array& reasons, std::size_t max);

}  // namespace brood::cli
