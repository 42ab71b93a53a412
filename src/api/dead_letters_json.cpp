#include "api/dead_letters_json.hpp"

#include "api/json_object.hpp"
#include "base/text.hpp"
#include "http/url.hpp"
#include "model/messages_json.hpp"

namespace brood::api {
namespace {

constexpr std::size_t kMaxError = 1'024;
constexpr std::string_view kUrlEnds = " \t\r\n\"'<>`";

/// Where the scheme of the URL around "://" at `mark` begins.
std::size_t SchemeStart(std::string_view text, std::size_t mark) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
  const auto before = text.substr(0, mark).find_last_not_of(kLetters);
  return before == text.npos ? 0 : before + 1;
}

/// The failure's sentence; of a record that cannot be read only that.
std::string ErrorOf(const store::DeadLetter& letter) {
  const auto failure = model::FailureMessageFromJson(letter.failure);
  return failure ? Shorten(WithoutUrlSecrets(failure->error), kMaxError)
                 : "the failure's record cannot be read";
}

}  // namespace

std::string WithoutUrlSecrets(std::string_view text) {
  std::string shown;
  for (auto mark = text.find("://"); mark != text.npos; mark = text.find("://")) {
    const auto start = SchemeStart(text, mark);
    const auto end = std::min(text.find_first_of(kUrlEnds, mark), text.size());
    shown += text.substr(0, start);
    shown += http::ShownUrl(text.substr(start, end - start));
    text.remove_prefix(end);
  }
  return shown += text;
}

std::string ToJson(const store::DeadLetter& letter) {
  return JsonObject()
      .Text("key", letter.key)
      .Text("queue", letter.queue)
      .Text("submission", letter.submission.Get())
      .Text("state", store::Name(letter.state))
      .Int("attempts", letter.attempts)
      .Int("due", ToMillis(letter.due))
      .Int("changed", ToMillis(letter.changed))
      .Text("error", ErrorOf(letter))
      .Finish();
}

}  // namespace brood::api
