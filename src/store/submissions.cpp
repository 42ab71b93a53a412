#include "store/submissions.hpp"

namespace brood::store {

std::vector<Result<Moved>> AdvanceEach(Submissions& submissions, std::span<const model::Submission> records) {
  std::vector<Result<Moved>> answers;
  if (records.empty()) return answers;
  const auto together = submissions.Advance(records);
  if (together) {
    answers.assign(together->begin(), together->end());
  } else if (records.size() == 1) {
    answers.emplace_back(Unexpected(together.error()));
  } else {
    for (const model::Submission& record : records) {
      answers.push_back(AdvanceEach(submissions, std::span(&record, 1)).front());
    }
  }
  return answers;
}

}  // namespace brood::store
