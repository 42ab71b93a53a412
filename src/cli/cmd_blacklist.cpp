#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/clock.hpp"
#include "cli/api_client.hpp"
#include "cli/context.hpp"
#include "cli/json_get.hpp"
#include "cli/table.hpp"
#include "http/url.hpp"

namespace brood::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::string type, value, reason;
  std::int64_t limit = 100;
};

int List(const Context& context, const Options& options) {
  ApiClient client(context);
  const auto answer = client.Get(
      fmt::format("/api/v1/blacklist?type={}&limit={}", http::PercentEncode(options.type), options.limit));
  if (!answer) return Complain(answer.error());
  if (context.json) {
    for (const auto& entry : ListAt(*answer, "items")) fmt::print("{}\n", json::serialize(entry));
    return kOk;
  }
  Table table({"TYPE", "VALUE", "SCORE", "SINCE", "ORIGIN", "REASONS"});
  for (const auto& entry : ListAt(*answer, "items")) {
    table.Add({TextAt(entry, "type"), TextAt(entry, "value"), fmt::format("{:.1f}", RealAt(entry, "score")),
               FormatUtc(FromMillis(IntAt(entry, "last_change"))), TextAt(entry, "origin"),
               ReasonsLine(ListAt(entry, "reasons"), 2)});
  }
  fmt::print("{}", table.Render());
  if (!TextAt(*answer, "next").empty())
    fmt::print("More than {} entries; --limit shows more.\n", options.limit);
  return kOk;
}

int Change(const Context& context, const Options& options, http::Method method) {
  ApiClient client(context);
  json::object body;
  if (!options.reason.empty()) body["reason"] = options.reason;
  const auto answer = client.Send(method,
                                  fmt::format("/api/v1/blacklist/{}/{}", http::PercentEncode(options.type),
                                              http::PercentEncode(options.value)),
                                  method == http::Method::kPut ? json::serialize(body) : "");
  if (!answer) return Complain(answer.error());
  const bool on = method == http::Method::kPut;
  if (context.json) {
    const json::object line{{"type", options.type}, {"value", options.value}, {"blacklisted", on}};
    fmt::print("{}\n", json::serialize(line));
    return kOk;
  }
  fmt::print("{} {} is {} the blacklist\n", Printable(options.type), Printable(options.value),
             on ? "on" : "off");
  return kOk;
}

void AddChange(CLI::App& blacklist, Context& context, const char* name, const char* about,
               http::Method method) {
  CLI::App* command = blacklist.add_subcommand(name, about);
  auto options = std::make_shared<Options>();
  command->footer(fmt::format("Example: brood blacklist {} hash 44d88612fea8a8f36de82e1278abb02f", name));
  command->add_option("TYPE", options->type, "What the value is: hash, ip, domain or url")->required();
  command->add_option("VALUE", options->value, "For type hash the MD5; else the address, domain or URL itself")
      ->required();
  if (method == http::Method::kPut) command->add_option("--reason", options->reason, "Why, for other people");
  command->callback([&context, options, method] {
    context.exit_code = context.LoadSettings() ? Change(context, *options, method) : kUsage;
  });
}

}  // namespace

void AddBlacklist(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("blacklist", "Shows the blacklist; adds and removes entries");
  command->footer(
      "Examples: brood blacklist --type hash --limit 1000\n"
      "          brood blacklist --json | jq -r .value");
  auto options = std::make_shared<Options>();
  command->add_option("--type", options->type, "Only entries of this type");
  command->add_option("--limit", options->limit, "Entries at most")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  AddChange(*command, context, "add", "Puts a value on the blacklist", http::Method::kPut);
  AddChange(*command, context, "remove", "Takes a value off the blacklist", http::Method::kDelete);
  command->callback([&context, command, options] {
    if (!command->get_subcommands().empty()) return;
    context.exit_code = context.LoadSettings() ? List(context, *options) : kUsage;
  });
}

}  // namespace brood::cli
