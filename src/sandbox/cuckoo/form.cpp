#include "sandbox/cuckoo/form.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/text.hpp"

namespace brood::sandbox::cuckoo {
namespace {

constexpr std::size_t kNameMax = 200, kEndingMax = 20;

enum class Truth { kTrue, kFalse };

std::optional<Truth> TruthOf(std::string_view text) {
  constexpr std::array<std::string_view, 4> kTrue = {"1", "true", "yes", "on"};
  constexpr std::array<std::string_view, 4> kFalse = {"0", "false", "no", "off"};
  const std::string word = LowerAscii(TrimAscii(text));
  if (std::find(kTrue.begin(), kTrue.end(), word) != kTrue.end()) return Truth::kTrue;
  if (std::find(kFalse.begin(), kFalse.end(), word) != kFalse.end()) return Truth::kFalse;
  return std::nullopt;
}

bool IsTruthField(std::string_view name) {
  return name == "memory" || name == "enforce_timeout" || name == "unique";
}

bool IsOurs(std::string_view name) { return name == "custom" || name == "owner" || name == "file"; }

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string EachTagOnce(std::string_view tags) {
  std::set<std::string_view> seen;
  std::string out;
  for (const std::string_view part : Split(tags, ',')) {
    const std::string_view tag = TrimAscii(part);
    if (tag.empty() || !seen.insert(tag).second) continue;
    out += (out.empty() ? "" : ",") + std::string(tag);
  }
  return out;
}

/// The value to send, or "" to send nothing.
Expected<std::string, std::string> ValueToSend(const std::string& name, const std::string& value,
                                               Dialect dialect) {
  const bool is_1 = dialect == Dialect::kCuckoo1;
  if (value.empty() || IsOurs(name)) return "";
  if (name == "tags") return is_1 ? "" : EachTagOnce(value);
  if (is_1 && !IsAscii(value)) {
    return Unexpected("Cuckoo 1.x takes no text outside ASCII in the option '" + name + "'");
  }
  if (!IsTruthField(name)) return value;
  const auto truth = TruthOf(value);
  if (!truth) return Unexpected("the option '" + name + "' must be yes or no");
  return *truth == Truth::kTrue ? "1" : "";
}

http::FormPart Field(std::string name, std::string value) {
  http::FormPart part;
  part.name = std::move(name);
  part.value = std::move(value);
  return part;
}

}  // namespace

Expected<std::vector<http::FormPart>, std::string> MakeForm(const Upload& upload, Dialect dialect) {
  std::vector<http::FormPart> form;
  for (const auto& [name, value] : upload.options) {
    auto to_send = ValueToSend(name, value, dialect);
    if (!to_send) return Unexpected(to_send.error());
    if (!to_send->empty()) form.push_back(Field(name, std::move(*to_send)));
  }
  if (!upload.custom.empty()) form.push_back(Field("custom", upload.custom));
  const bool has_owner = dialect == Dialect::kCuckoo2 && !upload.owner.empty();
  if (has_owner) form.push_back(Field("owner", upload.owner));
  http::FormPart file;
  file.name = "file";
  file.file = upload.file;
  file.file_name = SafeFileName(upload.file_name);
  form.push_back(std::move(file));
  return form;
}

std::string SafeFileName(std::string_view name) {
  std::string safe(name.substr(name.find_last_of("/\\") + 1));
  std::replace_if(
      safe.begin(), safe.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '_');
  if (safe.empty() || safe == "." || safe == "..") return "sample";
  if (safe.size() <= kNameMax) return safe;
  const auto point = safe.rfind('.');
  const bool has_ending = point != safe.npos && safe.size() - point <= kEndingMax;
  const std::string ending = has_ending ? safe.substr(point) : "";
  std::size_t cut = kNameMax - ending.size();
  while (cut > 0 && (static_cast<unsigned char>(safe[cut]) & 0xC0) == 0x80) --cut;  // not inside a character
  return safe.substr(0, cut) + ending;
}

}  // namespace brood::sandbox::cuckoo
