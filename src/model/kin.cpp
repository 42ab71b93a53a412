#include "model/kin.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace brood::model {
namespace {

constexpr std::size_t kIdDigits = 32, kHashDigits = 64;
constexpr Time kEarliest = FromMillis(1);  // epoch 0 says that a time is not known

}  // namespace

SubmissionId DerivedId(const CritsData& crits, const SampleHash& sha256) {
  return DeriveSubmissionId(fmt::format("crits\n{}\n{}\n{}", crits.analysis_id, crits.object_id, sha256.Get()));
}

SubmissionId IdIn(const CritsData& crits) {
  const bool is_id = crits.object_id.empty() && IsHex(crits.analysis_id, kIdDigits);
  return is_id ? SubmissionId{crits.analysis_id} : SubmissionId{};
}

Kin KinOf(const CritsData& crits, const Marker& marker, const SampleHash& sha256) {
  if (crits.analysis_id.empty()) return Kin::kUnsure;
  if (const SubmissionId named = IdIn(crits); !named.Get().empty())
    return named == marker.submission ? Kin::kOurs : Kin::kAnother;
  if (sha256.Get().empty()) return Kin::kUnsure;
  return DerivedId(crits, sha256) == marker.submission ? Kin::kOurs : Kin::kAnother;
}

bool LacksOurKeys(const TaskMessage& task) { return task.submission.Get().empty() && task.fed_at == Time{}; }

Kin Complete(TaskMessage& task, const TaskWords& words, Time fed_at) {
  const std::string hash = LowerAscii(words.sha256);
  const SampleHash sha256{IsHex(hash, kHashDigits) ? hash : ""};
  const auto marker = MarkerFrom(words.custom);
  const Kin kin = marker ? KinOf(task.crits, *marker, sha256) : Kin::kUnsure;
  if (kin == Kin::kAnother) return kin;
  if (kin == Kin::kOurs) {
    task.submission = marker->submission;
    task.attempt = marker->attempt;
  }
  if (task.sha256.Get().empty()) task.sha256 = sha256;
  if (task.timeout_s == 0) task.timeout_s = std::max<std::int64_t>(0, words.timeout_s);
  task.fed_at = std::max(fed_at, kEarliest);
  return kin;
}

}  // namespace brood::model
