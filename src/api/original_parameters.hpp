#pragma once

#include <string>
#include <string_view>

#include "api/replies.hpp"
#include "http/server.hpp"

namespace brood::api {

// What the original's clients send. As there, parameters that a call does not know are not looked at, and of
// one that is given twice the first counts. The refusals are 400 and name the parameter.

/// A query parameter that must be there; `what` says what it is, for the sentence.
[[nodiscard]] Expected<std::string, Refusal> NeededInQuery(const http::ServerRequest& request,
                                                           std::string_view name, std::string_view what);

/// The fields of a form in the body, application/x-www-form-urlencoded or multipart/form-data.
[[nodiscard]] Expected<http::FieldList, Refusal> FormOf(const http::ServerRequest& request);
[[nodiscard]] Expected<std::string, Refusal> NeededInForm(const http::FieldList& form, std::string_view name,
                                                          std::string_view what);

/// A person's words (a reason, an owner): UTF-8 of at most 1,024 bytes without control characters.
[[nodiscard]] Expected<std::string, Refusal> PlainWords(std::string_view name, const std::string& text);

}  // namespace brood::api
