#include "transfer/dump.hpp"

#include <array>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/text.hpp"

namespace brood::transfer {
namespace {

namespace json = boost::json;

constexpr std::size_t kChunk = std::size_t{64} << 10;

/// The next line without its end; of one that is too long the beginning alone. False at the end.
bool NextLine(std::istream& in, std::string& line, std::size_t& bytes) {
  std::array<char, kChunk> chunk{};
  line.clear();
  bytes = 0;
  while (!in.eof()) {
    in.getline(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    const auto read = static_cast<std::size_t>(in.gcount());
    bytes += read;
    const bool whole = !in.fail() && !in.eof();  // then the line's end was read too
    if (line.size() <= kMostLineBytes) line.append(chunk.data(), whole ? read - 1 : read);
    if (whole) return true;
    if (in.bad() || (read == 0 && !in.eof())) break;
    if (!in.eof()) in.clear();  // the chunk is full
  }
  return bytes > 0;
}

Expected<Record, std::string> RecordOfLine(const std::string& line, std::string_view prefix) {
  if (line.size() > kMostLineBytes) return Unexpected(std::string("it is longer than 64 MiB"));
  boost::system::error_code error;
  const json::value value = json::parse(line, error);
  if (error) return Unexpected("it is no JSON: " + error.message());
  if (!value.is_object()) return Unexpected(std::string("it is no JSON object"));
  return RecordFrom(value.get_object(), prefix);
}

}  // namespace

store::Result<void> ReadDump(std::istream& in, std::string_view prefix, const OnRecord& on_record,
                             const OnBad& on_bad, const std::function<void(std::size_t)>& on_line) {
  std::string line;
  std::size_t bytes = 0;
  for (std::size_t number = 1; NextLine(in, line, bytes); ++number) {
    on_line(bytes);
    if (TrimAscii(line).empty()) continue;
    auto record = RecordOfLine(line, prefix);
    if (!record) {
      on_bad(std::to_string(number), record.error());
      continue;
    }
    if (auto taken = on_record(std::move(*record)); !taken) return taken;
  }
  return {};
}

}  // namespace brood::transfer
