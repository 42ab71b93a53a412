#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/expected.hpp"
#include "sandboxd/inspect/signature.hpp"

namespace brood::sandboxd::inspect {

/// Compiled YARA rules. A rule that matches is a signature: its name, its meta "severity" (1 to 5, else 1) and
/// its meta "description". Private rules give none. Thread-safe.
class YaraRules {
 public:
  /// The rules that ship, and those of `files` (a folder stands for its *.yar and *.yara). The error names the
  /// file, the line and what YARA says; `include` is refused.
  [[nodiscard]] static Expected<YaraRules, Error> Load(const std::vector<std::filesystem::path>& files);

  YaraRules(YaraRules&&) noexcept;
  YaraRules& operator=(YaraRules&&) noexcept;
  ~YaraRules();

  [[nodiscard]] std::size_t Count() const;
  /// In the order of the rules. An error if the file takes longer than half a minute or YARA gives up on it.
  [[nodiscard]] Expected<std::vector<Signature>, Error> Match(std::string_view bytes) const;

 private:
  class Compiled;
  explicit YaraRules(std::unique_ptr<Compiled> compiled);

  std::unique_ptr<Compiled> compiled_;
};

/// The rules that ship, as text: one source for each file of sandboxd/yara.
struct YaraSource {
  std::string_view name, text;
};
[[nodiscard]] const std::vector<YaraSource>& ShippedYaraRules();

}  // namespace brood::sandboxd::inspect
