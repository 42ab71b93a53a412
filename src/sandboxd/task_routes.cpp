#include "base/log.hpp"
#include "base/text.hpp"
#include "sandboxd/answers_json.hpp"
#include "sandboxd/persona.hpp"
#include "sandboxd/routes.hpp"

namespace brood::sandboxd {
namespace {

using http::PathParams;
using http::ServerRequest;
using http::ServerResponse;

constexpr std::int64_t kLatestEpoch =
    253'402'300'799;  // the last second of the year 9999, Python's latest date

/// What a list's query asks for, or the status of the refusal.
Expected<TaskQuery, int> QueryFrom(const ServerRequest& request) {
  TaskQuery query;
  const auto value = [&](std::string_view name) { return http::FindField(request.query, name).value_or(""); };
  if (const auto status = value("status"); !status.empty()) query.state = sandbox::TaskStateFrom(status);
  query.owner = value("owner");
  if (const auto after = value("completed_after"); !after.empty()) {
    query.completed_after = ParseInt(TrimAscii(after));
    if (!query.completed_after || std::abs(*query.completed_after) > kLatestEpoch) return Unexpected(500);
  }
  return query;
}

ServerResponse List(Service& service, const ServerRequest& request, std::string_view limit,
                    std::string_view offset) {
  const Persona persona = service.Manners();
  if (persona == Persona::kCuckoo1) return JsonAnswer(persona, TaskListAnswer(persona, {}));
  auto query = QueryFrom(request);
  if (!query) return ErrorPage(persona, query.error(), request);
  if (!limit.empty()) {
    const auto most = IdFrom(persona, limit), skipped = IdFrom(persona, offset.empty() ? "0" : offset);
    if (!most || !skipped) return ErrorPage(persona, 404, request);
    query->limit = static_cast<std::size_t>(*most);
    query->offset = static_cast<std::size_t>(*skipped);
  }
  return JsonAnswer(persona, TaskListAnswer(persona, service.tasks.List(*query)));
}

ServerResponse View(Service& service, const ServerRequest& request, std::int64_t id) {
  const Persona persona = service.Manners();
  const TaskPtr task = service.tasks.Get(id);
  if (!task) return Refusal(persona, 404, "Task not found", request);
  if (service.faults.StrikesNext(Fault::kServerError, task.get())) return ErrorPage(persona, 500, request);
  return JsonAnswer(persona, TaskAnswer(persona, *task));
}

ServerResponse Delete(Service& service, const ServerRequest& request, std::int64_t id) {
  const Persona persona = service.Manners();
  const auto deleted = service.tasks.Delete(id);
  if (!deleted) {
    log::Error("a task cannot be deleted", {{"task", id}, {"error", deleted.error()}});
    return Refusal(persona, 500, "An error occurred while trying to delete the task", request);
  }
  switch (*deleted) {
    case TaskTable::Deleted::kUnknown:
      return Refusal(persona, 404, "Task not found", request);
    case TaskTable::Deleted::kRunning:
      return Refusal(persona, 500, "The task is currently being processed, cannot delete", request);
    case TaskTable::Deleted::kYes:
      break;
  }
  service.engine.Forget(id);
  return JsonAnswer(persona, OkAnswer(persona));
}

ServerResponse Reschedule(Service& service, const ServerRequest& request, std::int64_t id,
                          const std::string& priority) {
  const Persona persona = service.Manners();
  const auto successor = service.tasks.Reschedule(id, priority);
  if (!successor)
    return Refusal(persona, 500, "An error occurred while trying to reschedule the task", request);
  if (!*successor) return Refusal(persona, 404, "There is no analysis with the specified ID", request);
  // 1.2 does not say the new id.
  const auto told = persona == Persona::kCuckoo1 ? std::nullopt : std::optional((*successor)->id);
  return JsonAnswer(persona, OkAnswer(persona, told));
}

ServerResponse RescheduleAsBefore(Service& service, const ServerRequest& request, std::int64_t id) {
  return Reschedule(service, request, id, "");
}

ServerResponse TasksOfSample(Service& service, const ServerRequest&, std::int64_t id) {
  return JsonAnswer(service.Manners(), TaskListAnswer(service.Manners(), service.tasks.TasksOf(id)));
}

}  // namespace

void AddTaskRoutes(http::Router& router, Service& service) {
  AddRoute(
      router, service, http::Method::kGet, "/tasks/list", "list",
      [&service](const ServerRequest& request, const PathParams&) { return List(service, request, "", ""); });
  AddRoute(router, service, http::Method::kGet, "/tasks/list/{limit}", "list",
           [&service](const ServerRequest& request, const PathParams& path) {
             return List(service, request, path["limit"], "");
           });
  AddRoute(router, service, http::Method::kGet, "/tasks/list/{limit}/{offset}", "list",
           [&service](const ServerRequest& request, const PathParams& path) {
             return List(service, request, path["limit"], path["offset"]);
           });
  AddIdRoute(router, service, "/tasks/view/{id}", "view", View);
  AddIdRoute(router, service, "/tasks/delete/{id}", "delete", Delete);
  AddIdRoute(router, service, "/tasks/reschedule/{id}", "reschedule", RescheduleAsBefore);
  if (service.Manners() == Persona::kCuckoo1) return;
  AddRoute(router, service, http::Method::kGet, "/tasks/reschedule/{id}/{priority}", "reschedule",
           [&service](const ServerRequest& request, const PathParams& path) {
             const auto id = IdFrom(service.Manners(), path["id"]);
             if (!id || !IdFrom(service.Manners(), path["priority"]))
               return ErrorPage(service.Manners(), 404, request);
             return Reschedule(service, request, *id, path["priority"]);
           });
  AddIdRoute(router, service, "/tasks/sample/{id}", "list", TasksOfSample);
}

}  // namespace brood::sandboxd
