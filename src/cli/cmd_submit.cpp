#include <fmt/format.h>

#include <chrono>
#include <map>
#include <optional>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "cli/api_client.hpp"
#include "cli/context.hpp"
#include "cli/json_get.hpp"
#include "cli/submit_files.hpp"
#include "cli/table.hpp"
#include "http/url.hpp"

namespace brood::cli {
namespace {

namespace json = boost::json;

struct Options {
  std::vector<std::string> files;
  bool wait = false;
  bool again = false;
  double timeout_s = 600;
};

struct Sent {
  std::string file;
  json::value answer;  ///< of the upload; null if it failed
  std::string problem;
  bool lost = false;  ///< brood did not answer
};

bool IsFinal(const std::string& state) { return state == "scored" || state == "failed"; }

Sent UploadOne(ApiClient& client, const Candidate& candidate, const Options& options) {
  const std::string file = candidate.file.string();
  if (!candidate.problem.empty()) return {file, nullptr, candidate.problem};
  std::string path = "/api/v1/submissions?name=" + http::PercentEncode(candidate.file.filename().string());
  if (options.again) path += "&again=1";
  auto answer = client.Upload(path, candidate.file);
  if (answer) return {file, std::move(*answer), ""};
  return {file, nullptr, Describe(answer.error()), answer.error().kind == ErrorKind::kTransient};
}

std::vector<Sent> UploadAll(ApiClient& client, const Options& options) {
  const auto candidates = FilesToSubmit(options.files);
  std::vector<Sent> all;
  Progress progress("submitting");
  for (const Candidate& candidate : candidates) {
    progress.Show(all.size(), candidates.size());
    all.push_back(UploadOne(client, candidate, options));
    if (all.back().lost) break;  // the others would wait for the same answer
  }
  return all;
}

/// The submissions' records by id, waiting until all are final or the time is over.
Expected<std::map<std::string, json::value>, Error> Follow(ApiClient& client, const std::vector<Sent>& all,
                                                           const Options& options) {
  std::map<std::string, json::value> records;
  for (const Sent& sent : all) {
    if (sent.problem.empty()) records[TextAt(sent.answer, "submission")] = nullptr;
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(options.timeout_s);
  std::optional<Progress> progress;
  if (options.wait) progress.emplace("analysed");
  for (;;) {
    std::size_t final = 0;
    for (auto& [id, record] : records) {
      if (!IsFinal(TextAt(record, "state"))) {
        auto answer = client.Get("/api/v1/submissions/" + id);
        if (!answer) return Unexpected(answer.error());
        record = std::move(*answer);
      }
      if (IsFinal(TextAt(record, "state"))) ++final;
    }
    if (progress) progress->Show(final, records.size());
    if (!options.wait || final == records.size() || std::chrono::steady_clock::now() > end) return records;
    std::this_thread::sleep_for(Millis{200});
  }
}

std::vector<std::string> RowOf(const Sent& sent, const json::value& record) {
  if (!sent.problem.empty()) return {sent.file, "", "refused", "", "", sent.problem};
  std::string state = TextAt(record, "state");
  const bool scored = state == "scored";
  std::string why = ReasonsLine(ListAt(record, "reasons"), 2);
  if (state == "failed") why = TextAt(record, "stage") + ": " + TextAt(record, "reason");
  const std::string outcome = TextAt(sent.answer, "outcome");
  if (outcome == "counted" || outcome == "joined") state += ", counted";
  return {sent.file,
          TextAt(sent.answer, "sha256").substr(0, 16),
          state,
          scored ? fmt::format("{:.1f}", RealAt(record, "score")) : "",
          scored ? (BoolAt(record, "blacklisted") ? "yes" : "no") : "",
          why};
}

void PrintJson(const std::vector<Sent>& all, const std::map<std::string, json::value>& records) {
  for (const Sent& sent : all) {
    json::object line{{"file", sent.file}};
    if (sent.problem.empty()) {
      line["outcome"] = TextAt(sent.answer, "outcome");
      line["submission"] = records.at(TextAt(sent.answer, "submission"));
    } else {
      line["error"] = sent.problem;
    }
    fmt::print("{}\n", json::serialize(line));
  }
}

void PrintTable(const std::vector<Sent>& all, const std::map<std::string, json::value>& records) {
  Table table({"FILE", "SHA-256", "STATE", "SCORE", "BLACKLISTED", "REASONS"});
  for (const Sent& sent : all) {
    table.Add(
        RowOf(sent, sent.problem.empty() ? records.at(TextAt(sent.answer, "submission")) : json::value()));
  }
  fmt::print("{}", table.Render());
}

/// kOk: every file was accepted and, with --wait, analysed.
int ExitCode(const std::vector<Sent>& all, const std::map<std::string, json::value>& records,
             const Options& options) {
  for (const Sent& sent : all) {
    if (sent.lost) return kUnreachable;
  }
  for (const Sent& sent : all) {
    if (!sent.problem.empty()) return kFailed;
    if (options.wait && TextAt(records.at(TextAt(sent.answer, "submission")), "state") != "scored")
      return kFailed;
  }
  return kOk;
}

/// Until the API answers: with --wait `brood run` may have been started just before.
Expected<void, Error> WaitForApi(const Context& context, double timeout_s) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_s);
  for (;;) {
    auto status = ApiClient(context).Get("/api/v1/status");
    if (status) return {};
    if (std::chrono::steady_clock::now() > end) return Unexpected(status.error());
    std::this_thread::sleep_for(Millis{100});
  }
}

int Submit(const Context& context, const Options& options) {
  const double patience = options.wait ? std::min(options.timeout_s, 30.0) : 0;
  if (auto ready = WaitForApi(context, patience); !ready) return Complain(ready.error());
  ApiClient client(context);
  const auto all = UploadAll(client, options);
  const auto records = Follow(client, all, options);
  if (!records) return Complain(records.error());
  context.json ? PrintJson(all, *records) : PrintTable(all, *records);
  return ExitCode(all, *records, options);
}

}  // namespace

void AddSubmit(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("submit", "Hands files to the running brood");
  command->footer(
      "A folder means every file in it and below; links, pipes and empty files are refused one by one.\n"
      "Content that was analysed before is counted and its verdict shown; --again has it analysed once more.\n"
      "The same content again while it is analysed waits for the one result (outcome \"joined\" with --json).\n"
      "Examples: brood submit --wait suspicious.exe\n"
      "          brood submit --json incoming/ > submitted.jsonl\n"
      "Exit code 0: every file was accepted and, with --wait, analysed.");
  auto options = std::make_shared<Options>();
  command->add_option("FILE", options->files, "Files to analyse, and folders of files")->required();
  command->add_flag("--wait", options->wait, "Wait for the verdicts and print them");
  command->add_flag("--again", options->again, "Analyse known content once more");
  command->add_option("--timeout", options->timeout_s, "Seconds that --wait waits at most")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->callback(
      [&context, options] { context.exit_code = context.LoadSettings() ? Submit(context, *options) : kUsage; });
}

}  // namespace brood::cli
