#pragma once

namespace brood {

/// In test builds BROOD_CRASH_AT="name:n" kills the process (SIGKILL, nothing is flushed) when the point `name`
/// is passed for the n-th time. In a release build this is nothing at all. ARCHITECTURE.md lists the points.
#ifdef BROOD_CRASH_POINTS
void CrashPoint(const char* name);
#else
inline void CrashPoint(const char*) {}
#endif

}  // namespace brood
