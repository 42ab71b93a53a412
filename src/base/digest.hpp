#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace brood {

/// Hex digests of one stream of bytes, taken in one pass. Lower case.
struct Digests {
  std::string md5, sha1, sha256, sha512;
};

/// SHA-256 fed piece by piece. Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(std::string_view bytes);
  /// The digest in lower-case hex; the object then starts anew.
  [[nodiscard]] std::string FinishHex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] std::string Sha256Hex(std::string_view bytes);
[[nodiscard]] Digests DigestAll(std::string_view bytes);
[[nodiscard]] std::string ToHex(std::string_view bytes);
/// `bytes` random bytes from the operating system, as hex.
[[nodiscard]] std::string RandomHex(std::size_t bytes);
/// True for exactly `length` hex digits in lower case.
[[nodiscard]] bool IsHex(std::string_view text, std::size_t length);

}  // namespace brood
