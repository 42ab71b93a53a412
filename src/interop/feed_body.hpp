#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/expected.hpp"
#include "samples/samples.hpp"

namespace brood::interop {

/// The largest sample in bytes whose message stays within `max_message`.
[[nodiscard]] std::size_t MostInline(std::size_t max_message);

/// A message for feed_cuckoo as a Go service reads it: the sample's bytes in it, a name, and in `payload` our
/// marker as `custom` and our `owner`, so that the Go service gives them to the task. Nothing where it is so
/// already, and for what is no such message or names a sample that is not there: that goes as it is, and
/// whoever takes it says what is wrong. kTooLarge: the sample is larger than `most` bytes.
[[nodiscard]] Expected<std::optional<std::string>, samples::SampleError> FeedBodyForGo(
    std::string_view body, samples::SampleStore& samples, std::size_t most);

}  // namespace brood::interop
