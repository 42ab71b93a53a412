#pragma once

#include <clocale>

namespace brood::archive {

/// While it lives, this thread's texts are UTF-8, whatever the program's locale: libarchive converts names with
/// it.
class Utf8Locale {
 public:
  Utf8Locale() : before_(::uselocale(Shared())) {}
  ~Utf8Locale() { ::uselocale(before_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  static locale_t Shared() {
    static const locale_t shared = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return shared;
  }

  locale_t before_;
};

}  // namespace brood::archive
