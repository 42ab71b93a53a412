#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/expected.hpp"
#include "http/server.hpp"
#include "sandboxd/sandboxd.hpp"
#include "sandboxd/task.hpp"

namespace brood::sandboxd {

/// A request to create a task, read.
struct Upload {
  TaskRequest request;
  std::string_view content;  ///< of the file: a view into the request's body
  bool unique = false;       ///< only if the content is new
  bool has_empty_flag = false;
};

/// Why a request to create a task is no such thing, as the original servers find it.
enum class UploadProblem {
  kNoFile,   ///< no form, no part "file", or one without a file name
  kBadField  ///< a field or a file name that the original stumbles over: its uncaught exception
};

/// `POST /tasks/create/file`. All texts are made UTF-8.
[[nodiscard]] Expected<Upload, UploadProblem> ReadFileUpload(Persona persona,
                                                             const http::ServerRequest& request);
/// `POST /tasks/create/url`; target is empty where the form has no url.
[[nodiscard]] Expected<Upload, UploadProblem> ReadUrlUpload(Persona persona,
                                                            const http::ServerRequest& request);

/// The name that a sandbox gives the file: no path, no NUL, 255 bytes at most; 1.2 also cuts it to ASCII and
/// 100 characters. Nothing for a name that is none ("..", "").
[[nodiscard]] std::optional<std::string> FileNameFrom(Persona persona, std::string_view sent);

/// True where 1.2 answers `task_id: null`: texts with other than ASCII, flags that are there and empty.
[[nodiscard]] bool IsRefusedSilently(Persona persona, const Upload& upload);

}  // namespace brood::sandboxd
