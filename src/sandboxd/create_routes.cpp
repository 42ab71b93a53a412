#include <zlib.h>

#include "base/log.hpp"
#include "sandboxd/answers_json.hpp"
#include "sandboxd/persona.hpp"
#include "sandboxd/routes.hpp"
#include "sandboxd/upload.hpp"

namespace brood::sandboxd {
namespace {

using http::ServerRequest;
using http::ServerResponse;

std::uint32_t Crc32(std::string_view bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// Digests and type are taken once for each content.
Sample DescribeSample(Service& service, std::string_view content) {
  const std::string sha256 = Sha256Hex(content);
  if (const SamplePtr known = service.tasks.FindSample(sha256)) return *known;
  Sample sample;
  sample.digests = DigestAll(content);
  sample.crc32 = Crc32(content);
  sample.size = content.size();
  sample.type = service.engine.TypeOf(content);
  return sample;
}

ServerResponse Problem(Service& service, UploadProblem problem, const ServerRequest& request) {
  const bool is_bad_request = problem == UploadProblem::kNoFile && service.Manners() != Persona::kCuckoo1;
  return ErrorPage(service.Manners(), is_bad_request ? 400 : 500, request);
}

ServerResponse DiskProblem(Service& service, const Error& error, const ServerRequest& request) {
  log::Error("an upload cannot be kept", {{"error", error}});
  return ErrorPage(service.Manners(), 500, request);
}

ServerResponse CreateFile(Service& service, const ServerRequest& request) {
  const Persona persona = service.Manners();
  auto upload = ReadFileUpload(persona, request);
  if (!upload) return Problem(service, upload.error(), request);
  if (IsRefusedSilently(persona, *upload)) return JsonAnswer(persona, TaskIdAnswer(persona, {}));
  const Sample sample = DescribeSample(service, upload->content);
  if (upload->unique && service.tasks.FindSample(sample.digests.sha256) != nullptr) {
    return Refusal(persona, 400, "This file has already been submitted", request);
  }
  if (service.engine.WantsSamples()) {
    const auto kept = service.samples.Put(sample.digests.sha256, upload->content);
    if (!kept) return DiskProblem(service, kept.error(), request);
  }
  const auto task = service.tasks.Create(std::move(upload->request), sample);
  if (!task) return DiskProblem(service, task.error(), request);
  return JsonAnswer(persona, TaskIdAnswer(persona, (*task)->id));
}

ServerResponse CreateUrl(Service& service, const ServerRequest& request) {
  const Persona persona = service.Manners();
  auto upload = ReadUrlUpload(persona, request);
  if (!upload) return Problem(service, upload.error(), request);
  if (upload->request.target.empty() || IsRefusedSilently(persona, *upload)) {
    return JsonAnswer(persona, TaskIdAnswer(persona, {}));
  }
  const auto task = service.tasks.Create(std::move(upload->request), std::nullopt);
  if (!task) return DiskProblem(service, task.error(), request);
  return JsonAnswer(persona, TaskIdAnswer(persona, (*task)->id));
}

}  // namespace

void AddCreateRoutes(http::Router& router, Service& service) {
  AddRoute(router, service, http::Method::kPost, "/tasks/create/file", "create",
           [&service](const ServerRequest& request, const http::PathParams&) {
             return CreateFile(service, request);
           });
  AddRoute(router, service, http::Method::kPost, "/tasks/create/url", "create",
           [&service](const ServerRequest& request, const http::PathParams&) {
             return CreateUrl(service, request);
           });
}

}  // namespace brood::sandboxd
