#include "sandboxd/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include <boost/json.hpp>

namespace brood::sandboxd {
namespace {

namespace json = boost::json;

enum class Keys { kAsTheyStand, kSorted };

/// What Python's json.dumps makes of a value: a blank after each comma and colon.
class Writer {
 public:
  /// Without an indent all stands on one line.
  Writer(std::optional<std::size_t> indent, Keys keys) : indent_(indent), keys_(keys) {}

  std::string Take(const json::value& value) {
    Write(value);
    return std::move(out_);
  }

 private:
  using Member = const json::key_value_pair*;

  void Write(const json::value& value) {
    if (value.is_object() && !value.get_object().empty()) {
      WriteAll('{', '}', MembersOf(value.get_object()), [this](Member member) {
        out_ += json::serialize(member->key());
        out_ += ": ";
        Write(member->value());
      });
    } else if (value.is_array() && !value.get_array().empty()) {
      WriteAll('[', ']', value.get_array(), [this](const json::value& item) { Write(item); });
    } else if (value.is_double()) {
      WriteDouble(value.get_double());
    } else {
      out_ += json::serialize(value);
    }
  }

  std::vector<Member> MembersOf(const json::object& object) const {
    std::vector<Member> members;
    members.reserve(object.size());
    for (const json::key_value_pair& member : object) members.push_back(&member);
    if (keys_ == Keys::kSorted) std::ranges::sort(members, {}, [](Member member) { return member->key(); });
    return members;
  }

  template <class Range, class WriteItem>
  void WriteAll(char open, char close, const Range& range, const WriteItem& write_item) {
    out_ += open;
    ++depth_;
    bool first = true;
    for (const auto& item : range) {
      if (!first) out_ += ", ";
      first = false;
      BreakLine();
      write_item(item);
    }
    --depth_;
    BreakLine();
    out_ += close;
  }

  void BreakLine() {
    if (!indent_) return;
    out_ += '\n';
    out_.append(depth_ * *indent_, ' ');
  }

  /// The shortest digits that give it back, always with a point or an exponent.
  void WriteDouble(double number) {
    const std::string digits = fmt::format("{}", number);
    out_ += digits;
    if (digits.find_first_not_of("-0123456789") == digits.npos) out_ += ".0";
  }

  const std::optional<std::size_t> indent_;
  const Keys keys_;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::string ToText(Persona persona, const json::value& value) {
  switch (persona) {
    case Persona::kCuckoo2:
      return Writer(2, Keys::kSorted).Take(value) + '\n';
    case Persona::kCuckoo1:
      return Writer(4, Keys::kAsTheyStand).Take(value);
    default:
      return json::serialize(value) + '\n';
  }
}

std::string ToLine(Persona persona, const json::value& value) {
  if (persona == Persona::kBrood) return json::serialize(value);
  return Writer(std::nullopt, Keys::kSorted).Take(value);
}

}  // namespace brood::sandboxd
