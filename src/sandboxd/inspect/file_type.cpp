#include "sandboxd/inspect/file_type.hpp"

#include <magic.h>

#include <mutex>
#include <stdexcept>
#include <vector>

#include "base/utf8.hpp"

namespace brood::sandboxd::inspect {
namespace {

constexpr std::size_t kLookAt = std::size_t{1} << 20;

struct Close {
  void operator()(magic_set* handle) const { magic_close(handle); }
};
using Handle = std::unique_ptr<magic_set, Close>;

Handle Open() {
  Handle handle(magic_open(MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR));
  if (!handle) throw std::runtime_error("libmagic cannot be started");
  if (magic_load(handle.get(), nullptr) != 0) {
    throw std::runtime_error(std::string("libmagic cannot load its data base: ") + magic_error(handle.get()));
  }
  return handle;
}

}  // namespace

class FileTypes::Handles {
 public:
  Handles() { idle_.push_back(Open()); }

  Handle Borrow() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        Handle handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
      }
    }
    return Open();
  }
  void GiveBack(Handle handle) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(handle));
  }

 private:
  std::mutex mutex_;
  std::vector<Handle> idle_;
};

FileTypes::FileTypes() : handles_(std::make_unique<Handles>()) {}
FileTypes::~FileTypes() = default;

std::string FileTypes::NameOf(std::string_view bytes) {
  if (bytes.empty()) return "empty";
  Handle handle = handles_->Borrow();
  const std::string_view head = bytes.substr(0, kLookAt);
  const char* const name = magic_buffer(handle.get(), head.data(), head.size());
  std::string type = name == nullptr ? "data" : MakeUtf8(name);
  handles_->GiveBack(std::move(handle));
  return type;
}

}  // namespace brood::sandboxd::inspect
