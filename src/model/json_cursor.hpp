#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace brood::model {

/// Goes through strict JSON (RFC 8259) from its front to its end, without a tree in between. The text must be
/// valid UTF-8 and outlive the cursor. The first error stays: after it nothing more is read, and whatever is
/// asked for is empty.
class JsonCursor {
 public:
  enum class Kind : std::uint8_t { kObject, kList, kText, kNumber, kBool, kNull, kNothing };
  static constexpr int kMaxDepth = 32;

  explicit JsonCursor(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  /// What comes next; kNothing where no value can begin.
  [[nodiscard]] Kind Next();

  // Each reads a value of its kind, which must come next.
  std::string_view Text();    ///< good until the next Text
  std::string_view Number();  ///< as written
  bool Bool();
  /// Calls member(key) for each member; it must read the value. The key is good until the next Text.
  template <class Member>
  void Object(const Member& member);
  template <class Item>
  void List(const Item& item);

  /// Reads a value of any kind.
  void Skip();
  /// Goes over a value of any kind fast, by its quotes and brackets alone: it need not be JSON inside.
  void Pass();
  /// Nothing but blanks may follow.
  void End();

  /// An error of the caller's own, at this place.
  void Fail(std::string_view what) {
    if (what_.empty()) what_ = what;
  }
  [[nodiscard]] bool failed() const { return !what_.empty(); }
  [[nodiscard]] const std::string& what() const { return what_; }

 private:
  [[nodiscard]] char Peek();
  bool Take(char wanted);
  void PassText();
  bool Open(char bracket);
  bool Goes(char closing);
  void Literal(std::string_view word);
  void Digits();

  const char* at_;
  const char* end_;
  int depth_ = 0;
  bool first_ = false;   ///< nothing of the innermost list or object has been read
  std::string decoded_;  ///< of a text with escapes
  std::string what_;
};

template <class Member>
void JsonCursor::Object(const Member& member) {
  if (!Open('{')) return;
  while (Goes('}')) {
    if (Peek() != '"') return Fail("a key is missing");
    const std::string_view key = Text();
    if (!Take(':')) return Fail("a colon is missing");
    member(key);
  }
}

template <class Item>
void JsonCursor::List(const Item& item) {
  if (!Open('[')) return;
  while (Goes(']')) item();
}

}  // namespace brood::model
