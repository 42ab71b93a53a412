#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace brood::sandboxd::replay {

/// One member of a document's outermost object: where its value stands.
struct Member {
  std::string_view key;  ///< as written, without the quotes
  std::size_t offset = 0, size = 0;
};

/// The members in order, repeats included. Looks at nothing but strings and brackets, so it is fast and
/// forgives what is wrong inside a value; where the document breaks off, the members before that are given.
/// Nothing for a document that is no object.
[[nodiscard]] std::vector<Member> TopLevelMembers(std::string_view document);

}  // namespace brood::sandboxd::replay
