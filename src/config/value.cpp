#include "config/value.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace brood::config {
namespace {

constexpr std::size_t kMostShownBytes = 80;

struct KindNamer {
  std::string operator()(bool) const { return "a true or false"; }
  std::string operator()(std::int64_t) const { return "a whole number"; }
  std::string operator()(double) const { return "a number with a point"; }
  std::string operator()(const std::string&) const { return "a text"; }
  std::string operator()(const std::vector<std::string>&) const { return "a list"; }
  std::string operator()(const FreeText&) const { return "a text"; }
  std::string operator()(const TableMark&) const { return "a table"; }
  std::string operator()(const Foreign& foreign) const { return foreign.kind; }
};

struct Literal {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return fmt::format("{}", value); }
  std::string operator()(const std::string& text) const { return TomlString(text); }
  std::string operator()(const std::vector<std::string>& texts) const {
    std::vector<std::string> literals;
    for (const std::string& text : texts) literals.push_back(TomlString(text));
    return fmt::format("[{}]", fmt::join(literals, ", "));
  }
  std::string operator()(const FreeText& free) const { return TomlString(free.text); }
  template <class Other>
  std::string operator()(const Other&) const {
    return {};
  }
};

struct Quoter : Literal {
  using Literal::operator();
  std::string operator()(const std::string& text) const { return TomlString(Shorten(text, kMostShownBytes)); }
  std::string operator()(const std::vector<std::string>&) const { return {}; }
  std::string operator()(const FreeText& free) const { return (*this)(free.text); }
};

}  // namespace

std::string KindOf(const Value& value) { return std::visit(KindNamer{}, value); }
std::string TomlLiteral(const Value& value) { return std::visit(Literal{}, value); }
std::string Quoted(const Value& value) { return std::visit(Quoter{}, value); }

std::string TomlString(std::string_view text) {
  std::string out = "\"";
  for (const char c : MakeUtf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace brood::config
