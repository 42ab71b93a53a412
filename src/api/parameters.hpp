#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "api/replies.hpp"
#include "http/server.hpp"
#include "store/result.hpp"

namespace brood::api {

/// The query of a request, each name known and given at most once, each value bounded UTF-8. Every refusal is
/// 400 and names the parameter.
class Parameters {
 public:
  static constexpr std::size_t kMaxBytes = 4'096;
  static constexpr std::size_t kMaxPage = 10'000;

  [[nodiscard]] static Expected<Parameters, Refusal> Of(const http::ServerRequest& request,
                                                        std::initializer_list<std::string_view> known);

  /// The value; nothing if it is absent or empty.
  [[nodiscard]] std::optional<std::string> Text(std::string_view name) const;
  [[nodiscard]] Expected<std::optional<std::int64_t>, Refusal> Int(std::string_view name, std::int64_t min,
                                                                   std::int64_t max) const;
  /// "1" or "0"; absent is false.
  [[nodiscard]] Expected<bool, Refusal> Flag(std::string_view name) const;
  /// From `limit` (1 to kMaxPage, 100 where absent) and `after`.
  [[nodiscard]] Expected<store::Page, Refusal> Page() const;

 private:
  explicit Parameters(http::FieldList fields) : fields_(std::move(fields)) {}

  http::FieldList fields_;
};

/// True for bytes below 0x20 and DEL.
[[nodiscard]] bool HasControlCharacters(std::string_view text);

}  // namespace brood::api
