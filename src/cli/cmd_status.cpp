#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "cli/api_client.hpp"
#include "cli/context.hpp"
#include "cli/json_get.hpp"
#include "cli/table.hpp"
#include "http/url.hpp"

namespace brood::cli {
namespace {

namespace json = boost::json;

void PrintServices(const json::value& status) {
  Table table({"SERVICE", "ALIVE", "IN HAND"});
  for (const auto& service : ListAt(status, "services")) {
    table.Add({TextAt(service, "name"), BoolAt(service, "alive") ? "yes" : "NO",
               std::to_string(IntAt(service, "in_hand"))});
  }
  fmt::print("{}\n", table.Render());
}

void PrintQueues(const json::value& status) {
  Table table({"QUEUE", "WAITING"});
  for (const auto& queue : ListAt(status, "queues")) {
    table.Add({TextAt(queue, "name"), std::to_string(IntAt(queue, "ready"))});
  }
  fmt::print("{}\n", table.Render());
}

void PrintNodes(const json::value& status) {
  Table table({"SANDBOX", "HEALTH", "PENDING", "RUNNING", "TROUBLE"});
  for (const auto& node : ListAt(status, "nodes")) {
    table.Add({TextAt(node, "url"), TextAt(node, "health"), std::to_string(IntAt(node, "pending")),
               std::to_string(IntAt(node, "running")), TextAt(node, "trouble")});
  }
  fmt::print("{}\n", table.Render());
}

void PrintSubmissions(const json::value& status) {
  Table table({"STATE", "SUBMISSIONS"});
  const auto* states = status.get_object().if_contains("submissions");
  if (states != nullptr && states->is_object()) {
    for (const auto& state : states->get_object()) {
      table.Add({std::string(state.key()), std::to_string(IntAt(*states, state.key()))});
    }
  }
  fmt::print("{}", table.Render());
}

int Status(const Context& context, const std::string& id) {
  ApiClient client(context);
  const auto answer =
      client.Get(id.empty() ? "/api/v1/status" : "/api/v1/submissions/" + http::PercentEncode(id));
  if (!answer) return Complain(answer.error());
  if (context.json || !answer->is_object()) {
    fmt::print("{}\n", json::serialize(*answer));
    return kOk;
  }
  if (!id.empty()) {
    for (const auto& member : answer->get_object()) {
      const bool text = member.value().is_string();
      const std::string shown =
          text ? std::string(member.value().get_string()) : json::serialize(member.value());
      fmt::print("{:<12} {}\n", std::string_view(member.key()), Printable(shown));
    }
    return kOk;
  }
  PrintServices(*answer);
  PrintNodes(*answer);
  PrintQueues(*answer);
  PrintSubmissions(*answer);
  return kOk;
}

}  // namespace

void AddStatus(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("status", "What the running brood is doing, or where a submission stands");
  command->footer(
      "Alive, waiting and in hand: what each service and queue holds at this moment.\n"
      "Examples: brood status\n"
      "          brood status 5f0c2b6f0d3e4a1b9c8d7e6f5a4b3c2d");
  auto id = std::make_shared<std::string>();
  command->add_option("SUBMISSION", *id, "A submission's id, as `brood submit --json` prints it");
  command->callback(
      [&context, id] { context.exit_code = context.LoadSettings() ? Status(context, *id) : kUsage; });
}

}  // namespace brood::cli
