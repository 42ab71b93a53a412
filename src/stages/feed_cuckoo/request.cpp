#include "stages/feed_cuckoo/request.hpp"

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "model/kin.hpp"
#include "model/messages_json.hpp"

namespace brood::stages::feed_cuckoo {
namespace {

constexpr std::string_view kReferencePrefix = "sha256:";
constexpr std::string_view kAvoid = "avoid";

}  // namespace

std::string CompleteReference(model::FeedMessage& message) {
  if (!message.sample.empty()) {
    const std::string_view reference = message.sample;
    if (!reference.starts_with(kReferencePrefix) || !IsHex(reference.substr(kReferencePrefix.size()), 64)) {
      return fmt::format("sample: '{}' is not 'sha256:' and 64 hex digits", Shorten(reference, 100));
    }
    message.sha256 = model::SampleHash{std::string(reference.substr(kReferencePrefix.size()))};
  }
  if (message.sha256.Get().empty()) return "neither file.data nor sample says which bytes to analyse";
  return {};
}

model::SubmissionId SubmissionOf(const model::FeedMessage& message) {
  return model::DerivedId(message.crits, message.sha256);
}

model::Submission FirstRecord(const model::FeedMessage& message,
                              const std::optional<model::Submission>& earlier, Time now) {
  model::Submission record;
  record.id = message.submission;
  record.sha256 = message.sha256;
  record.name = message.file_name;
  record.origin = "queue";
  record.accepted = now;
  if (earlier) {
    record.name = earlier->name;
    record.origin = earlier->origin;
    record.accepted = earlier->accepted;
  }
  record.options = message.payload;
  record.attempt = message.attempt;
  record.changed = now;
  return record;
}

sandbox::Upload UploadOf(const model::FeedMessage& message, const model::Submission& record,
                         const std::filesystem::path& file) {
  sandbox::Upload upload;
  upload.file = file;
  upload.file_name = message.file_name.empty() ? record.sha256.Get() : message.file_name;
  upload.options = message.payload;
  const auto custom = upload.options.extract("custom");
  upload.options.erase("owner");
  upload.custom = model::MarkedCustom(custom.empty() ? "" : custom.mapped(), {record.id, record.attempt});
  upload.owner = model::OwnerOf(record.id);
  return upload;
}

std::int64_t TimeoutOf(const model::FeedMessage& message) {
  const auto timeout = message.payload.find("timeout");
  if (timeout == message.payload.end()) return 0;
  return std::max<std::int64_t>(0, ParseInt(timeout->second).value_or(0));
}

std::optional<model::NodeUrl> NodeToAvoid(const broker::Message& message) {
  const auto header = message.headers.find(std::string(kAvoid));
  if (header == message.headers.end()) return std::nullopt;
  return model::NodeUrl{header->second};
}

bool IsWhole(const sandbox::TaskRow& row, const model::Submission& record) {
  return row.sha256.empty() || LowerAscii(row.sha256) == record.sha256.Get();
}

broker::Outgoing CleanupOf(const std::string& queue, const model::NodeUrl& node, model::TaskId task,
                           const std::string& custom) {
  const auto marker = model::MarkerFrom(custom);
  return {queue,
          model::ToJson(model::CleanupMessage{task, node, marker ? model::ToText(*marker) : "", {}, {}}),
          {}};
}

}  // namespace brood::stages::feed_cuckoo
