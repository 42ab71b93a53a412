#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "api/parameters.hpp"
#include "api/published_ids.hpp"
#include "api/resources.hpp"
#include "api/sample_name.hpp"
#include "api/submissions_json.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

namespace brood::api {
namespace {

using intake::Accepted;

constexpr auto kOptions = std::to_array<std::string_view>(
    {"options", "package", "timeout", "priority", "machine", "platform", "tags"});
constexpr std::size_t kMaxOption = 1'024;
constexpr std::size_t kMaxKey = 255;

/// The form fields that the sandbox gets with this sample.
Expected<std::map<std::string, std::string>, Refusal> OptionsOf(const Parameters& parameters) {
  std::map<std::string, std::string> options;
  for (const std::string_view name : kOptions) {
    const auto value = parameters.Text(name);
    if (!value) continue;
    if (value->size() > kMaxOption || HasControlCharacters(*value)) {
      return Refuse(400, fmt::format("The parameter '{}' must be at most {} bytes without control characters.",
                                     name, kMaxOption));
    }
    const bool number = name == "timeout" || name == "priority";
    if (number && !ParseInt(*value))
      return Refuse(400, fmt::format("The parameter '{}' must be a number.", name));
    options.emplace(name, *value);
  }
  return options;
}

/// With an Idempotency-Key the same bytes sent again are the same sighting, else each upload is one of its own.
Expected<model::SubmissionId, Refusal> SightingOf(const http::ServerRequest& request,
                                                  const model::SampleHash& sha256) {
  const auto key = http::Find(request.headers, "Idempotency-Key");
  if (!key) return model::DeriveSubmissionId("api/upload/" + RandomHex(32));
  if (key->empty() || key->size() > kMaxKey) {
    return Refuse(400, fmt::format("The header Idempotency-Key must have 1 to {} bytes.", kMaxKey));
  }
  return model::DeriveSubmissionId(fmt::format("api/key/{}/{}", sha256.Get(), *key));
}

/// Everything but the bytes. `id` and `sha256` come with them.
Expected<intake::Request, Refusal> RequestOf(const http::ServerRequest& request) {
  const auto parameters = Parameters::Of(
      request, {"name", "again", "options", "package", "timeout", "priority", "machine", "platform", "tags"});
  if (!parameters) return Unexpected(parameters.error());
  intake::Request wanted;
  wanted.origin = "api";
  wanted.name = CleanName(parameters->Text("name").value_or(""));
  if (wanted.name.empty()) return Refuse(400, "The parameter 'name' must be the file's name.");
  const auto again = parameters->Flag("again");
  if (!again) return Unexpected(again.error());
  if (*again) wanted.known = intake::Request::Known::kAnalyseAgain;
  auto options = OptionsOf(*parameters);
  if (!options) return Unexpected(options.error());
  wanted.options = std::move(*options);
  return wanted;
}

/// Whether the submission is of an earlier sighting.
bool IsAnothers(Accepted::Outcome outcome) {
  return outcome == Accepted::Outcome::kCounted || outcome == Accepted::Outcome::kJoined;
}

Reply Answer(const Accepted& accepted, const model::SampleHash& sha256) {
  const bool created = accepted.outcome == Accepted::Outcome::kNew;
  auto response = Json(ToJson(accepted, sha256), created ? 201 : 200);
  response.headers.emplace_back("Location", "/api/v1/submissions/" + accepted.submission.Get());
  return response;
}

/// POST /api/v1/submissions. Thread-safe.
class Uploads {
 public:
  Uploads(const Ports& ports, const Settings& settings)
      : ports_(ports), max_sample_(settings.max_sample), most_inline_(settings.most_inline) {}

  Reply Take(const http::ServerRequest& request);

 private:
  Expected<Accepted, Refusal> Accept(const intake::Request& request);
  Expected<Accepted, store::StoreError> Revive(intake::Request request, Accepted counted);

  const Ports& ports_;
  const std::uint64_t max_sample_, most_inline_;
  PublishedIds published_;
};

/// Stored, recorded, published, and only then answered.
Reply Uploads::Take(const http::ServerRequest& request) {
  auto wanted = RequestOf(request);
  if (!wanted) return Unexpected(wanted.error());
  if (request.body.empty()) return Refuse(400, "The body must be the sample's bytes; it is empty.");
  if (request.body.size() > max_sample_) {
    return Refuse(413, fmt::format("The sample has over {} bytes (api.max_sample).", max_sample_));
  }
  if (most_inline_ > 0 && request.body.size() > most_inline_) {
    return Refuse(413, fmt::format("The sample has over {} bytes, which is what fits into a message "
                                   "(feed_cuckoo.interop = \"go\", broker.max_message).",
                                   most_inline_));
  }
  const auto sha256 = ports_.samples.Put(request.body);
  if (!sha256) return Refuse(sha256.error());
  const auto id = SightingOf(request, *sha256);
  if (!id) return Unexpected(id.error());
  wanted->sha256 = *sha256;
  wanted->id = *id;
  const auto accepted = Accept(*wanted);
  if (!accepted) return Unexpected(accepted.error());
  if (!accepted->publish.empty()) {
    if (const auto published = ports_.broker.Publish(accepted->publish); !published)
      return Refuse(published.error());
    published_.Add(accepted->submission);
  }
  return Answer(*accepted, *sha256);
}

Expected<Accepted, Refusal> Uploads::Accept(const intake::Request& request) {
  auto accepted = ports_.intake.Accept(request);
  if (accepted && IsAnothers(accepted->outcome)) {
    if (accepted->submission.Get().empty())
      return Refuse(503, "Its analysis has just been given up. Try again.");
    accepted = Revive(request, std::move(*accepted));
  }
  if (!accepted) return Refuse(accepted.error());
  return *accepted;
}

/// What is counted or joined belongs to an earlier submission. If that one may never have got under way,
/// because whoever took it in died or failed before it was published, it is taken in again under its own id.
Expected<Accepted, store::StoreError> Uploads::Revive(intake::Request request, Accepted counted) {
  if (published_.Contains(counted.submission)) return counted;
  const auto record = ports_.store.Submissions().Get(counted.submission);
  if (!record) return Unexpected(record.error());
  if (*record && (*record)->state != model::State::kAccepted) return counted;
  request.id = counted.submission;
  if (*record) {
    request.name = (*record)->name;
    request.origin = (*record)->origin;
    request.options = (*record)->options;
  }
  auto revived = ports_.intake.Accept(request);
  if (revived && *record) revived->outcome = counted.outcome;
  return revived;
}

}  // namespace

void AddUpload(Routes& routes, const Ports& ports, const Settings& settings) {
  routes.Change(
      http::Method::kPost, "/api/v1/submissions",
      [uploads = std::make_shared<Uploads>(ports, settings)](const auto& request, const auto&) {
        return uploads->Take(request);
      },
      Routes::kSampleBody);
}

}  // namespace brood::api
