#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "cli/context.hpp"
#include "cli/feeds_service.hpp"
#include "cli/open_store.hpp"
#include "cli/signals.hpp"
#include "cli/table.hpp"
#include "feeds/overview.hpp"
#include "feeds/shipped.hpp"
#include "store/result.hpp"

namespace brood::cli {
namespace {

namespace json = boost::json;
using feeds::ListState;
using feeds::Outcome;

struct Options {
  std::string category, source;
  bool force = false, all = false;

  [[nodiscard]] bool Has(const std::string& of_category, const std::string& of_source) const {
    return (category.empty() || category == of_category) && (source.empty() || source == of_source);
  }
};

/// The lists of this installation: its store, whoever else works on it, and what updates them.
struct Desk {
  explicit Desk(const Context& context)
      : store(OpenStore(context.settings, clock, metrics)),
        feeds(context.settings.feeds, *store, metrics, clock) {}

  /// Those that `options` chooses.
  std::vector<ListState> States(const Options& options) {
    auto states = feeds::Overview(store->Lists(), feeds.Updater().Sources());
    if (!states) throw std::runtime_error(states.error().what);
    std::erase_if(*states, [&](const ListState& state) { return !options.Has(state.category, state.source); });
    return std::move(*states);
  }

  SystemClock clock;
  metrics::Registry metrics;
  std::unique_ptr<store::Store> store;
  FeedsService feeds;
};

std::string When(Time time) { return time == Time{} ? "never" : FormatUtc(time); }

std::string_view StateOf(const ListState& state) {
  if (!state.configured) return "not configured";
  if (!state.trouble.empty()) return "failing";
  return state.looked == Time{} ? "not asked yet" : "up to date";
}

json::object ToJson(const ListState& state) {
  return {{"category", state.category},         {"source", state.source},
          {"configured", state.configured},     {"entries", state.entries},
          {"fetched", ToMillis(state.fetched)}, {"looked", ToMillis(state.looked)},
          {"skipped", state.skipped},           {"trouble", state.trouble}};
}

int List(Context& context, const Options& options) {
  const auto states = Desk(context).States(options);
  if (context.json) {
    for (const ListState& state : states) fmt::print("{}\n", json::serialize(ToJson(state)));
    return kOk;
  }
  if (states.empty()) {
    fmt::print("No third-party list is configured or in force. `brood feeds shipped` names some.\n");
    return kOk;
  }
  Table table({"CATEGORY", "ENTRIES", "FETCHED", "STATE", "SOURCE"});
  for (const ListState& state : states) {
    table.Add({state.category, std::to_string(state.entries), When(state.fetched), std::string(StateOf(state)),
               state.source});
  }
  fmt::print("{}", table.Render());
  for (const ListState& state : states) {
    if (!state.trouble.empty()) fmt::print("{}: {}\n", Printable(state.source), Printable(state.trouble));
  }
  return kOk;
}

std::string_view Name(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::kReplaced:
      return "updated";
    case Outcome::Kind::kUnchanged:
      return "unchanged";
    case Outcome::Kind::kFailed:
      return "failed";
    case Outcome::Kind::kStopped:
      break;
  }
  return "stopped";
}

void Tell(const Context& context, const Outcome& outcome) {
  if (context.json) {
    const json::object line{
        {"category", outcome.source.category}, {"source", outcome.source.url}, {"became", Name(outcome.kind)},
        {"entries", outcome.entries},          {"before", outcome.before},     {"skipped", outcome.skipped},
        {"trouble", outcome.trouble}};
    fmt::print("{}\n", json::serialize(line));
    return;
  }
  const std::string list =
      fmt::format("{} {}", Printable(outcome.source.category), Printable(outcome.source.url));
  if (outcome.kind == Outcome::Kind::kFailed) {
    fmt::print(stderr, "brood: {}: {}; the {} former entries stay\n", list, Printable(outcome.trouble),
               outcome.before);
    return;
  }
  const std::string skipped = outcome.skipped == 0 ? "" : fmt::format(", {} lines skipped", outcome.skipped);
  fmt::print("{}: {}, {} entries{}\n", list, Name(outcome.kind), outcome.entries, skipped);
  std::fflush(stdout);
}

int Update(Context& context, const Options& options) {
  log::Configure(log::Level::kError, "");  // this command tells itself what becomes of each
  Desk desk(context);
  std::vector<feeds::Source> wanted;
  for (const feeds::Source& source : desk.feeds.Updater().Sources()) {
    if (options.Has(source.category, source.url)) wanted.push_back(source);
  }
  if (wanted.empty()) {
    fmt::print(
        stderr,
        "brood: no such list is configured; `brood feeds shipped` names some, and how to turn them on\n");
    return kFailed;
  }
  const auto shrunken = options.force ? feeds::Shrunken::kTaken : feeds::Shrunken::kRefused;
  const auto outcomes = desk.feeds.Updater().Update(wanted, shrunken, {},
                                                    [&](const Outcome& outcome) { Tell(context, outcome); });
  const auto failed = [](const Outcome& outcome) { return outcome.kind == Outcome::Kind::kFailed; };
  return std::ranges::any_of(outcomes, failed) ? kFailed : kOk;
}

int Clear(Context& context, const Options& options) {
  if (!options.all && options.category.empty() && options.source.empty()) {
    fmt::print(stderr, "brood: name a category (or --source), or say --all\n");
    return kUsage;
  }
  Desk desk(context);
  auto states = desk.States(options);
  std::erase_if(states, [](const ListState& state) { return state.entries == 0; });
  if (states.empty()) {
    fmt::print(stderr, "brood: there is no such list in force\n");
    return kFailed;
  }
  const auto gone = feeds::Clear(desk.store->Lists(), states, desk.clock.Now());
  if (!gone) throw std::runtime_error(gone.error().what);
  for (const ListState& state : states) {
    if (context.json) {
      fmt::print("{}\n",
                 json::serialize(json::object{
                     {"category", state.category}, {"source", state.source}, {"entries", state.entries}}));
    } else {
      fmt::print("{} {}: {} entries are out of force{}\n", Printable(state.category), Printable(state.source),
                 state.entries, state.configured ? " until its next update" : "");
    }
  }
  return kOk;
}

int Watch(Context& context, const Options& /*options*/) {
  Desk desk(context);
  if (!desk.feeds.HasLists()) {
    fmt::print(stderr, "brood: no list is configured in [feeds]\n");
    return kUsage;
  }
  desk.feeds.Start();
  log::Info("the service runs", {{"stage", "feeds"}, {"lists", desk.feeds.Updater().Sources().size()}});
  WaitForStop([&] { return !desk.feeds.Schedule().Alive(); });
  desk.feeds.Schedule().RequestStop();
  desk.feeds.Schedule().Join();
  log::Info("the service has stopped", {{"stage", "feeds"}});
  return kOk;
}

int Shipped(Context& context, const Options& /*options*/) {
  if (!context.json) {
    fmt::print("{}", feeds::ShippedSourcesText());
    return kOk;
  }
  for (const feeds::ShippedSource& shipped : feeds::ShippedSources()) {
    const json::object line{
        {"name", shipped.name}, {"category", shipped.source.category}, {"source", shipped.source.url}};
    fmt::print("{}\n", json::serialize(line));
  }
  return kOk;
}

using Work = int (*)(Context&, const Options&);

CLI::App* Add(CLI::App& feeds, Context& context, const char* name, const char* about, Work work,
              const std::shared_ptr<Options>& options) {
  CLI::App* command = feeds.add_subcommand(name, about);
  command->callback([&context, options, work] {
    context.exit_code = context.LoadSettings() ? work(context, *options) : kUsage;
  });
  return command;
}

void AddChoice(CLI::App& command, const std::shared_ptr<Options>& options) {
  command.add_option("CATEGORY", options->category, "Only lists of this category");
  command.add_option("--source", options->source, "Only the list from this URL");
}

}  // namespace

void AddFeeds(CLI::App& app, Context& context) {
  CLI::App* feeds =
      app.add_subcommand("feeds", "Third-party lists of known bad addresses: shows and updates them");
  feeds->footer(
      "`brood run` updates them as [feeds] of brood.toml says. Rules ask for them by category, with the key\n"
      "3rd_party_blacklist. A change is effective within a second.\n"
      "Examples: brood feeds\n"
      "          brood feeds update 'C&C'");
  const auto options = std::make_shared<Options>();
  CLI::App* list = Add(*feeds, context, "list", "Shows the lists: entries, where from, when", &List, options);
  AddChoice(*list, options);
  list->footer("Example: brood feeds list --json");
  CLI::App* update = Add(*feeds, context, "update", "Fetches the lists now", &Update, options);
  AddChoice(*update, options);
  update->add_flag("--force", options->force, "Take a list also if it has shrunk or is empty");
  update->footer(
      "A list is swapped in whole or not at all; a download that fails leaves the former one in force.\n"
      "Exit code 1 if one fails.\n"
      "Example: brood feeds update 'C&C' --force");
  CLI::App* clear = Add(*feeds, context, "clear", "Takes the entries of lists out of force", &Clear, options);
  AddChoice(*clear, options);
  clear->add_flag("--all", options->all, "All lists");
  clear->footer(
      "A list that is configured comes back with its next update: take it out of brood.toml as well.\n"
      "Example: brood feeds clear 'C&C'");
  CLI::App* watch =
      Add(*feeds, context, "watch", "Updates the lists on schedule, as a service of its own", &Watch, options);
  watch->footer(
      "For sites where the services run each alone: `brood run` does it itself. Runs until SIGTERM or Ctrl-C.\n"
      "Example: brood feeds watch --config /etc/brood/brood.toml");
  context.waiting.push_back(watch);
  Add(*feeds, context, "shipped", "Shows the well-known lists that ship, and how to turn them on", &Shipped,
      options)
      ->footer("Example: brood feeds shipped");
  feeds->callback([&context, feeds, options] {
    if (!feeds->get_subcommands().empty()) return;
    context.exit_code = context.LoadSettings() ? List(context, *options) : kUsage;
  });
}

}  // namespace brood::cli
