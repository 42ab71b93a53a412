#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/harvest.hpp"

namespace brood::report {

/// JSON's grammar, one structural character at a time, along the field tree. It forgives: a character out of
/// place is noted and the walk goes on. Depth is held in `frames_`, which grows along wanted paths only: what
/// is not wanted is one frame, however deep it nests.
class Walker {
 public:
  /// How the scanner goes on.
  enum class Move : std::uint8_t {
    kWalk,  ///< with the next structural character
    kSkip,  ///< with the bracket that closes the innermost list or object
    kSeek,  ///< the same, unless only_key() ends before as a text of that object itself; then KeyFound is
            ///< called
    kDone,  ///< not at all: the document is complete
  };

  Walker(Harvest& harvest, Notes& notes, const Limits& limits);

  /// The next structural character. `between` is what stood between it and the one before, if WantsText().
  void On(char c, std::string_view between);
  /// The scanner came upon only_key(): a key, or a value of that text.
  void KeyFound();
  /// The same with what mostly follows: KeyFound, a colon, a text and a comma or the object's end.
  void TextFound(std::string_view text);
  /// What mostly follows the end of an item that is sought through: a comma and an object that is to be sought
  /// through alike. False, and nothing is done, if it is another matter.
  bool NextItem();
  /// The document nests deeper than the limit, in a part that is skipped.
  void TooDeep();

  [[nodiscard]] Move move() const { return move_; }
  [[nodiscard]] bool WantsText() const { return wants_text_; }
  /// What comes next lies between quotes.
  [[nodiscard]] bool InText() const {
    return state_ == State::kInKey || state_ == State::kInValue || (state_ == State::kJson && json_in_text_);
  }
  [[nodiscard]] std::string_view only_key() const { return frames_.back().node->only_key; }
  /// "behavior.processes[].calls": for an error that tells where the document breaks off. Keys are as in the
  /// report.
  [[nodiscard]] std::string Where() const;

 private:
  enum class State : std::uint8_t { kKey, kInKey, kMaybeKey, kColon, kValue, kInValue, kNext, kJson };
  struct Frame {
    const Node* node;  ///< nullptr: not wanted
    bool is_object;
    std::uint64_t index;
  };

  void OnKeyPlace(char c);
  void OnMaybeKey(char c);
  void OnColonPlace(char c);
  void OnValuePlace(char c, std::string_view between);
  void OnNextPlace(char c);
  void OnJson(char c, std::string_view between);
  void KeepJson(std::string_view bytes);
  void ReadKey(std::string_view raw);
  bool ReadScalar(std::string_view between);
  void Open(char c);
  void Close(char c);
  void Comma();
  [[nodiscard]] const Node* ItemOf(const Node& list, std::uint64_t index) const;
  void EnterItem(Frame& frame);
  void Enter(State state);
  void Broken();

  Harvest& harvest_;
  Notes& notes_;
  Limits limits_;
  std::vector<Frame> frames_;
  State state_ = State::kValue;
  Move move_ = Move::kWalk;
  bool wants_text_ = false;
  std::string json_;  ///< of the value in hand, where it is wanted as such
  std::uint64_t json_depth_ = 0;
  bool json_in_text_ = false;
  const Node* value_;         ///< what the value in hand is for; nullptr: nothing
  std::string unwanted_key_;  ///< the last key that is in no table, shortened
};

}  // namespace brood::report
