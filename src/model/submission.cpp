#include "model/submission.hpp"

#include <fmt/format.h>

#include <array>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace brood::model {
namespace {

struct StateRow {
  State state;
  std::string_view name;
  int rank;
};

// A late report wins over a failure of the same attempt, so scored ranks above failed.
constexpr std::array kStates = {
    StateRow{State::kAccepted, "accepted", 10}, StateRow{State::kFeeding, "feeding", 20},
    StateRow{State::kFed, "fed", 30},           StateRow{State::kStored, "stored", 60},
    StateRow{State::kFailed, "failed", 80},     StateRow{State::kScored, "scored", 90},
};
constexpr std::string_view kMarkerPrefix = "brood:";
constexpr std::size_t kCustomMax = 255;

const StateRow& RowOf(State state) { return kStates[static_cast<std::size_t>(state)]; }

std::string PrintableAscii(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 0x20 && c < 0x7F ? c : '?';
  return out;
}

}  // namespace

std::string_view Name(State state) { return RowOf(state).name; }

std::optional<State> StateFrom(std::string_view name) {
  for (const StateRow& row : kStates) {
    if (row.name == name) return row.state;
  }
  return std::nullopt;
}

std::int64_t Submission::Version() const { return std::int64_t{attempt} * 100 + RowOf(state).rank; }

std::string ToText(const Run& run) { return fmt::format("{}/{}", ToMillis(run.fed_at), run.id); }

std::optional<Run> RunFrom(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto millis = ParseInt(text.substr(0, slash));
  if (!millis) return std::nullopt;
  return Run{FromMillis(*millis), std::string(text.substr(slash + 1))};
}

std::string ToText(const Marker& marker) {
  return fmt::format("{}{}:{}", kMarkerPrefix, marker.submission.Get(), marker.attempt);
}

std::string MarkedCustom(std::string_view user_text, const Marker& marker) {
  if (MarkerFrom(user_text)) user_text = TrimAscii(user_text.substr(0, user_text.rfind(kMarkerPrefix)));
  std::string tail = ToText(marker);
  if (user_text.empty()) return tail;
  return PrintableAscii(user_text.substr(0, kCustomMax - tail.size() - 1)) + " " + tail;
}

std::optional<Marker> MarkerFrom(std::string_view custom) {
  const auto at = custom.rfind(kMarkerPrefix);
  if (at == std::string_view::npos) return std::nullopt;
  const auto parts = Split(custom.substr(at + kMarkerPrefix.size()), ':');
  if (parts.size() != 2 || !IsHex(parts[0], 32)) return std::nullopt;
  const auto attempt = ParseInt(parts[1]);
  if (!attempt || *attempt < 0 || *attempt > 1'000'000) return std::nullopt;
  return Marker{SubmissionId{std::string(parts[0])}, static_cast<int>(*attempt)};
}

std::string OwnerOf(const SubmissionId& submission) { return "brood-" + submission.Get(); }

SubmissionId DeriveSubmissionId(std::string_view what_names_it) {
  return SubmissionId{Sha256Hex(what_names_it).substr(0, 32)};
}

}  // namespace brood::model
