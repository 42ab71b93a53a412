#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/reach_engine.hpp"
#include "cli/table.hpp"
#include "store/opensearch/indices.hpp"

namespace brood::cli {
namespace {

namespace json = boost::json;
using store::opensearch::Engine;
using store::opensearch::Gone;
using store::opensearch::IndexStatus;
using store::opensearch::Indices;
using store::opensearch::Made;
using store::opensearch::Mapping;
using store::opensearch::Mappings;

/// The engine of `[store]` and those of the six indices that the command line names, all where it names none.
struct Wanted {
  Wanted(const Context& context, const std::vector<std::string>& names)
      : engine(context.settings.store, MakeEngineClient(context.settings.store), clock, metrics, {}) {
    for (const Mapping& mapping : Mappings()) {
      const bool named = std::ranges::find(names, mapping.index) != names.end();
      if (names.empty() || named) mappings.push_back(&mapping);
    }
  }

  SystemClock clock;
  metrics::Registry metrics;
  Engine engine;
  Indices indices{engine};
  std::vector<const Mapping*> mappings;
};

/// The value, or the command ends with the store's sentence.
template <class T>
T Must(store::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().what);
  return std::move(*result);
}

void Tell(const Context& context, const std::string& name, std::string_view became) {
  if (context.json) {
    fmt::print("{}\n", json::serialize(json::object{{"index", name}, {"became", became}}));
  } else {
    fmt::print("{}: {}\n", name, became);
  }
}

int Create(const Context& context, const std::vector<std::string>& names) {
  Wanted wanted(context, names);
  for (const Mapping* mapping : wanted.mappings) {
    const Made made = Must(wanted.indices.Create(*mapping));
    Tell(context, wanted.indices.NameOf(mapping->index), made == Made::kNow ? "created" : "was there");
  }
  return kOk;
}

int Delete(const Context& context, const std::vector<std::string>& names) {
  Wanted wanted(context, names);
  for (const Mapping* mapping : wanted.mappings) {
    const Gone gone = Must(wanted.indices.Delete(*mapping));
    Tell(context, wanted.indices.NameOf(mapping->index), gone == Gone::kNow ? "deleted" : "was not there");
  }
  return kOk;
}

void PrintJson(const std::vector<IndexStatus>& statuses) {
  for (const IndexStatus& status : statuses) {
    fmt::print("{}\n", json::serialize(json::object{{"index", status.name},
                                                    {"exists", status.exists},
                                                    {"health", status.health},
                                                    {"documents", status.documents},
                                                    {"bytes", status.bytes}}));
  }
}

void PrintTable(const std::string& version, const std::vector<IndexStatus>& statuses) {
  Table table({"INDEX", "HEALTH", "DOCUMENTS", "SIZE"});
  for (const IndexStatus& status : statuses) {
    if (!status.exists) {
      table.Add({status.name, "missing", "", ""});
    } else {
      table.Add({status.name, status.health, std::to_string(status.documents), HumanBytes(status.bytes)});
    }
  }
  fmt::print("{}\n{}", version, table.Render());
}

int Status(const Context& context, const std::vector<std::string>& names) {
  Wanted wanted(context, names);
  const std::string version = Must(wanted.indices.Version());
  std::vector<IndexStatus> statuses;
  for (const Mapping* mapping : wanted.mappings) statuses.push_back(Must(wanted.indices.Status(*mapping)));
  if (context.json) {
    PrintJson(statuses);
  } else {
    PrintTable(version, statuses);
  }
  const bool usable = std::ranges::all_of(
      statuses, [](const IndexStatus& status) { return status.exists && status.health != "red"; });
  return usable ? kOk : kFailed;
}

using Work = int (*)(const Context&, const std::vector<std::string>&);

int Run(Context& context, Work work, const std::vector<std::string>& names) {
  if (!context.LoadSettings()) return kUsage;
  if (context.settings.store.kind == store::opensearch::Kind::kSqlite) {
    fmt::print(stderr,
               "store.kind is \"sqlite\": the embedded store has no indices, it makes its tables itself\n");
    return kUsage;
  }
  return work(context, names);
}

CLI::App* AddWork(CLI::App& indices, Context& context, const char* name, const char* about, const char* example,
                  Work work) {
  CLI::App* command = indices.add_subcommand(name, about);
  command->footer(fmt::format("Example: brood indices {}", example));
  auto names = std::make_shared<std::vector<std::string>>();
  std::vector<std::string> known;
  for (const Mapping& mapping : Mappings()) known.emplace_back(mapping.index);
  command->add_option("INDEX", *names, "These alone, by their names without a prefix (default: all six)")
      ->check(CLI::IsMember(known));
  command->callback([&context, work, names] { context.exit_code = Run(context, work, *names); });
  return command;
}

}  // namespace

void AddIndices(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("indices", "Makes, deletes and shows the indices in OpenSearch");
  command->require_subcommand(1);
  command->footer(
      "queue, hashes, cuckoo, blacklist, whitelist and third_party_blacklist, each behind store.index_prefix; "
      "no "
      "other\nindex is touched. `brood run` and each service make what is missing as well.\n"
      "Example: brood indices status");
  AddWork(*command, context, "create", "Makes those that are not there", "create", &Create);
  CLI::App* remove = AddWork(*command, context, "delete", "Deletes them with every record in them",
                             "delete --yes queue", &Delete);
  remove
      ->add_flag_callback(
          "--yes", [] {}, "It is really meant: what is deleted is gone")
      ->required();
  AddWork(*command, context, "status", "How they stand, how much is in them; 1 if one is missing or red",
          "status", &Status);
}

}  // namespace brood::cli
