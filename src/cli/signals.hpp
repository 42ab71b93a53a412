#pragma once

#include <functional>

namespace brood::cli {

/// Errors of a write instead of death by SIGPIPE or SIGXFSZ. Call it first in main.
void IgnoreWriteSignals();

/// Keeps SIGTERM and SIGINT for WaitForStop. Call it before any thread is made, and only in a command that then
/// waits: any other is to end at once on Ctrl-C.
void BlockStopSignals();

/// Waits for SIGTERM or SIGINT, looking at `ended` each 200 ms: true from it ends the wait as well.
void WaitForStop(const std::function<bool()>& ended);

}  // namespace brood::cli
