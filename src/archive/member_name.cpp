#include "archive/member_name.hpp"

#include <fmt/format.h>

namespace brood::archive {
namespace {

constexpr std::string_view kSlashes = "/\\";

bool IsAbsolute(std::string_view name) {
  return kSlashes.find(name.front()) != kSlashes.npos || (name.size() >= 2 && name[1] == ':');
}

}  // namespace

std::string WhyRefused(std::string_view name, const Limits& limits) {
  if (name.empty()) return "it has no name";
  if (name.size() > limits.max_name_bytes) {
    return fmt::format("its name has more than {} bytes", limits.max_name_bytes);
  }
  if (IsAbsolute(name)) return "its name is an absolute path";
  std::size_t depth = 0;
  for (std::size_t begin = 0;;) {
    const std::size_t end = name.find_first_of(kSlashes, begin);
    if (name.substr(begin, end == name.npos ? end : end - begin) == "..") return "its name leads upwards";
    if (end == name.npos) break;
    ++depth;
    begin = end + 1;
  }
  if (depth > limits.max_depth) return fmt::format("it lies under more than {} folders", limits.max_depth);
  return "";
}

std::string_view LastPart(std::string_view name) {
  const std::size_t slash = name.find_last_of(kSlashes);
  return slash == name.npos ? name : name.substr(slash + 1);
}

}  // namespace brood::archive
