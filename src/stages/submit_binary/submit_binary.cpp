#include "stages/submit_binary/submit_binary.hpp"

#include "base/crash_point.hpp"
#include "base/log.hpp"
#include "model/submission.hpp"
#include "stages/submit_binary/candidate.hpp"

namespace brood::stages::submit_binary {

using intake::Accepted;
using stage::Done;
using stage::Fate;
using stage::Hold;

namespace {

// A file is never given up: it stays in its folder, and is ours, until it could be taken in.
constexpr Millis kTryAgainAfter{5'000};

intake::Request RequestFor(const broker::Message& message, const model::SampleHash& hash) {
  intake::Request request;
  request.id = model::DeriveSubmissionId(message.headers.at("sighting") + "\n" + hash.Get());
  request.sha256 = hash;
  request.name = std::filesystem::path(message.body).filename().string();
  request.origin = "folder";
  return request;
}

}  // namespace

SubmitBinary::SubmitBinary(intake::Intake& intake, samples::SampleStore& samples, metrics::Registry& metrics)
    : intake_(intake),
      samples_(samples),
      new_(metrics.GetCounter("brood_submit_binary_files_total", "Files taken in.", {{"outcome", "new"}})),
      counted_(
          metrics.GetCounter("brood_submit_binary_files_total", "Files taken in.", {{"outcome", "known"}})) {}

std::vector<Fate> SubmitBinary::Handle(std::span<const broker::Message> batch, const stage::Turn&) {
  std::vector<std::filesystem::path> files;
  for (const broker::Message& message : batch) files.emplace_back(message.body);
  const auto hashes = samples_.PutFiles(files);
  CrashPoint("submit_binary.sample_stored");
  std::vector<intake::Request> requests;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (hashes[i]) requests.push_back(RequestFor(batch[i], *hashes[i]));
  }
  const auto accepted = intake_.AcceptAll(requests);
  std::vector<Fate> fates;
  for (std::size_t i = 0, next = 0; i < batch.size(); ++i) {
    fates.push_back(hashes[i] ? TakenIn(batch[i], accepted[next++]) : NotRead(batch[i], hashes[i].error()));
  }
  return fates;
}

Fate SubmitBinary::TakenIn(const broker::Message& message, const intake::Intake::Answer& accepted) {
  if (!accepted) {
    const Error why = store::ToError(accepted.error());
    log::Warning("a file cannot be taken in yet", {{"file", message.body}, {"why", why}});
    return Hold{kTryAgainAfter, brood::Describe(why), {}};
  }
  using Outcome = Accepted::Outcome;
  const bool counted = accepted->outcome == Outcome::kCounted || accepted->outcome == Outcome::kJoined;
  (counted ? counted_ : new_).Add();
  log::Debug(counted ? "a known file was counted" : "a file was taken in",
             {{"file", message.body}, {"submission", accepted->submission.Get()}});
  return Done{accepted->publish};
}

/// A file that is gone, or is another one by now, is let go: the source deletes only the very file it took.
Fate SubmitBinary::NotRead(const broker::Message& message, const samples::SampleError& error) {
  const std::filesystem::path path(message.body);
  const auto facts = FactsOf(path);
  if (!facts || SightingOf(path, *facts) != message.headers.at("sighting")) {
    log::Info("a file went away before it was taken in", {{"file", path.string()}});
    return Done{};
  }
  log::Warning("a file cannot be taken in yet", {{"file", path.string()}, {"why", error.what}});
  return Hold{kTryAgainAfter, error.what, {}};
}

}  // namespace brood::stages::submit_binary
