#pragma once

#include <functional>
#include <stop_token>

namespace brood::cli {

/// SIGTERM and SIGINT as a stop request. Call BlockSignals first in main, before any thread is made;
/// WaitForStop then waits on the calling thread until one comes. SIGPIPE and SIGXFSZ are ignored: they become
/// errors of the write.
void BlockSignals();

/// Waits for SIGTERM or SIGINT, looking at `ended` each 200 ms: true from it ends the wait as well.
void WaitForStop(const std::function<bool()>& ended);

}  // namespace brood::cli
