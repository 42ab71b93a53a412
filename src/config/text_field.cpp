#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/field.hpp"
#include "config/field_text.hpp"

namespace brood::config {
namespace {

using Assigned = Expected<void, std::string>;

bool HasControls(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

class TextField final : public Field {
 public:
  explicit TextField(std::string& bound) : bound_(bound) {}
  Assigned Assign(const Value& value) override {
    const std::string* text = TextOf(value);
    if (text == nullptr) return Unexpected(WrongKind(value, "a text"));
    bound_ = *text;
    return {};
  }
  std::string Shown() const override { return TomlString(bound_); }
  std::string ValueName() const override { return "TEXT"; }

 private:
  std::string& bound_;
};

/// No problem about a URL quotes it: it may hold a password.
class UrlField final : public Field {
 public:
  explicit UrlField(std::string& bound) : bound_(bound) {}
  Assigned Assign(const Value& value) override {
    const std::string* text = TextOf(value);
    if (text == nullptr) return Unexpected(fmt::format("is {}, not a URL", KindOf(value)));
    if (!text->empty() && !LooksRight(*text)) {
      return Unexpected(std::string("is not a URL such as http://host:8090"));
    }
    bound_ = *text;
    return {};
  }
  std::string Shown() const override { return TomlString(RedactUrl(bound_)); }
  std::string ValueName() const override { return "URL"; }

 private:
  static bool LooksRight(std::string_view url) {
    const std::size_t colon = url.find("://");
    if (colon == 0 || colon == std::string_view::npos || colon + 3 >= url.size()) return false;
    constexpr std::string_view kSchemeLetters = "abcdefghijklmnopqrstuvwxyz0123456789+-.";
    const bool scheme = LowerAscii(url.substr(0, colon)).find_first_not_of(kSchemeLetters) == std::string::npos;
    const bool host = std::string_view("/?#:").find(url[colon + 3]) == std::string_view::npos;
    return scheme && host && !HasControls(url) && url.find(' ') == std::string_view::npos;
  }

  std::string& bound_;
};

class PathField final : public Field {
 public:
  explicit PathField(std::filesystem::path& bound) : bound_(bound) {}
  Assigned Assign(const Value& value) override {
    const std::string* text = TextOf(value);
    if (text == nullptr) return Unexpected(WrongKind(value, "a path"));
    if (HasControls(*text)) return Unexpected(Quoted(value) + " has a control character, so it is not a path");
    bound_ = *text;
    return {};
  }
  std::string Shown() const override { return TomlString(bound_.string()); }
  std::string ValueName() const override { return "PATH"; }

 private:
  std::filesystem::path& bound_;
};

class ChoiceField final : public Field {
 public:
  ChoiceField(TextSlot slot, std::vector<std::string> choices)
      : slot_(std::move(slot)), choices_(std::move(choices)) {}
  Assigned Assign(const Value& value) override {
    const std::string* text = TextOf(value);
    if (text == nullptr) return Unexpected(WrongKind(value, "one of " + Constraint()));
    if (std::ranges::find(choices_, *text) == choices_.end()) {
      return Unexpected(fmt::format("{} is not one of {}", Quoted(value), Constraint()));
    }
    slot_.set(*text);
    return {};
  }
  std::string Shown() const override { return TomlString(slot_.get()); }
  std::string ValueName() const override { return "WORD"; }
  std::string Constraint() const override { return fmt::format("{}", fmt::join(choices_, ", ")); }

 private:
  TextSlot slot_;
  std::vector<std::string> choices_;
};

class TextListField final : public Field {
 public:
  explicit TextListField(std::vector<std::string>& bound) : bound_(bound) {}
  Assigned Assign(const Value& value) override {
    if (const auto* free = std::get_if<FreeText>(&value)) {
      bound_.clear();
      for (const std::string_view part : Split(free->text, ',')) {
        if (!TrimAscii(part).empty()) bound_.emplace_back(TrimAscii(part));
      }
      return {};
    }
    const auto* list = std::get_if<std::vector<std::string>>(&value);
    if (list == nullptr) return Unexpected(WrongKind(value, "a list of texts"));
    bound_ = *list;
    return {};
  }
  std::string Shown() const override {
    std::vector<std::string> quoted;
    for (const std::string& text : bound_) quoted.push_back(TomlString(text));
    return fmt::format("[{}]", fmt::join(quoted, ", "));
  }
  std::string ValueName() const override { return "A,B"; }

 private:
  std::vector<std::string>& bound_;
};

}  // namespace

FieldPtr MakeText(std::string& bound) { return std::make_shared<TextField>(bound); }
FieldPtr MakeUrl(std::string& bound) { return std::make_shared<UrlField>(bound); }
FieldPtr MakePath(std::filesystem::path& bound) { return std::make_shared<PathField>(bound); }
FieldPtr MakeChoice(TextSlot slot, std::vector<std::string> choices) {
  return std::make_shared<ChoiceField>(std::move(slot), std::move(choices));
}
FieldPtr MakeTextList(std::vector<std::string>& bound) { return std::make_shared<TextListField>(bound); }

}  // namespace brood::config
