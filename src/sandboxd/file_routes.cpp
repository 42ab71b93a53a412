#include "base/digest.hpp"
#include "sandboxd/answers_json.hpp"
#include "sandboxd/persona.hpp"
#include "sandboxd/routes.hpp"

namespace brood::sandboxd {
namespace {

using http::PathParams;
using http::ServerRequest;
using http::ServerResponse;

ServerResponse ViewSample(Service& service, const ServerRequest& request, const SamplePtr& sample) {
  const Persona persona = service.Manners();
  if (!sample) return Refusal(persona, 404, "File not found", request);
  return JsonAnswer(persona, SampleAnswer(persona, *sample, service.tasks.TasksOf(sample->id)));
}

ServerResponse GetFile(Service& service, const ServerRequest& request, const std::string& sha256) {
  if (!IsHex(sha256, 64) || !service.samples.Has(sha256)) {
    return Refusal(service.Manners(), 404, "File not found", request);
  }
  ServerResponse response;
  response.headers = {{"Content-Type", "application/octet-stream; charset=UTF-8"}};
  response.file = service.samples.PathOf(sha256);
  return response;
}

/// Nothing is captured and nothing shows on a screen.
void AddAbsent(http::Router& router, Service& service, const std::string& pattern, std::string_view message) {
  AddRoute(router, service, http::Method::kGet, pattern, "files",
           [&service, message](const ServerRequest& request, const PathParams&) {
             return Refusal(service.Manners(), 404, message, request);
           });
}

}  // namespace

void AddFileRoutes(http::Router& router, Service& service) {
  AddRoute(router, service, http::Method::kGet, "/files/view/sha256/{hash}", "files",
           [&service](const ServerRequest& request, const PathParams& path) {
             return ViewSample(service, request, service.tasks.FindSample(path["hash"]));
           });
  AddRoute(router, service, http::Method::kGet, "/files/view/md5/{hash}", "files",
           [&service](const ServerRequest& request, const PathParams& path) {
             return ViewSample(service, request, service.tasks.FindSampleByMd5(path["hash"]));
           });
  AddRoute(router, service, http::Method::kGet, "/files/view/id/{id}", "files",
           [&service](const ServerRequest& request, const PathParams& path) {
             const auto id = IdFrom(service.Manners(), path["id"]);
             return id ? ViewSample(service, request, service.tasks.GetSample(*id))
                       : ErrorPage(service.Manners(), 404, request);
           });
  AddRoute(router, service, http::Method::kGet, "/files/get/{hash}", "files",
           [&service](const ServerRequest& request, const PathParams& path) {
             return GetFile(service, request, path["hash"]);
           });
  AddAbsent(router, service, "/pcap/get/{id}", "File not found");
  AddAbsent(router, service, "/tasks/screenshots/{id}", "Task not found");
}

}  // namespace brood::sandboxd
