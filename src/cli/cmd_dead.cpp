#include <fmt/format.h>

#include <functional>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/api_client.hpp"
#include "cli/context.hpp"
#include "cli/dead_desk.hpp"
#include "cli/json_get.hpp"
#include "cli/table.hpp"

namespace brood::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kShownId = 12;
constexpr std::size_t kKeyDigits = 64;
constexpr std::size_t kPage = 1'000;

struct Options {
  std::vector<std::string> ids;
  bool all = false, yes = false;
  std::string queue, state, reason;
  std::size_t limit = 100;
};

std::string Short(const json::value& letter, std::string_view key) {
  return TextAt(letter, key).substr(0, kShownId);
}

/// Why the letter is there: the reason of whoever dropped it, else the failure's.
std::string WhyOf(const json::value& letter) {
  if (auto note = TextAt(letter, "note"); !note.empty()) return note;
  const auto what = TextAt(letter, "what"), error = TextAt(letter, "error");
  if (what.empty() || error.empty() || what == error) return what + error;
  return what + ": " + error;
}

std::string NumberAt(const json::value& letter, std::string_view key) {
  const auto number = IntAt(letter, key);
  return number == 0 ? "" : std::to_string(number);
}

/// The letters are overseer's, so an overseer.conf.json counts where there is no brood.toml.
bool LoadSettings(Context& context) {
  context.service = "overseer";
  return context.LoadSettings();
}

// ---- list

/// Newest first; what is dead before what is tried again.
Expected<std::vector<json::value>, Error> Listed(DeadDesk& desk, const Options& options) {
  std::vector<std::string> states{options.state == "all" ? "" : options.state};
  if (options.state.empty()) states = {"dead", "delayed"};
  std::vector<json::value> letters;
  for (const std::string& state : states) {
    const std::size_t left = options.limit - std::min(options.limit, letters.size());
    if (left == 0) break;
    const auto answer = desk.List({.state = state, .queue = options.queue, .size = left});
    if (!answer) return Unexpected(answer.error());
    for (const auto& letter : ListAt(*answer, "items")) letters.push_back(letter);
  }
  return letters;
}

int List(const Context& context, const Options& options) {
  auto desk = OpenDesk(context);
  if (!desk) return Complain(desk.error());
  const auto letters = Listed(**desk, options);
  if (!letters) return Complain(letters.error());
  if (context.json) {
    for (const auto& letter : *letters) fmt::print("{}\n", json::serialize(letter));
    return kOk;
  }
  Table table({"ID", "SINCE", "STATE", "QUEUE", "SUBMISSION", "SHA-256", "TASK", "FAILED", "REASON"});
  for (const auto& letter : *letters) {
    table.Add({Short(letter, "key"), FormatUtc(FromMillis(IntAt(letter, "changed"))), TextAt(letter, "state"),
               TextAt(letter, "queue"), Short(letter, "submission"), Short(letter, "sha256"),
               NumberAt(letter, "task"), NumberAt(letter, "attempts"), Shorten(WhyOf(letter), 120)});
  }
  fmt::print("{}", table.Render());
  if (letters->size() == options.limit)
    fmt::print("There may be more than {}; --limit shows more.\n", options.limit);
  return kOk;
}

// ---- one letter

/// The whole key of the one letter whose key begins so.
Expected<std::string, Error> KeyOf(DeadDesk& desk, const std::string& id) {
  const std::string key = LowerAscii(id);
  const bool hex = key.find_first_not_of("0123456789abcdef") == key.npos;
  if (key.empty() || key.size() > kKeyDigits || !hex) {
    return Unexpected(Permanent(
        fmt::format("'{}' is no dead letter's id: that has hex digits, see `brood dead list`", Printable(id))));
  }
  if (key.size() == kKeyDigits) return key;
  const auto answer = desk.List({.key_prefix = key, .size = 2});
  if (!answer) return Unexpected(answer.error());
  const auto& letters = ListAt(*answer, "items");
  if (letters.size() == 1) return TextAt(letters[0], "key");
  if (letters.empty()) return Unexpected(Permanent(fmt::format("there is no dead letter {}", key)));
  return Unexpected(Permanent(fmt::format("more than one dead letter begins with {}", key)));
}

void PrintLetter(const json::value& letter) {
  const auto row = [](std::string_view label, const std::string& value) {
    if (!value.empty()) fmt::print("{:<12} {}\n", label, Printable(value));
  };
  const std::string state = TextAt(letter, "state");
  row("id", TextAt(letter, "key"));
  row("state", state);
  row("since", FormatUtc(FromMillis(IntAt(letter, "changed"))));
  if (state == "delayed") row("goes back", FormatUtc(FromMillis(IntAt(letter, "due"))));
  row("dropped", TextAt(letter, "note"));
  for (const char* key : {"queue", "stage", "kind", "what", "error"}) row(key, TextAt(letter, key));
  row("failed", NumberAt(letter, "attempts") + " times");
  for (const char* key : {"submission", "sha256", "name", "node"}) row(key, TextAt(letter, key));
  row("task", NumberAt(letter, "task"));
  row("analysis", TextAt(letter, "analysis"));
  if (const auto* message = letter.as_object().if_contains("message"))
    row("message", json::serialize(*message));
}

int Show(const Context& context, const Options& options) {
  auto desk = OpenDesk(context);
  if (!desk) return Complain(desk.error());
  const auto key = KeyOf(**desk, options.ids.front());
  if (!key) return Complain(key.error());
  const auto letter = (*desk)->Show(*key);
  if (!letter) return Complain(letter.error());
  if (context.json) {
    fmt::print("{}\n", json::serialize(*letter));
  } else {
    PrintLetter(*letter);
  }
  return kOk;
}

// ---- retry, drop

using Change = std::function<DeadDesk::Answer(DeadDesk&, const std::string& key)>;

/// What the command line names, or with --all every letter that is dead.
Expected<std::vector<std::string>, Error> Named(DeadDesk& desk, const Options& options) {
  if (!options.all) return options.ids;
  std::vector<std::string> keys;
  LetterQuery query{.state = "dead", .queue = options.queue, .size = kPage};
  do {
    const auto answer = desk.List(query);
    if (!answer) return Unexpected(answer.error());
    for (const auto& letter : ListAt(*answer, "items")) keys.push_back(TextAt(letter, "key"));
    query.after = TextAt(*answer, "next");
  } while (!query.after.empty());
  return keys;
}

std::string SentenceFor(const json::value& letter) {
  const std::string state = TextAt(letter, "state"), id = Short(letter, "key");
  if (state == "delayed") return fmt::format("{} goes back to {} now", id, TextAt(letter, "queue"));
  if (state == "sent") return fmt::format("{} is back on {} already", id, TextAt(letter, "queue"));
  return fmt::format("{} is dropped: {}", id, TextAt(letter, "note"));
}

DeadDesk::Answer ChangeOne(DeadDesk& desk, const std::string& id, const Change& change) {
  const auto key = KeyOf(desk, id);
  if (!key) return Unexpected(key.error());
  return change(desk, *key);
}

void Tell(const Context& context, const std::string& id, const DeadDesk::Answer& answer) {
  if (context.json) {
    const json::value line = answer ? *answer : json::object{{"key", id}, {"error", Describe(answer.error())}};
    fmt::print("{}\n", json::serialize(line));
  } else if (answer) {
    fmt::print("{}\n", Printable(SentenceFor(*answer)));
  } else {
    fmt::print(stderr, "brood: {}: {}\n", Printable(id), Describe(answer.error()));
  }
}

int ChangeAll(const Context& context, const Options& options, const Change& change) {
  auto desk = OpenDesk(context);
  if (!desk) return Complain(desk.error());
  const auto named = Named(**desk, options);
  if (!named) return Complain(named.error());
  int code = kOk;
  std::vector<std::pair<std::string, DeadDesk::Answer>> answers;
  {
    Progress progress("dead letters");
    for (const std::string& id : *named) {
      progress.Show(answers.size(), named->size());
      answers.emplace_back(id, ChangeOne(**desk, id, change));
      if (answers.back().second) continue;
      const bool lost = answers.back().second.error().kind == ErrorKind::kTransient;
      code = lost ? kUnreachable : std::max(code, kFailed);
      if (lost) break;  // the others would wait for the same answer
    }
  }
  for (const auto& [id, answer] : answers) Tell(context, id, answer);
  if (options.all && answers.empty() && !context.json) fmt::print("There is no dead letter.\n");
  return code;
}

// ---- the command line

std::shared_ptr<Options> AddChange(CLI::App& command, Context& context,
                                   std::function<Change(const Options&)> change) {
  auto options = std::make_shared<Options>();
  auto* ids =
      command.add_option("ID", options->ids, "Ids, or their beginnings, as `brood dead list` prints them");
  auto* all = command.add_flag("--all", options->all, "Every letter that is dead")->excludes(ids);
  command.add_option("--queue", options->queue, "With --all: only those of this queue")->needs(all);
  command.callback([&context, &command, options, change = std::move(change)] {
    if (options->ids.empty() && !options->all) {
      fmt::print(stderr, "brood dead {}: name ids, or say --all; see --help\n", command.get_name());
      context.exit_code = kUsage;
      return;
    }
    context.exit_code = LoadSettings(context) ? ChangeAll(context, *options, change(*options)) : kUsage;
  });
  return options;
}

void AddList(CLI::App& dead, Context& context) {
  CLI::App* command = dead.add_subcommand("list", "Which messages failed, and why");
  command->footer(
      "Without --state: what is dead (given up) and what is delayed (tried again after a wait).\n"
      "Examples: brood dead list\n"
      "          brood dead list --queue worker/parse_and_submit --json | jq -r .key");
  auto options = std::make_shared<Options>();
  command->add_option("--state", options->state, "Only letters of this state, or all")
      ->check(CLI::IsMember({"dead", "delayed", "sent", "dropped", "all"}));
  command->add_option("--queue", options->queue, "Only letters of this queue");
  command->add_option("--limit", options->limit, "Letters at most")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command->callback(
      [&context, options] { context.exit_code = LoadSettings(context) ? List(context, *options) : kUsage; });
}

void AddShow(CLI::App& dead, Context& context) {
  CLI::App* command = dead.add_subcommand("show", "Everything about one of them, without keys");
  command->footer("Example: brood dead show 5e884898da28");
  auto options = std::make_shared<Options>();
  command->add_option("ID", options->ids, "Its id, or the beginning of it")->required()->expected(1);
  command->callback(
      [&context, options] { context.exit_code = LoadSettings(context) ? Show(context, *options) : kUsage; });
}

void AddRetry(CLI::App& dead, Context& context) {
  CLI::App* command = dead.add_subcommand("retry", "Has messages sent again, with a fresh count");
  command->footer(
      "overseer sends them, at once if it runs; their dumps are removed then. What waits for its next try is "
      "sent at\n"
      "once as well. Saying it twice is saying it once.\n"
      "Examples: brood dead retry 5e884898da28\n"
      "          brood dead retry --all --queue worker/parse_and_submit");
  AddChange(*command, context, [](const Options&) {
    return [](DeadDesk& desk, const std::string& key) { return desk.Retry(key); };
  });
}

void AddDrop(CLI::App& dead, Context& context) {
  CLI::App* command =
      dead.add_subcommand("drop", "Forgets messages for good; the letter and the reason are kept");
  command->footer(
      "Only what is dead. The message is forgotten, in the records and in the dump folder: no retry brings it "
      "back.\n"
      "Examples: brood dead drop 5e884898da28 --reason 'a test of ours'\n"
      "          brood dead drop --all --queue worker/cleanup --yes --reason 'that sandbox is gone'");
  const auto options = AddChange(*command, context, [](const Options& given) {
    return [&given](DeadDesk& desk, const std::string& key) { return desk.Drop(key, given.reason); };
  });
  command->add_option("--reason", options->reason, "Why, for other people")->required();
  auto* yes = command->add_flag("--yes", options->yes, "Needed with --all: yes, all of them");
  command->get_option("--all")->needs(yes);
}

}  // namespace

void AddDead(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("dead", "Messages that failed: shows them, has them sent again, drops them");
  command->require_subcommand(1);
  command->footer(
      "Asks the running brood. Where the services run each alone there is none: then it works on the state "
      "folder of\n"
      "the overseer, whose settings it reads (brood.toml, --config, or overseer.conf.json).\n"
      "Examples: brood dead list\n"
      "          brood dead retry --all");
  AddList(*command, context);
  AddShow(*command, context);
  AddRetry(*command, context);
  AddDrop(*command, context);
}

}  // namespace brood::cli
