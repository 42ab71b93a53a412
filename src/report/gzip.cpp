#include "report/gzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <limits>
#include <string>

namespace brood::report {
namespace {

constexpr std::string_view kMagic = "\x1F\x8B";
constexpr int kGzipWindow = 15 + 16;  // zlib: largest window, gzip wrapping only
constexpr std::size_t kOutBytes = 64U << 10U;

}  // namespace

struct Inflater::State {
  State(Sink to, std::uint64_t limit) : sink(std::move(to)), max_bytes(limit) {}
  ~State() {
    if (kind == Kind::kGzip) inflateEnd(&stream);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  enum class Kind { kUnknown, kPlain, kGzip };

  Expected<void, Error> Begin(std::string_view chunk);
  Expected<void, Error> Route(std::string_view chunk);
  Expected<void, Error> Give(std::string_view bytes);
  Expected<void, Error> Unpack(std::string_view chunk);
  Expected<void, Error> Step(int result);

  Sink sink;
  std::uint64_t max_bytes, given = 0;
  Kind kind = Kind::kUnknown;
  bool member_ended = false;
  std::string head;
  z_stream stream{};
  std::array<char, kOutBytes> out{};
};

/// Holds the first two bytes back until it is clear what they begin.
Expected<void, Error> Inflater::State::Begin(std::string_view chunk) {
  head += chunk;
  if (head.size() < kMagic.size() && kMagic.starts_with(head)) return {};
  kind = Kind::kPlain;
  if (head.starts_with(kMagic)) {
    if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw std::bad_alloc();
    kind = Kind::kGzip;
  }
  const std::string bytes = std::move(head);
  return Route(bytes);
}

Expected<void, Error> Inflater::State::Route(std::string_view chunk) {
  return kind == Kind::kGzip ? Unpack(chunk) : Give(chunk);
}

Expected<void, Error> Inflater::State::Give(std::string_view bytes) {
  given += bytes.size();
  if (given > max_bytes)
    return Unexpected(Permanent(fmt::format("the report is longer than {} bytes", max_bytes)));
  if (!bytes.empty()) sink(bytes);
  return {};
}

Expected<void, Error> Inflater::State::Unpack(std::string_view chunk) {
  while (!chunk.empty() || stream.avail_in > 0) {
    if (stream.avail_in == 0) {  // zlib counts in 32 bits
      const std::size_t part = std::min<std::size_t>(chunk.size(), std::numeric_limits<uInt>::max());
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(chunk.data()));
      stream.avail_in = static_cast<uInt>(part);
      chunk.remove_prefix(part);
    }
    if (member_ended && inflateReset(&stream) != Z_OK) throw std::bad_alloc();
    member_ended = false;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(out.data());
      stream.avail_out = static_cast<uInt>(out.size());
      if (auto step = Step(inflate(&stream, Z_NO_FLUSH)); !step) return step;
    } while (!member_ended && (stream.avail_in > 0 || stream.avail_out == 0));
  }
  return {};
}

Expected<void, Error> Inflater::State::Step(int result) {
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
    return Unexpected(Permanent("damaged gzip data", stream.msg == nullptr ? "" : stream.msg));
  member_ended = result == Z_STREAM_END;
  return Give({out.data(), out.size() - stream.avail_out});
}

Inflater::Inflater(Sink sink, std::uint64_t max_bytes)
    : state_(std::make_unique<State>(std::move(sink), max_bytes)) {}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

Expected<void, Error> Inflater::Feed(std::string_view chunk) {
  return state_->kind == State::Kind::kUnknown ? state_->Begin(chunk) : state_->Route(chunk);
}

Expected<void, Error> Inflater::Finish() {
  if (state_->kind == State::Kind::kGzip && !state_->member_ended)
    return Unexpected(Transient("the gzip data breaks off"));
  if (state_->kind == State::Kind::kUnknown) return state_->Give(state_->head);
  return {};
}

}  // namespace brood::report
