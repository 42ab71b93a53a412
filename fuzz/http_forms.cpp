// What a request may hold besides JSON. The input's first line is the Content-Type of the rest; the whole input
// is also read as form fields, as an escaped text and as a URL.
#include "http/multipart.hpp"
#include "http/target.hpp"
#include "http/url.hpp"
#include "input.hpp"

namespace brood::fuzz {
namespace {

void ReadForm(std::string_view content_type, std::string_view body) {
  const auto parts = http::ParseMultipart(content_type, body);
  if (!parts) {
    Require(!parts.error().empty(), "a refusal says why");
    return;
  }
  for (const auto& part : *parts) {
    Require(part.data.data() >= body.data() && part.data.data() + part.data.size() <= body.data() + body.size(),
            "a part lies within the body");
    Require(http::FindPart(*parts, part.name) != nullptr, "a part is found by its name");
  }
}

void ReadFields(std::string_view text) {
  const auto fields = http::ParseFields(text);
  if (!fields) return;
  Require(http::ParseFields(http::EncodeFields(*fields)) == fields, "encoded fields read back as they were");
}

void ReadUrl(std::string_view text) {
  (void)http::ShownUrl(text);
  const auto url = http::ParseUrl(text);
  if (!url) return;
  Require(url->path.starts_with('/'), "a URL's path begins with a slash");
  const auto joined = http::ParseUrl(http::JoinUrl(text, "/tasks/view/1"));
  Require(url->query.empty() ? joined.has_value() : true, "a path can be put behind a URL");
}

}  // namespace
}  // namespace brood::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace brood;
  const auto text = fuzz::AsText(data, size);
  const auto line = text.find('\n');
  if (line != std::string_view::npos) fuzz::ReadForm(text.substr(0, line), text.substr(line + 1));
  fuzz::ReadFields(text);
  fuzz::ReadUrl(text);
  fuzz::Require(http::PercentDecode(http::PercentEncode(text)) == text, "an escaped text reads back");
  http::ServerRequest request;
  request.target = text;
  (void)http::ReadTarget(request);
  return 0;
}
