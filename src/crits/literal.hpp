#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace brood::crits {

// CRITs reads the data of each result with Python 2's ast.literal_eval. It takes raw UTF-8, and the escapes
// that Python and JSON share; \u, true, false and null it keeps as text or refuses, and one refused value loses
// the whole batch. So: texts and whole numbers only.

/// `text` (UTF-8) as a quoted literal. NUL becomes U+FFFD, which is what a source text cannot hold.
void AppendLiteral(std::string& out, std::string_view text);
void AppendLiteral(std::string& out, std::int64_t number);

/// The inside of a dictionary: `"key":value` with commas between.
class Members {
 public:
  Members& Add(std::string_view key, std::string_view text);
  Members& Add(std::string_view key, std::int64_t number);
  /// A value that is a literal already.
  Members& AddLiteral(std::string_view key, std::string_view literal);

  [[nodiscard]] const std::string& Get() const { return members_; }
  [[nodiscard]] std::string Take() { return std::move(members_); }

 private:
  void Key(std::string_view key);
  std::string members_;
};

}  // namespace brood::crits
