#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "base/file.hpp"
#include "base/log.hpp"
#include "sandboxd/answers_json.hpp"
#include "sandboxd/archive.hpp"
#include "sandboxd/persona.hpp"
#include "sandboxd/report_parts.hpp"
#include "sandboxd/routes.hpp"

namespace brood::sandboxd {
namespace {

using http::PathParams;
using http::ServerRequest;
using http::ServerResponse;

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

/// The report's bytes once the task is reported, if it has any.
std::optional<ReportBody> BodyOf(Service& service, const TaskPtr& task) {
  const bool is_there = task && task->state == TaskState::kReported;
  if (!is_there || service.faults.Strikes(Fault::kNoReport, *task)) return std::nullopt;
  auto body = service.engine.Report(*task);
  if (body) return std::move(*body);
  log::Error("a report cannot be given", {{"task", task->id}, {"error", body.error()}});
  return std::nullopt;
}

ServerResponse NotFound(Service& service, const ServerRequest& request) {
  return Refusal(service.Manners(), 404, "Report not found", request);
}

std::string TextOf(const ReportBody& body) {
  return body.text ? *body.text : ReadFile(body.file).value_or(std::string());
}

/// `?elements=` names one member of the report; a report that is damaged is an uncaught exception there.
ServerResponse Element(Service& service, const ServerRequest& request, const ReportBody& body,
                       std::string_view name) {
  const Persona persona = service.Manners();
  const auto part = PartOfReport(persona, TextOf(body), name);
  if (part) return http::Respond(200, *part, "application/json");
  if (part.error() == ReportProblem::kDamaged) return ErrorPage(persona, 500, request);
  return Refusal(persona, 404, fmt::format("'{}' not found", name), request);
}

ServerResponse Report(Service& service, const ServerRequest& request, const TaskPtr& task) {
  const auto body = BodyOf(service, task);
  if (!body) return NotFound(service, request);
  const std::string_view element = http::FindField(request.query, "elements").value_or("");
  const bool knows_elements = service.Manners() != Persona::kCuckoo1;
  if (knows_elements && !element.empty()) return Element(service, request, *body, element);
  return Send(service, request, *task, *body);
}

/// 1.2 looks for `?tar=` in the wrong place, so it always packs with bzip2.
Packing PackingFor(Persona persona, const ServerRequest& request) {
  const std::string_view wanted = http::FindField(request.query, "tar").value_or("");
  if (persona == Persona::kCuckoo1 || (wanted != "gz" && wanted != "tar")) return Packing::kBzip2;
  return wanted == "gz" ? Packing::kGzip : Packing::kNone;
}

ServerResponse Archive(Service& service, const ServerRequest& request, const Task& task,
                       const std::vector<ArchiveMember>& members) {
  const Time modified = task.completed.value_or(task.added);
  return http::Respond(200, MakeArchive(members, modified, PackingFor(service.Manners(), request)),
                       "application/x-tar; charset=UTF-8");
}

/// No engine drops files; an analysis that is unknown is an uncaught exception there.
ServerResponse Dropped(Service& service, const ServerRequest& request, const TaskPtr& task) {
  if (!task || task->state != TaskState::kReported) return ErrorPage(service.Manners(), 500, request);
  return Archive(service, request, *task, {});
}

/// All that lies in the analysis's folder: its report.
ServerResponse All(Service& service, const ServerRequest& request, const TaskPtr& task) {
  const auto body = BodyOf(service, task);
  if (!body) return ErrorPage(service.Manners(), 500, request);
  const std::string text = TextOf(*body);
  return Archive(service, request, *task, {{"reports", std::nullopt}, {"reports/report.json", text}});
}

/// The whole report, as 2.0.7's framework writes JSON.
ServerResponse Summary(Service& service, const ServerRequest& request, std::int64_t id) {
  const auto body = BodyOf(service, service.tasks.Get(id));
  if (!body) return NotFound(service, request);
  const auto summary = SummaryOfReport(service.Manners(), TextOf(*body));
  return summary ? JsonAnswer(service.Manners(), *summary) : ErrorPage(service.Manners(), 500, request);
}

ServerResponse Rereport(Service& service, const ServerRequest& request, std::int64_t id) {
  const Persona persona = service.Manners();
  if (!service.tasks.Get(id)) return Refusal(persona, 404, "Task not found", request);
  return JsonAnswer(persona, SuccessAnswer(persona, service.processing.ReportAgain(id)));
}

ServerResponse InFormat(Service& service, const ServerRequest& request, std::int64_t id,
                        const std::string& format) {
  const TaskPtr task = service.tasks.Get(id);
  if (format.empty() || format == "json") return Report(service, request, task);
  if (format == "dropped") return Dropped(service, request, task);
  if (format == "all") return All(service, request, task);
  for (const char* known : {"html", "htmlsumm", "pdf", "maec", "metadata", "package_files"}) {
    if (format == known) return NotFound(service, request);
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
  if (service.Manners() == Persona::kCuckoo1) return;
  AddIdRoute(router, service, "/tasks/summary/{id}", "report", Summary, Alias::kNone);
  AddIdRoute(router, service, "/tasks/rereport/{id}", "rereport", Rereport, Alias::kNone);
}

}  // namespace brood::sandboxd
