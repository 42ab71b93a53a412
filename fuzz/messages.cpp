// A message that decodes is encoded to one that decodes to the same.
#include "input.hpp"
#include "model/messages_json.hpp"

namespace brood::fuzz {
namespace {

template <class Decode>
void RoundTrip(std::string_view text, Decode decode) {
  const auto message = decode(text);
  if (!message) return;
  const auto again = decode(model::ToJson(*message));
  Require(again.has_value(), "what was encoded decodes");
  Require(*again == *message, "nothing is lost on the way");
}

}  // namespace
}  // namespace brood::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace brood;
  const auto text = fuzz::AsText(data, size);
  fuzz::RoundTrip(text, model::FeedMessageFromJson);
  fuzz::RoundTrip(text, model::TaskMessageFromJson);
  fuzz::RoundTrip(text, model::StoredMessageFromJson);
  fuzz::RoundTrip(text, model::CleanupMessageFromJson);
  fuzz::RoundTrip(text, model::FailureMessageFromJson);
  return 0;
}
