// A sandbox may answer anything.
#include "input.hpp"
#include "sandbox/cuckoo/answers_json.hpp"

namespace brood::fuzz {
namespace {

template <class Answer>
void SaysWhyNot(const Expected<Answer, std::string>& answer) {
  Require(answer.has_value() || !answer.error().empty(), "a refusal says why");
}

}  // namespace
}  // namespace brood::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace brood;
  namespace cuckoo = sandbox::cuckoo;
  const auto body = fuzz::AsText(data, size);
  fuzz::SaysWhyNot(cuckoo::ReadTaskId(body));
  fuzz::SaysWhyNot(cuckoo::ReadTasks(body));
  fuzz::SaysWhyNot(cuckoo::ReadTask(body));
  fuzz::SaysWhyNot(cuckoo::ReadStatus(body));
  fuzz::SaysWhyNot(cuckoo::ReadDone(body));
  (void)cuckoo::IsHtml(body);
  fuzz::Require(cuckoo::MessageOf(body).size() <= 203, "a message is at most 200 bytes and a mark");
  return 0;
}
