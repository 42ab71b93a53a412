#include "config/ini.hpp"

#include "base/text.hpp"

namespace brood::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t";

bool IsComment(std::string_view line) {
  if (line.front() == '#' || line.front() == ';') return true;
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  return EqualsIgnoringCase(word, "rem");
}

/// Without what stands behind a ';' that follows a blank.
std::string_view WithoutComment(std::string_view value) {
  for (std::size_t at = value.find(';'); at != std::string_view::npos; at = value.find(';', at + 1)) {
    if (at > 0 && kBlanks.find(value[at - 1]) != std::string_view::npos) return value.substr(0, at);
  }
  return value;
}

class Reader {
 public:
  Reader(std::string_view file, Problems& problems) : file_(file), problems_(problems) {}

  void Line(std::string_view line) {
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view trimmed = TrimAscii(line);
    if (trimmed.empty() || IsComment(trimmed)) return;
    if (line.front() == '[') {
      Heading(line);
    } else if (section_.empty()) {
      Complain("stands above the first [section]");
    } else if (kBlanks.find(line.front()) != std::string_view::npos && any_in_section_) {
      Complain("begins with a blank, which makes it a part of the value above: begin it at the margin");
    } else {
      Option(trimmed);
    }
  }
  std::vector<IniOption> Take() { return std::move(options_); }

 private:
  void Heading(std::string_view line) {
    const std::size_t close = line.find(']');
    if (close == std::string_view::npos || close == 1) return Complain("is no [section]");
    section_ = line.substr(1, close - 1);
    any_in_section_ = false;
  }
  void Option(std::string_view line) {
    const std::size_t sign = line.find_first_of(":=");
    if (sign == std::string_view::npos || sign == 0) return Complain("is neither a [section] nor key = value");
    const std::string key = LowerAscii(TrimAscii(line.substr(0, sign)));
    const std::string_view value = TrimAscii(WithoutComment(line.substr(sign + 1)));
    options_.push_back({section_, key, std::string(value == "\"\"" ? "" : value), number_});
    any_in_section_ = true;
  }
  void Complain(std::string what) { problems_.push_back({file_, number_, "", std::move(what)}); }

  std::string file_;
  Problems& problems_;
  std::string section_;
  bool any_in_section_ = false;
  int number_ = 0;
  std::vector<IniOption> options_;
};

}  // namespace

std::vector<IniOption> ReadIni(std::string_view text, std::string_view file, Problems& problems) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Reader reader(file, problems);
  for (const std::string_view line : Split(text, '\n')) reader.Line(line);
  return reader.Take();
}

}  // namespace brood::config
