#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace brood::http {

/// Which of the URLs that messages name may be talked to. An empty list allows any.
class AllowList {
 public:
  AllowList() = default;
  /// Throws std::invalid_argument for what is no http or https URL.
  explicit AllowList(const std::vector<std::string>& urls);

  /// Why these are no such list; empty if they are one.
  [[nodiscard]] static std::string Complaint(const std::vector<std::string>& urls);

  /// True if `url` is one of the list's or lies below one: same scheme, host and port, its path in front. A URL
  /// with user, password or query never is, with a list or without.
  [[nodiscard]] bool Allows(std::string_view url) const;
  [[nodiscard]] bool Empty() const { return entries_.empty(); }

 private:
  struct Entry {
    std::string origin, path;  ///< "http://host:80", "/crits" without a slash at the end
  };
  std::vector<Entry> entries_;
};

}  // namespace brood::http
