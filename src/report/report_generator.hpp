#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/report_quirks.hpp"

namespace brood::report {

/// Invents reports for tests: valid JSON, every dialect, with what real sandboxes are not seen to write but
/// might: wrong types, equal keys, a machine that is a string, numbers over 2^53, structural characters and
/// escapes anywhere, blanks anywhere, keys in any order, deep nesting in parts that nobody asks for. The same
/// seed gives the same report.
class ReportGenerator {
 public:
  enum class Kind : std::uint8_t { kValid, kQuirky };
  explicit ReportGenerator(std::uint32_t seed, Kind kind = Kind::kValid) : random_(seed), kind_(kind) {}
  [[nodiscard]] std::string Report();
  /// For a generator of quirky ones.
  [[nodiscard]] Twins QuirkyReport() { return TwinsOf(Report()); }

 private:
  using Members = std::vector<std::pair<std::string, std::string>>;

  std::uint32_t Below(std::uint32_t n) {
    return std::uniform_int_distribution<std::uint32_t>(0, n - 1)(random_);
  }
  bool OneIn(std::uint32_t n) { return Below(n) == 0; }
  template <class T, std::size_t n>
  T Pick(const T (&from)[n]) {
    return from[Below(n)];
  }

  std::string Blank();
  std::string Quote(std::string_view text);
  std::string Key(std::string_view key);
  std::string Words();
  std::string Text();   ///< a quoted text, now and then something else
  std::string Whole();  ///< a number likewise
  std::string Date();
  std::string Junk(int depth);
  std::string Nest();
  std::string Object(Members members);
  std::string List(std::uint32_t most, std::string (ReportGenerator::*item)());
  std::string Record(std::initializer_list<std::string_view> texts, std::string_view number);

  std::string Info();
  std::string Machine();
  std::string Options();
  std::string Target();
  std::string File();
  std::string Summary();
  std::string Behaviour();
  std::string Process();
  std::string Call();
  std::string Arguments();
  std::string Argument();
  std::string Stats();
  std::string Network();
  std::string Host();
  std::string Connection() { return Record({"src", "dst"}, "dport"); }
  std::string Domain() { return Record({"ip", "domain"}, ""); }
  std::string Http() { return Record({"uri", "user-agent", "method", "body", "host", "path"}, "port"); }
  std::string Exchange() { return Record({"src", "dst", "host", "uri", "request", "response"}, "dport"); }
  std::string DeadHost() { return List(3, &ReportGenerator::Text); }
  std::string Signature() { return Record({"name", "description"}, "severity"); }

  std::mt19937 random_;
  Kind kind_;
  bool in_call_ = false;  ///< where anything is taken as text
};

}  // namespace brood::report
