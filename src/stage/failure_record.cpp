#include "stage/failure_record.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "model/json_text.hpp"
#include "model/messages_json.hpp"
#include "stage/headers.hpp"
#include "stage/submission_json.hpp"

namespace brood::stage {
namespace {

constexpr std::size_t kMaxErrorText = std::size_t{16} << 10;
// Room that a record needs beside its body; a body grows sixfold at most when it is escaped.
constexpr std::size_t kRecordFrame = std::size_t{40} << 10;
constexpr std::size_t kMostGrowth = 6;

std::string QuotedJson(std::string_view text) {
  std::string out;
  model::AppendJson(out, text);
  return out;
}

std::size_t CutTo(std::size_t max_bytes) {
  return max_bytes > kRecordFrame ? (max_bytes - kRecordFrame) / kMostGrowth : 0;
}

}  // namespace

Expected<broker::Outgoing, Error> FailureRecorder::Make(const broker::Message& message, const Error& why,
                                                        std::size_t max_bytes) const {
  model::FailureMessage record{.service = service_,
                               .queue = message.queue.empty() ? queue_ : message.queue,
                               .error = Shorten(why.detail.empty() ? why.what : why.detail, kMaxErrorText),
                               .desc = Shorten(why.what, kMaxErrorText),
                               .msg = message.body,
                               .kind = why.kind,
                               .submission = SubmissionIn(message.body)};
  broker::Outgoing out{failed_queue_, model::ToJson(record), {}};
  CarryAlong(message.headers, out.headers);
  if (out.body.size() <= max_bytes) return out;

  if (keep_body_) {
    auto reference = keep_body_(message.body);
    if (!reference) return Unexpected(std::move(reference.error()));
    record.msg.clear();
    record.extras.emplace("MsgRef", QuotedJson(*reference));
  } else {
    record.msg.resize(std::min(record.msg.size(), CutTo(max_bytes)));
    record.extras.emplace("MsgCut", std::to_string(message.body.size()));
  }
  out.body = model::ToJson(record);
  return out;
}

}  // namespace brood::stage
