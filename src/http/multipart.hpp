#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"

namespace brood::http {

/// One part of a multipart/form-data body. `data` is a view into that body.
struct MultipartPart {
  std::string name;
  std::optional<std::string> file_name;  ///< as it came, quoting undone; may hold slashes and "..": no path
  std::string content_type;
  std::string_view data;
};

struct MultipartLimits {
  std::size_t max_parts = 200;
  std::size_t max_part_header = 8 * 1024;  ///< bytes before a part's data
};

/// Reads a body of RFC 7578. `content_type` is the request's header, with the boundary. Strict: every part
/// needs a Content-Disposition of form-data with a name, and the closing boundary must be there, so a cut
/// upload is refused and never taken for a shorter one. The error is one sentence. The parts view into `body`.
[[nodiscard]] Expected<std::vector<MultipartPart>, std::string> ParseMultipart(
    std::string_view content_type, std::string_view body, const MultipartLimits& limits = {});

/// The first part of that name, or null.
[[nodiscard]] const MultipartPart* FindPart(const std::vector<MultipartPart>& parts, std::string_view name);

}  // namespace brood::http
