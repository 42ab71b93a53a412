#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/file.hpp"
#include "cli/api_client.hpp"
#include "cli/context.hpp"
#include "cli/json_get.hpp"
#include "cli/table.hpp"
#include "feeds/shipped.hpp"
#include "feeds/whitelist_text.hpp"
#include "http/url.hpp"

namespace brood::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::string kind = "subnet", value, owner;
};

struct LoadOptions {
  std::filesystem::path file;
  std::string owner;
  bool shipped = false;
};

constexpr std::size_t kMaxFile = std::size_t{64} << 20;

int List(const Context& context) {
  ApiClient client(context);
  const auto answer = client.Get("/api/v1/whitelist");
  if (!answer) return Complain(answer.error());
  if (context.json) {
    for (const auto& entry : ListAt(*answer, "items")) fmt::print("{}\n", json::serialize(entry));
    return kOk;
  }
  Table table({"KIND", "VALUE", "OWNER"});
  for (const auto& entry : ListAt(*answer, "items")) {
    table.Add({TextAt(entry, "kind"), TextAt(entry, "value"), TextAt(entry, "owner")});
  }
  fmt::print("{}", table.Render());
  return kOk;
}

enum class Listed { kOn, kOff };

int Tell(const Context& context, const Options& options, const Expected<json::value, Error>& answer,
         Listed listed) {
  if (!answer) return Complain(answer.error());
  const bool on = listed == Listed::kOn;
  if (context.json) {
    const json::object line{{"kind", options.kind}, {"value", options.value}, {"whitelisted", on}};
    fmt::print("{}\n", json::serialize(line));
    return kOk;
  }
  fmt::print("{} {} is {} the whitelist\n", options.kind, Printable(options.value), on ? "on" : "off");
  return kOk;
}

int Add(const Context& context, const Options& options) {
  const json::object body{{"kind", options.kind}, {"value", options.value}, {"owner", options.owner}};
  const auto answer = ApiClient(context).Send(http::Method::kPost, "/api/v1/whitelist", json::serialize(body));
  return Tell(context, options, answer, Listed::kOn);
}

int Remove(const Context& context, const Options& options) {
  const auto answer = ApiClient(context).Send(
      http::Method::kDelete,
      fmt::format("/api/v1/whitelist?kind={}&value={}", options.kind, http::PercentEncode(options.value)));
  return Tell(context, options, answer, Listed::kOff);
}

/// The file's entries; every bad line goes to standard error.
std::optional<std::vector<store::WhitelistEntry>> Read(const LoadOptions& options) {
  const auto text = ReadFile(options.file, kMaxFile);
  if (!text) {
    fmt::print(stderr, "brood: {}\n", Describe(text.error()));
    return std::nullopt;
  }
  auto entries = feeds::ReadWhitelist(options.file.string(), *text, options.owner);
  if (entries) return std::move(*entries);
  fmt::print(stderr, "{}", rules::FormatProblems(entries.error()));
  return std::nullopt;
}

int Load(const Context& context, const LoadOptions& options) {
  if (options.shipped == !options.file.empty()) {
    fmt::print(stderr, "brood: name a file, or say --default\n");
    return kUsage;
  }
  const auto entries = options.shipped ? std::optional(feeds::ShippedWhitelist()) : Read(options);
  if (!entries) return kFailed;
  ApiClient client(context);
  for (const store::WhitelistEntry& entry : *entries) {
    const json::object body{{"kind", store::Name(entry.kind)}, {"value", entry.value}, {"owner", entry.owner}};
    const auto answer = client.Send(http::Method::kPost, "/api/v1/whitelist", json::serialize(body));
    if (!answer) return Complain(answer.error());
  }
  if (context.json) {
    fmt::print("{}\n", json::serialize(json::object{{"loaded", entries->size()}}));
  } else {
    fmt::print("{} entries are on the whitelist\n", entries->size());
  }
  return kOk;
}

void AddLoad(CLI::App& whitelist, Context& context) {
  CLI::App* command = whitelist.add_subcommand("load", "Puts every value of a file on the whitelist");
  command->footer(
      "One value a line, then its owner; # begins a comment. A line that is wrong is told, and nothing is "
      "loaded.\n"
      "Examples: brood whitelist load ours.txt --owner head-office\n"
      "          brood whitelist load --default");
  auto options = std::make_shared<LoadOptions>();
  command->add_option("FILE", options->file, "The file")->check(CLI::ExistingFile);
  command->add_option("--owner", options->owner, "The owner of values whose line names none");
  command->add_flag("--default", options->shipped, "The whitelist that ships, in place of a file");
  command->callback(
      [&context, options] { context.exit_code = context.LoadSettings() ? Load(context, *options) : kUsage; });
}

void AddChange(CLI::App& whitelist, Context& context, const char* name, const char* about,
               int (*change)(const Context&, const Options&)) {
  CLI::App* command = whitelist.add_subcommand(name, about);
  command->footer(fmt::format("Example: brood whitelist {} 192.168.0.0/16", name));
  auto options = std::make_shared<Options>();
  command->add_option("VALUE", options->value, "A subnet in CIDR, a hash or a domain")->required();
  command->add_option("--kind", options->kind, "What the value is")
      ->check(CLI::IsMember({"subnet", "hash", "domain"}))
      ->capture_default_str();
  if (change == &Add) command->add_option("--owner", options->owner, "Whose it is, for other people");
  command->callback([&context, options, change] {
    context.exit_code = context.LoadSettings() ? change(context, *options) : kUsage;
  });
}

}  // namespace

void AddWhitelist(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("whitelist", "Shows the whitelist; adds and removes entries");
  command->footer(
      "A change is effective within a second.\nExample: brood whitelist add 192.168.0.0/16 --owner private");
  AddChange(*command, context, "add", "Puts a value on the whitelist", &Add);
  AddChange(*command, context, "remove", "Takes a value off the whitelist", &Remove);
  AddLoad(*command, context);
  command->callback([&context, command] {
    if (!command->get_subcommands().empty()) return;
    context.exit_code = context.LoadSettings() ? List(context) : kUsage;
  });
}

}  // namespace brood::cli
