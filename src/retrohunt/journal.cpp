#include "retrohunt/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/file.hpp"
#include "model/json_text.hpp"

namespace brood::retrohunt {
namespace {

namespace json = boost::json;

// A line is one of these, a blank, and a JSON list or a key in hex.
constexpr char kHeading = 'H', kNoted = 'N', kSame = 's', kSpared = 'x', kStandpoint = 'P';
constexpr std::int64_t kFormat = 1;

/// Appends the items of a JSON list and ends the line.
class Line {
 public:
  Line(std::string& out, char kind) : out_(out) { (out_ += kind) += " ["; }
  ~Line() { out_ += "]\n"; }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  template <class T>
  Line& Add(const T& item) {
    if (out_.back() != '[') out_ += ',';
    model::AppendJson(out_, item);
    return *this;
  }
  Line& Text(std::string_view text) { return Add(text); }
  Line& Number(std::uint64_t number) { return Add(static_cast<std::int64_t>(number)); }

 private:
  std::string& out_;
};

/// The list of a line; empty if it is none.
json::array ListOf(std::string_view line) {
  boost::system::error_code error;
  json::value value = json::parse(line.substr(2), error);
  return error || !value.is_array() ? json::array() : std::move(value.get_array());
}

bool AreTexts(const json::array& items, std::initializer_list<std::size_t> places) {
  return std::ranges::all_of(places, [&](std::size_t i) { return items[i].is_string(); });
}
bool AreNumbers(const json::array& items, std::initializer_list<std::size_t> places) {
  return std::ranges::all_of(places, [&](std::size_t i) { return items[i].is_int64(); });
}
std::uint64_t Count(const json::value& number) { return static_cast<std::uint64_t>(number.get_int64()); }

std::optional<Heading> HeadingFrom(std::string_view line) {
  const json::array items = ListOf(line);
  if (items.size() != 3 || !AreNumbers(items, {0, 1}) || !AreTexts(items, {2})) return std::nullopt;
  if (items[0].get_int64() != kFormat) return std::nullopt;
  return Heading{FromMillis(items[1].get_int64()), std::string(items[2].get_string())};
}

std::optional<Standpoint> StandpointFrom(std::string_view line) {
  const json::array items = ListOf(line);
  if (items.size() != 5 || !AreTexts(items, {0}) || !AreNumbers(items, {2, 3, 4}) || !items[1].is_bool())
    return std::nullopt;
  return Standpoint{std::string(items[0].get_string()), items[1].get_bool(), Count(items[2]), Count(items[3]),
                    Count(items[4])};
}

std::optional<Noted> NotedFrom(std::string_view line) {
  const json::array items = ListOf(line);
  if (items.size() != 6 || !AreTexts(items, {0, 1, 2, 4}) || !items[3].is_double() || !items[5].is_bool())
    return std::nullopt;
  Noted noted;
  noted.entry.type = items[0].get_string();
  noted.entry.value = items[1].get_string();
  noted.entry.sha256 = items[2].get_string();
  noted.entry.score = items[3].get_double();
  noted.entry.reasons = items[4].get_string();
  noted.stood = items[5].get_bool();
  return noted;
}

bool IsOfKind(std::string_view line, char kind) { return line.size() > 2 && line[0] == kind && line[1] == ' '; }

}  // namespace

Error Journal::Trouble(std::string_view what) const {
  return Transient(fmt::format("{} {}", what, file_.string()), std::strerror(errno));
}

Expected<Journal, Error> Journal::Open(const std::filesystem::path& file) {
  Journal journal(file, UniqueFd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0600)));
  if (!journal.fd_) return Unexpected(journal.Trouble("cannot open the retro-hunt's journal"));
  if (::flock(journal.fd_.Get(), LOCK_EX | LOCK_NB) != 0)
    return Unexpected(journal.Trouble("another retro-hunt is at work with the journal"));
  return journal;
}

Expected<std::optional<Journal::Kept>, Error> Journal::Read() {
  std::ifstream in(file_, std::ios::binary);
  std::optional<Kept> kept;
  std::optional<Heading> heading;
  std::uint64_t at = 0, end = 0;
  for (std::string line; std::getline(in, line) && !in.eof();) {
    at += line.size() + 1;
    if (!heading) {
      if (!IsOfKind(line, kHeading) || !(heading = HeadingFrom(line))) break;
    } else if (IsOfKind(line, kStandpoint)) {
      auto standpoint = StandpointFrom(line);
      if (!standpoint) break;
      kept = Kept{*heading, std::move(*standpoint)};
      end = at;
    }
  }
  if (kept && ::ftruncate(fd_.Get(), static_cast<off_t>(end)) != 0)
    return Unexpected(Trouble("cannot shorten the retro-hunt's journal"));
  return kept;
}

Expected<void, Error> Journal::Begin(const Heading& heading) {
  pending_.clear();
  if (::ftruncate(fd_.Get(), 0) != 0) return Unexpected(Trouble("cannot empty the retro-hunt's journal"));
  Line(pending_, kHeading).Add(kFormat).Add(ToMillis(heading.started)).Text(heading.basis);
  return Commit({});
}

void Journal::Note(const Noted& noted) {
  const store::BlacklistEntry& entry = noted.entry;
  Line(pending_, kNoted)
      .Text(entry.type)
      .Text(entry.value)
      .Text(entry.sha256)
      .Add(entry.score)
      .Text(entry.reasons)
      .Add(noted.stood);
}

void Journal::NoteSame(std::string_view key_in_hex) { pending_ += fmt::format("{} {}\n", kSame, key_in_hex); }

void Journal::NoteSpared(std::string_view key_in_hex) {
  pending_ += fmt::format("{} {}\n", kSpared, key_in_hex);
}

Expected<void, Error> Journal::Commit(const Standpoint& standpoint) {
  Line(pending_, kStandpoint)
      .Text(standpoint.next)
      .Add(standpoint.all_read)
      .Number(standpoint.reports)
      .Number(standpoint.unreadable)
      .Number(standpoint.doubtful);
  if (!WriteAll(fd_.Get(), pending_)) return Unexpected(Trouble("cannot write the retro-hunt's journal"));
  pending_.clear();
  return {};
}

Expected<void, Error> Journal::Replay(const Reader& reader) const {
  std::ifstream in(file_, std::ios::binary);
  for (std::string line; std::getline(in, line);) {
    const std::string_view key = std::string_view(line).substr(std::min<std::size_t>(line.size(), 2));
    if (IsOfKind(line, kSame) && reader.same) reader.same(key);
    if (IsOfKind(line, kSpared) && reader.spared) reader.spared(key);
    if (!IsOfKind(line, kNoted) || !reader.noted) continue;
    auto noted = NotedFrom(line);
    if (!noted) return Unexpected(Permanent("a line of the retro-hunt's journal is damaged", file_.string()));
    if (auto done = reader.noted(std::move(*noted)); !done) return done;
  }
  if (in.bad()) return Unexpected(Trouble("cannot read the retro-hunt's journal"));
  return {};
}

void Journal::Remove() {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

}  // namespace brood::retrohunt
