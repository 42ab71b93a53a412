#pragma once

#include <string>
#include <utility>

namespace brood {

/// A password, key or token. It prints as "[secret]" everywhere; Reveal is for the wire alone.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  const std::string& Reveal() const { return value_; }
  bool Empty() const { return value_.empty(); }
  std::string Shown() const { return value_.empty() ? "" : "[secret]"; }
  bool operator==(const Secret&) const = default;

 private:
  std::string value_;
};

}  // namespace brood
