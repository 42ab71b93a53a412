#include <array>
#include <utility>

#include "base/text.hpp"
#include "config/field.hpp"
#include "config/field_text.hpp"

namespace brood::config {
namespace {

using Assigned = Expected<void, std::string>;

class BoolField final : public Field {
 public:
  explicit BoolField(bool& bound) : bound_(bound) {}
  Assigned Assign(const Value& value) override {
    if (const bool* flag = std::get_if<bool>(&value)) {
      bound_ = *flag;
      return {};
    }
    constexpr std::array<std::pair<std::string_view, bool>, 8> kWords{{{"true", true},
                                                                       {"yes", true},
                                                                       {"on", true},
                                                                       {"1", true},
                                                                       {"false", false},
                                                                       {"no", false},
                                                                       {"off", false},
                                                                       {"0", false}}};
    const auto* free = std::get_if<FreeText>(&value);
    for (const auto& [word, meaning] : kWords) {
      if (free == nullptr || !EqualsIgnoringCase(TrimAscii(free->text), word)) continue;
      bound_ = meaning;
      return {};
    }
    return Unexpected(WrongKind(value, "true or false"));
  }
  std::string Shown() const override { return bound_ ? "true" : "false"; }
  std::string ValueName() const override { return "true|false"; }

 private:
  bool& bound_;
};

/// No problem about a secret quotes it.
class SecretField final : public Field {
 public:
  explicit SecretField(Secret& bound) : bound_(bound) {}
  Assigned Assign(const Value& value) override {
    const std::string* text = TextOf(value);
    if (text == nullptr) return Unexpected("is " + KindOf(value) + ", not a text");
    bound_ = Secret(*text);
    return {};
  }
  std::string Shown() const override { return TomlString(bound_.Shown()); }
  std::string ValueName() const override { return "SECRET"; }
  bool MayComeFromFile() const override { return true; }

 private:
  Secret& bound_;
};

}  // namespace

FieldPtr MakeBool(bool& bound) { return std::make_shared<BoolField>(bound); }
FieldPtr MakeSecret(Secret& bound) { return std::make_shared<SecretField>(bound); }

}  // namespace brood::config
