#include "report/masks.hpp"

namespace brood::report {

std::vector<MaskFunction> MaskFunctions() {
  std::vector<MaskFunction> functions;
#if defined(__x86_64__)
  const bool common = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("popcnt");
  if (common && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw"))
    functions.push_back(MaskAvx512);
  if (common && __builtin_cpu_supports("avx2")) functions.push_back(MaskAvx2);
  functions.push_back(MaskSse2);
#endif
  functions.push_back(MaskPortable);
  return functions;
}

MaskFunction BestMaskFunction() {
  static const MaskFunction best = MaskFunctions().front();
  return best;
}

}  // namespace brood::report
