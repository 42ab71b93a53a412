#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace brood::http {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete };

[[nodiscard]] std::string_view Name(Method method);                     ///< "GET"
[[nodiscard]] std::optional<Method> MethodFrom(std::string_view name);  ///< upper case only, as on the wire
[[nodiscard]] std::string_view ReasonPhrase(int status);                ///< "Not Found"; "" for an unknown one

/// Names and values in the order they came or shall go; a name may come twice.
using HeaderList = std::vector<std::pair<std::string, std::string>>;
/// The same for query parameters and form fields. Their names are case-sensitive.
using FieldList = std::vector<std::pair<std::string, std::string>>;

/// The first value under `name`, without regard to case. The view lives as long as the list.
[[nodiscard]] std::optional<std::string_view> Find(const HeaderList& headers, std::string_view name);
/// The first value under exactly this name.
[[nodiscard]] std::optional<std::string_view> FindField(const FieldList& fields, std::string_view name);

}  // namespace brood::http
