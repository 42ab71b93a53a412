#include "base/memory.hpp"

#include <link.h>
#include <mimalloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <mutex>

// Only the release program is linked with mimalloc: elsewhere these are not there.
#pragma weak mi_option_get
#pragma weak mi_option_set

namespace brood {
namespace {

std::mutex mutex;
int living = 0;
long usual_delay = 0;  // ms

/// Pages that nobody can write to are the file's own: none of their content is lost.
int LetGoOf(dl_phdr_info* object, std::size_t /*size*/, void* /*unused*/) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr + page - 1) / page * page;
    const std::uintptr_t end = (object->dlpi_addr + segment.p_vaddr + segment.p_memsz) / page * page;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader speaks in numbers
    if (begin < end) (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void LetGoOfProgramPages() { (void)::dl_iterate_phdr(LetGoOf, nullptr); }

FreeAtOnce::FreeAtOnce() {
  if (mi_option_set == nullptr || mi_option_get == nullptr) return;
  const std::lock_guard lock(mutex);
  if (living++ > 0) return;
  usual_delay = mi_option_get(mi_option_decommit_delay);
  mi_option_set(mi_option_decommit_delay, 0);
}

FreeAtOnce::~FreeAtOnce() {
  if (mi_option_set == nullptr || mi_option_get == nullptr) return;
  const std::lock_guard lock(mutex);
  if (--living == 0) mi_option_set(mi_option_decommit_delay, usual_delay);
}

}  // namespace brood
