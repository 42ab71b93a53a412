#include "interop/feed_body.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "base/file.hpp"
#include "base/log.hpp"
#include "model/messages_json.hpp"
#include "model/submission.hpp"

namespace brood::interop {
namespace {

using samples::Errc;
using samples::SampleError;

constexpr std::size_t kAroundASample = std::size_t{64} << 10;  // of a message: all but the bytes
constexpr std::string_view kReferencePrefix = "sha256:";

model::SampleHash SampleOf(const model::FeedMessage& message) {
  const std::string_view reference = message.sample;
  if (!reference.starts_with(kReferencePrefix)) return message.sha256;
  return model::SampleHash{std::string(reference.substr(kReferencePrefix.size()))};
}

Expected<std::string, SampleError> BytesOf(const model::SampleHash& hash, samples::SampleStore& samples,
                                           std::size_t most) {
  const auto file = samples.Fetch(hash);
  if (!file) return Unexpected(file.error());
  std::error_code error;
  const auto size = std::filesystem::file_size(*file, error);
  if (!error && size > most) {
    return Unexpected(SampleError{
        Errc::kTooLarge,
        fmt::format("the sample {} has {} bytes, of which {} fit into a message", hash.Get(), size, most)});
  }
  auto bytes = ReadFile(*file);
  if (!bytes) return Unexpected(SampleError{Errc::kUnavailable, Describe(bytes.error())});
  return std::move(*bytes);
}

void Mark(model::FeedMessage& message) {
  if (message.submission.Get().empty()) return;
  std::string& custom = message.payload["custom"];
  custom = model::MarkedCustom(custom, {message.submission, message.attempt});
  message.payload["owner"] = model::OwnerOf(message.submission);
}

}  // namespace

std::size_t MostInline(std::size_t max_message) {
  return max_message <= kAroundASample ? 0 : (max_message - kAroundASample) / 4 * 3;
}

Expected<std::optional<std::string>, SampleError> FeedBodyForGo(std::string_view body,
                                                                samples::SampleStore& samples,
                                                                std::size_t most) {
  const auto decoded = model::FeedMessageFromJson(body);
  if (!decoded) return std::nullopt;
  model::FeedMessage message = *decoded;
  Mark(message);
  if (message.file_data.empty()) {
    auto bytes = BytesOf(SampleOf(message), samples, most);
    if (!bytes && bytes.error().code != Errc::kUnknown) return Unexpected(bytes.error());
    if (!bytes) {
      log::Warning("a message goes without its sample, which a feed_cuckoo of cuckoo_distributed refuses",
                   {{"submission", message.submission.Get()}, {"why", bytes.error().what}});
      return std::nullopt;
    }
    message.file_data = std::move(*bytes);
  }
  message.sample.clear();
  if (message.file_name.empty())
    message.file_name = message.sha256.Get().empty() ? "sample" : message.sha256.Get();
  if (message.crits.analysis_id.empty()) message.crits.analysis_id = message.submission.Get();
  if (message == *decoded) return std::nullopt;
  return model::ToJson(message);
}

}  // namespace brood::interop
