#pragma once

#include <string>
#include <string_view>

#include "api/replies.hpp"
#include "store/blacklist.hpp"

namespace brood::api {

/// An entry as GET /api/v1/blacklist shows it.
[[nodiscard]] std::string ToJson(const store::BlacklistEntry& entry);

/// Reasons as they are stored, for embedding: what is no list of reasons becomes [].
[[nodiscard]] std::string ReasonsJson(std::string_view stored);

/// The stored reasons of an entry that a person made: "Blacklisted through API" and what they gave as reason.
[[nodiscard]] std::string ReasonsOfPerson(const std::string& why);

/// `reason` of the body {"reason": "…"}; empty for an empty body. A refusal is 400.
[[nodiscard]] Expected<std::string, Refusal> ReasonFromBody(std::string_view body);

}  // namespace brood::api
