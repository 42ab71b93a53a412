#include <filesystem>

#include "base/base64.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "sandboxd/persona.hpp"
#include "sandboxd/routes.hpp"

namespace brood::sandboxd {
namespace {

using http::PathParams;
using http::ServerRequest;
using http::ServerResponse;

/// A tar without members, packed with bzip2: what 2.0.7 answers for an analysis without dropped files.
constexpr std::string_view kEmptyTarBz2 = "QlpoOTFBWSZTWVl7uOQAABRQAMAABAAACCAAMMwFKaYTYieLuSKcKEgsvdxyAA==";

std::size_t SizeOf(const ReportBody& body) {
  if (body.text) return body.text->size();
  std::error_code error;
  const auto size = std::filesystem::file_size(body.file, error);
  return error ? 0 : static_cast<std::size_t>(size);
}

/// The document ends early, but the answer is as long as it says.
void Truncate(ServerResponse& response, std::size_t size) {
  if (response.shared_body) {
    response.body = response.shared_body->substr(0, size);
  } else {
    response.body = ReadFile(response.file).value_or("").substr(0, size);
  }
  response.shared_body = nullptr;
  response.file.clear();
}

ServerResponse Send(Service& service, const ServerRequest& request, const Task& task, const ReportBody& body) {
  const Persona persona = service.Manners();
  FaultDice& faults = service.faults;
  if (faults.StrikesNext(Fault::kServerError, &task)) return ErrorPage(persona, 500, request);
  ServerResponse response;
  response.headers = {
      {"Content-Type", persona == Persona::kCuckoo1 ? "text/html; charset=UTF-8" : "application/json"}};
  response.shared_body = body.text;
  response.file = body.file;
  const std::size_t middle = SizeOf(body) / 2;
  if (faults.StrikesNext(Fault::kTruncatedReport, &task)) Truncate(response, middle);
  if (faults.StrikesNext(Fault::kCutReport, &task)) response.delivery.cut_after = middle;
  if (faults.StrikesNext(Fault::kSlow, &task)) response.delivery.delay = faults.SlowFor();
  if (faults.StrikesNext(Fault::kStalled, &task)) {
    response.delivery.stall_after = middle;
    response.delivery.stall = faults.SlowFor();
  }
  return response;
}

ServerResponse Report(Service& service, const ServerRequest& request, const TaskPtr& task) {
  const Persona persona = service.Manners();
  const bool is_there = task && task->state == TaskState::kReported;
  if (!is_there || service.faults.Strikes(Fault::kNoReport, *task)) {
    return Refusal(persona, 404, "Report not found", request);
  }
  const auto body = service.engine.Report(*task);
  if (body) return Send(service, request, *task, *body);
  log::Error("a report cannot be given", {{"task", task->id}, {"error", body.error()}});
  return Refusal(persona, 404, "Report not found", request);
}

/// No engine drops files; an analysis that is unknown is an uncaught exception there.
ServerResponse Dropped(Service& service, const ServerRequest& request, const TaskPtr& task) {
  if (!task || task->state != TaskState::kReported) return ErrorPage(service.Manners(), 500, request);
  return http::Respond(200, *DecodeBase64(kEmptyTarBz2), "application/x-tar; charset=UTF-8");
}

ServerResponse InFormat(Service& service, const ServerRequest& request, std::int64_t id,
                        const std::string& format) {
  const TaskPtr task = service.tasks.Get(id);
  if (format.empty() || format == "json") return Report(service, request, task);
  if (format == "dropped") return Dropped(service, request, task);
  for (const char* known : {"html", "htmlsumm", "pdf", "maec", "metadata", "all", "package_files"}) {
    if (format == known) return Refusal(service.Manners(), 404, "Report not found", request);
  }
  return Refusal(service.Manners(), 400, "Invalid report format", request);
}

}  // namespace

void AddReportRoutes(http::Router& router, Service& service) {
  for (const char* pattern : {"/tasks/report/{id}", "/tasks/report/{id}/{format}"}) {
    const bool has_format = std::string_view(pattern).ends_with("{format}");
    AddRoute(router, service, http::Method::kGet, pattern, "report",
             [&service, has_format](const ServerRequest& request, const PathParams& path) {
               const auto id = IdFrom(service.Manners(), path["id"]);
               if (!id) return ErrorPage(service.Manners(), 404, request);
               return InFormat(service, request, *id, has_format ? path["format"] : std::string());
             });
  }
}

}  // namespace brood::sandboxd
