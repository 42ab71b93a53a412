#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/error.hpp"
#include "base/expected.hpp"

namespace brood::report {

/// Unpacks gzip chunk by chunk; bytes that are not gzip pass through as they are. Not thread-safe.
class Inflater {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// `sink` gets the unpacked bytes, at most 64 KiB at a time. More than `max_bytes` of them are an error.
  explicit Inflater(Sink sink, std::uint64_t max_bytes = std::uint64_t{16} << 30U);
  ~Inflater();
  Inflater(Inflater&&) noexcept;
  Inflater& operator=(Inflater&&) noexcept;

  /// After an error there is nothing more to feed. Errors are permanent: damaged data, or the limit.
  [[nodiscard]] Expected<void, Error> Feed(std::string_view chunk);
  /// After the last byte. A stream that breaks off is a transient error.
  [[nodiscard]] Expected<void, Error> Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace brood::report
