#include "report/masks.hpp"

namespace brood::report {

MaskFunction BestMaskFunction() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("popcnt"))
    return MaskAvx2;
  return MaskSse2;
#else
  return MaskPortable;
#endif
}

}  // namespace brood::report
