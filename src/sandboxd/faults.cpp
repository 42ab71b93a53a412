#include "sandboxd/faults.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"

namespace brood::sandboxd {
namespace {

constexpr std::array<std::pair<std::string_view, Fault>, 11> kNames{{
    {"failed", Fault::kFailed},
    {"recovered", Fault::kRecovered},
    {"no_report", Fault::kNoReport},
    {"missing_from_lists", Fault::kMissingFromLists},
    {"server_error", Fault::kServerError},
    {"cut_report", Fault::kCutReport},
    {"truncated_report", Fault::kTruncatedReport},
    {"slow", Fault::kSlow},
    {"stalled", Fault::kStalled},
    {"never_ends", Fault::kNeverEnds},
    {"lost_answer", Fault::kLostAnswer},
}};

double ShareOf(const Faults& faults, Fault fault) {
  switch (fault) {
    case Fault::kFailed:
      return faults.failed;
    case Fault::kRecovered:
      return faults.recovered;
    case Fault::kNoReport:
      return faults.no_report;
    case Fault::kMissingFromLists:
      return faults.missing_from_lists;
    case Fault::kServerError:
      return faults.server_error;
    case Fault::kCutReport:
      return faults.cut_report;
    case Fault::kTruncatedReport:
      return faults.truncated_report;
    case Fault::kSlow:
      return faults.slow;
    case Fault::kStalled:
      return faults.stalled;
    case Fault::kNeverEnds:
      return faults.never_ends;
    case Fault::kLostAnswer:
      return faults.lost_answer;
  }
  return 0;
}

/// SplitMix64's finish: any change of the input changes about half of the output's bits.
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

void AddNamed(std::string_view text, std::set<Fault>& faults) {
  constexpr std::string_view kKey = "fault=";
  const auto at = text.find(kKey);
  if (at == text.npos) return;
  const std::string_view words = text.substr(at + kKey.size());
  const std::string_view list = words.substr(0, words.find_first_not_of("abcdefghijklmnopqrstuvwxyz_+"));
  for (const std::string_view word : Split(list, '+')) {
    for (const auto& [name, fault] : kNames) {
      if (name == word) faults.insert(fault);
    }
  }
}

}  // namespace

std::set<Fault> AskedFaults(const TaskRequest& request) {
  std::set<Fault> faults;
  AddNamed(request.options, faults);
  if (request.category == TaskRequest::Category::kFile) AddNamed(request.target, faults);
  return faults;
}

bool FaultDice::Asks(Fault fault, const Task& task) const {
  return faults_.on_request && AskedFaults(*task.request).contains(fault);
}

bool FaultDice::Draw(Fault fault, std::uint64_t number) const {
  const double share = ShareOf(faults_, fault);
  if (share <= 0) return false;
  const std::uint64_t drawn = Mix(Mix(seed_ * 31 + static_cast<std::uint64_t>(fault)) + number);
  constexpr double kRange = 18446744073709551616.0;  // 2^64
  return static_cast<double>(drawn) / kRange < share;
}

bool FaultDice::Strikes(Fault fault, const Task& task) const {
  return Asks(fault, task) || Draw(fault, static_cast<std::uint64_t>(task.id));
}

bool FaultDice::StrikesNext(Fault fault, const Task* task) {
  return (task != nullptr && Asks(fault, *task)) || Draw(fault, draws_++);
}

}  // namespace brood::sandboxd
