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

}  // namespace

SubmitBinary::SubmitBinary(intake::Intake& intake, samples::SampleStore& samples, metrics::Registry& metrics)
    : intake_(intake),
      samples_(samples),
      new_(metrics.GetCounter("brood_submit_binary_files_total", "Files taken in.", {{"outcome", "new"}})),
      counted_(
          metrics.GetCounter("brood_submit_binary_files_total", "Files taken in.", {{"outcome", "known"}})) {}

std::vector<Fate> SubmitBinary::Handle(std::span<const broker::Message> batch, const stage::Turn&) {
  std::vector<Fate> fates;
  for (const broker::Message& message : batch) fates.push_back(HandleOne(message));
  return fates;
}

Fate SubmitBinary::HandleOne(const broker::Message& message) {
  const std::filesystem::path path(message.body);
  const auto hash = samples_.PutFile(path);
  if (!hash) return NotRead(message, hash.error());
  CrashPoint("submit_binary.sample_stored");
  intake::Request request;
  request.id = model::DeriveSubmissionId(message.headers.at("sighting") + "\n" + hash->Get());
  request.sha256 = *hash;
  request.name = path.filename().string();
  request.origin = "folder";
  auto accepted = intake_.Accept(request);
  if (!accepted) {
    log::Warning("a file cannot be taken in yet", {{"file", path.string()}, {"why", accepted.error()}});
    return Hold{kTryAgainAfter, Describe(accepted.error()), {}};
  }
  const bool counted = accepted->outcome == Accepted::Outcome::kCounted;
  (counted ? counted_ : new_).Add();
  log::Debug(counted ? "a known file was counted" : "a file was taken in",
             {{"file", path.string()}, {"sample", hash->Get()}, {"submission", accepted->submission.Get()}});
  return Done{std::move(accepted->publish)};
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
