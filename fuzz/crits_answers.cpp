// What a CRITs, or whatever stands at its URL, may answer. The input's first line is the HTTP status, the rest
// the body.
#include "base/text.hpp"
#include "crits/rest/answers_json.hpp"
#include "input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace brood;
  const auto text = fuzz::AsText(data, size);
  const auto line = text.find('\n');
  http::Response response;
  response.status = static_cast<int>(ParseInt(text.substr(0, line)).value_or(200) % 1'000);
  if (line != std::string_view::npos) response.body = text.substr(line + 1);
  const crits::rest::CallName name{"http://crits.test", "add results", Secret("planted-key")};
  const auto answer = crits::rest::ReadAnswer(name, response);
  if (answer) return 0;
  fuzz::Require(answer.error().what.find("planted-key") == std::string::npos, "no key is told");
  fuzz::Require(answer.error().what.find('\n') == std::string::npos, "an error is one line");
  fuzz::Require(answer.error().what.size() < 1'000, "an error is short");
  return 0;
}
