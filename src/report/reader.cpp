#include "report/reader.hpp"

#include <fmt/format.h>

#include <string>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/assemble.hpp"
#include "report/harvest.hpp"
#include "report/scanner.hpp"
#include "report/walker.hpp"

namespace brood::report {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kShownBytes = 80;

/// Bytes of a report, fit for a log line.
std::string Show(std::string_view bytes) {
  std::string shown = Shorten(MakeUtf8(bytes), kShownBytes);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return shown;
}

}  // namespace

struct Reader::State {
  explicit State(const Limits& given)
      : limits(given),
        harvest(limits, notes),
        walker(harvest, notes, limits),
        scanner(walker, limits, BestMaskFunction()) {}

  enum class Begin { kOpen, kFound, kForeign };

  void FindBegin(std::string_view& chunk);
  [[nodiscard]] Expected<void, Error> Check() const;

  Limits limits;
  Notes notes;
  Harvest harvest;
  Walker walker;
  Scanner scanner;
  std::uint64_t bytes = 0;
  Begin begin = Begin::kOpen;
  std::string
      head;  ///< bytes before the opening bracket: part of a byte order mark, or a foreign document's front
};

/// Drops a byte order mark and blanks. `chunk` is then what belongs to the scanner.
void Reader::State::FindBegin(std::string_view& chunk) {
  while (begin == Begin::kOpen && !chunk.empty()) {
    const char c = chunk.front();
    if (head.size() < kByteOrderMark.size() && kByteOrderMark[head.size()] == c && bytes == head.size()) {
      head += c;
    } else if (c == '{' && (head.empty() || head == kByteOrderMark)) {
      begin = Begin::kFound;
      return;
    } else if (!TrimAscii({&c, 1}).empty() || (!head.empty() && head != kByteOrderMark)) {
      begin = Begin::kForeign;
      break;
    }
    ++bytes;
    chunk.remove_prefix(1);
  }
  if (begin != Begin::kForeign) return;
  head.append(chunk.substr(0, kShownBytes + 1));
  bytes += chunk.size();
  chunk = {};
}

Expected<void, Error> Reader::State::Check() const {
  if (begin == Begin::kForeign)
    return Unexpected(
        Transient("the report is no JSON object", fmt::format("it begins with \"{}\"", Show(head))));
  if (begin == Begin::kOpen) return Unexpected(Transient("the report is empty"));
  if (scanner.done()) return {};
  const std::string where = walker.Where();
  return Unexpected(Transient(fmt::format("the report breaks off after {} bytes{}", bytes,
                                          where.empty() ? " at its top level" : " inside " + Show(where))));
}

Reader::Reader(const Limits& limits) : state_(std::make_unique<State>(limits)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

void Reader::Feed(std::string_view chunk) {
  if (chunk.empty()) return;
  State& state = *state_;
  if (state.begin == State::Begin::kOpen) state.FindBegin(chunk);
  state.bytes += chunk.size();
  if (state.begin == State::Begin::kFound) state.scanner.Feed(chunk);
}

std::size_t Reader::HeldBytes() const {
  Haul& haul = state_->harvest.haul();
  return haul.budget.held_bytes() + haul.call_list.held_bytes();
}

Expected<ReadResult, Error> Reader::Finish() {
  State& state = *state_;
  state.scanner.Finish();
  if (const auto whole = state.Check(); !whole) return Unexpected(whole.error());
  if (state.scanner.tail_bytes() > 0)
    state.notes.Add("", "bytes behind the end of the document",
                    static_cast<std::int64_t>(state.scanner.tail_bytes()));
  ReadResult result = Assemble(state.harvest.haul(), state.notes, state.limits);
  result.facts.bytes = state.bytes;
  return result;
}

Expected<ReadResult, Error> ReadAll(std::string_view document, const Limits& limits) {
  Reader reader(limits);
  reader.Feed(document);
  return reader.Finish();
}

}  // namespace brood::report
