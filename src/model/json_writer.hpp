#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace brood::model {

/// Writes long JSON documents piece by piece: keeps all of it, or hands it on whenever 64 KiB have come
/// together.
class JsonWriter {
 public:
  using Sink = std::function<void(std::string_view)>;

  /// For Take. `expected`: about how many bytes will be written.
  explicit JsonWriter(std::size_t expected) { buffer_.resize(expected); }
  /// For Flush, after which the sink has had everything.
  explicit JsonWriter(Sink sink) : sink_(std::move(sink)) {}

  void Raw(std::string_view json);
  void Raw(char json) {
    *Room(1) = json;
    ++used_;
  }
  void Text(std::string_view text);  ///< quoted and escaped; UTF-8 stays as it is
  void Value(std::int64_t number);
  void Value(double number);
  void Value(bool value);

  [[nodiscard]] std::string Take() &&;
  void Flush();

 private:
  /// Where `size` bytes may be written.
  char* Room(std::size_t size) {
    if (buffer_.size() - used_ < size) Grow(size);
    return buffer_.data() + used_;
  }
  void Grow(std::size_t size);
  void WroteUpTo(const char* end) { used_ = static_cast<std::size_t>(end - buffer_.data()); }

  Sink sink_;
  std::string buffer_;  ///< its size is the room
  std::size_t used_ = 0;
};

}  // namespace brood::model
