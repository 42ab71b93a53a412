#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/kind.hpp"
#include "archive/limits.hpp"
#include "base/error.hpp"
#include "base/expected.hpp"
#include "base/secret.hpp"

namespace brood::archive {

struct Options {
  std::vector<Kind> kinds;  ///< what may come; anything else is refused
  Limits limits;
  Secret password;  ///< of a zip; empty: none
};

/// A member that is no folder. Names may repeat.
struct Member {
  std::string name;  ///< whole, UTF-8, for people: never a path
  std::string
      refused;  ///< why it has no bytes for us: a link, a device, a name that lies; "" for a regular file
};

struct ReadError {
  enum class Code {
    kMemberTooLarge,  ///< this member is over max_member_bytes; Next goes on behind it
    kTooMuch,         ///< the archive is over a limit; what came so far is all there is
    kDamaged,         ///< it breaks off, is no archive of these kinds, or the password is wrong
    kUnreadable,      ///< the file cannot be opened or read here
  };
  Code code = Code::kDamaged;
  std::string what;  ///< a sentence
};

/// kUnreadable is transient, everything else permanent.
[[nodiscard]] Error ToError(const ReadError& error);

/// Goes through an archive once, from front to back. Not thread-safe; one archive, one reader. After an error
/// other than kMemberTooLarge there is nothing more to read.
class Reader {
 public:
  [[nodiscard]] static Expected<Reader, ReadError> Open(const std::filesystem::path& file, Options options);
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  /// The next member that is no folder, in the archive's order; nothing at the end. What was not read of the
  /// member before is passed over, and counts.
  [[nodiscard]] Expected<std::optional<Member>, ReadError> Next();

  /// The next bytes of the member in hand, valid until the next call; empty at its end, and for a refused one.
  [[nodiscard]] Expected<std::string_view, ReadError> Read();

  [[nodiscard]] std::uint64_t Unpacked() const;  ///< bytes so far

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace brood::archive
