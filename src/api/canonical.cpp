#include "api/canonical.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "api/parameters.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "feeds/whitelist_text.hpp"
#include "rules/ip_set.hpp"
#include "rules/net_names.hpp"
#include "rules/types.hpp"

namespace brood::api {
namespace {

constexpr std::size_t kMaxValue = 4'096, kMaxType = 64;

std::optional<std::string> CanonicalAddress(std::string_view value) {
  const auto address = rules::ParseIp(value);
  return address ? std::optional(rules::ToText(*address)) : std::nullopt;
}

std::optional<std::string> CanonicalUrl(std::string_view value) {
  auto url = rules::ReadUrl(value);
  return url ? std::optional(std::move(url->text)) : std::nullopt;
}

std::optional<std::string> CanonicalMd5(std::string_view value) {
  std::string hash = LowerAscii(value);
  return IsHex(hash, 32) ? std::optional(std::move(hash)) : std::nullopt;
}

std::optional<std::string> CanonicalName(std::string_view value) {
  return rules::ParseIp(value) ? std::nullopt : rules::CanonicalDomain(value);
}

/// The form of the values of a type, and what to say of a value that has none.
struct Form {
  std::string_view type;
  std::optional<std::string> (*canonical)(std::string_view);
  std::string_view due;
};

constexpr std::array kForms{
    Form{"hash", CanonicalMd5, "For type hash the value is an MD5, 32 hex digits."},
    Form{"ip", CanonicalAddress, "For type ip the value is one IPv4 or IPv6 address."},
    Form{"domain", CanonicalName,
         "For type domain the value is letters, digits, '-' and '_' between dots; write others in punycode "
         "(xn--…), and use type ip for an address."},
    Form{"url", CanonicalUrl, "For type url the value is a URL that begins with http:// or https://."},
};

const Form* FormOf(std::string_view type) {
  const auto found = std::ranges::find(kForms, type, &Form::type);
  return found == kForms.end() ? nullptr : &*found;
}

std::string KnownTypes() {
  std::string names;
  for (const rules::TypeInfo& type : rules::AllTypes()) {
    names += (names.empty() ? "" : ", ") + std::string(type.name);
  }
  return names;
}

}  // namespace

Expected<std::string, Refusal> CanonicalWhitelistValue(store::WhitelistKind kind, std::string_view value) {
  auto canonical = feeds::CanonicalWhitelistValue(kind, value);
  if (!canonical && kind == store::WhitelistKind::kSubnet) {  // the other sentence repeats the text
    return Refuse(400, "That is no subnet: a subnet is an address, or one with a prefix as in 10.0.0.0/8.");
  }
  if (!canonical) return Refuse(400, std::move(canonical.error()));
  return std::move(*canonical);
}

Expected<std::string, Refusal> BlacklistKey(std::string_view type, std::string_view value) {
  if (type.empty() || type.size() > kMaxType || HasControlCharacters(type) || !IsUtf8(type)) {
    return Refuse(400, fmt::format("The type must be a word of at most {} bytes.", kMaxType));
  }
  if (value.empty() || value.size() > kMaxValue || HasControlCharacters(value) || !IsUtf8(value)) {
    return Refuse(400, fmt::format("The value must be UTF-8 text of 1 to {} bytes without control characters.",
                                   kMaxValue));
  }
  const Form* form = FormOf(type);
  auto canonical = form == nullptr ? std::nullopt : form->canonical(value);
  return canonical ? std::move(*canonical) : std::string(value);
}

Expected<std::string, Refusal> CanonicalBlacklistValue(std::string_view type, std::string_view value) {
  auto key = BlacklistKey(type, value);
  if (!key) return key;
  if (rules::FindType(type) == nullptr) {
    return Refuse(400, "There is no such type of entry; there are: " + KnownTypes() + ".");
  }
  const Form* form = FormOf(type);
  if (form != nullptr && !form->canonical(value)) return Refuse(400, std::string(form->due));
  return key;
}

}  // namespace brood::api
