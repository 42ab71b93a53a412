#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace brood::sandboxd::inspect {

/// Names types as file(1) does, by libmagic. Thread-safe: libmagic's handles are not, so each call borrows one.
/// Throws std::runtime_error if libmagic's data base cannot be loaded.
class FileTypes {
 public:
  FileTypes();
  ~FileTypes();
  FileTypes(const FileTypes&) = delete;
  FileTypes& operator=(const FileTypes&) = delete;

  /// "ELF 64-bit LSB pie executable, …"; "empty" for nothing, "data" for what nobody knows. Only the first
  /// 1 MiB is looked at.
  [[nodiscard]] std::string NameOf(std::string_view bytes);

 private:
  class Handles;
  std::unique_ptr<Handles> handles_;
};

}  // namespace brood::sandboxd::inspect
