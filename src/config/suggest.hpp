#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brood::config {

/// "; did you mean max_pending?" for the candidate nearest to `word` by edit distance, or nothing if none is
/// near.
[[nodiscard]] std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace brood::config
