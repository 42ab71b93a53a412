#pragma once

#include <utility>

#include <tl/expected.hpp>

namespace brood {

/// A value, or why there is none. Expected failures are values; exceptions mean a bug or a failed start.
template <class T, class E>
using Expected = tl::expected<T, E>;

template <class E>
[[nodiscard]] constexpr tl::unexpected<std::decay_t<E>> Unexpected(E&& error) {
  return tl::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

}  // namespace brood
