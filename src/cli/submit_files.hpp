#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace brood::cli {

/// One file of a `brood submit`, or why it is none.
struct Candidate {
  std::filesystem::path file;
  std::string problem;  ///< a sentence that names the file; empty: submit it
};

/// The regular files that the arguments mean, in order: a folder means every file below it, sorted. Whatever
/// else is found (symbolic links inside folders, pipes, devices, empty files, what cannot be read) is a
/// candidate with its problem. An argument that is itself a symbolic link means what it points to.
[[nodiscard]] std::vector<Candidate> FilesToSubmit(const std::vector<std::string>& arguments);

}  // namespace brood::cli
