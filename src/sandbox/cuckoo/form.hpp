#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/expected.hpp"
#include "http/client.hpp"
#include "sandbox/sandbox.hpp"

namespace brood::sandbox::cuckoo {

/// The multipart form of /tasks/create/file, with what hurts the real servers kept away from them:
///
/// * empty values are left out (2.x answers 500 to an empty memory or unique, 1.x `task_id: null`);
/// * memory, enforce_timeout, unique: a false one is left out (1.x takes any text for true), a true one is "1",
///   anything else is refused here;
/// * tags: never to 1.x (deleting a tagged task deletes the machines of that tag); to 2.x each once (twice =
/// 500);
/// * owner: not to 1.x, which does not know it;
/// * text outside ASCII in options: refused for 1.x, which would answer `task_id: null`;
/// * `custom`, `owner` and `file` among the options are ignored: the upload has its own.
///
/// The error is a sentence.
[[nodiscard]] Expected<std::vector<http::FormPart>, std::string> MakeForm(const Upload& upload,
                                                                          Dialect dialect);

/// The last component, without control characters, at most 200 bytes (its ending kept); "sample" for "", "."
/// and
/// "..": 2.x answers 500 to longer ones and to "..".
[[nodiscard]] std::string SafeFileName(std::string_view name);

}  // namespace brood::sandbox::cuckoo
