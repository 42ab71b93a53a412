#pragma once

#include <functional>

namespace brood::cli {

/// Errors of a write instead of death by SIGPIPE or SIGXFSZ. Call it before anything is written.
void IgnoreWriteSignals();

/// Keeps SIGTERM and SIGINT for WaitForStop, those as well that come before it is known what the program is to
/// do. Call it first in main, before any thread is made.
void HoldStopSignals();

/// Whether SIGTERM or SIGINT has come and is kept for WaitForStop.
[[nodiscard]] bool StopRequested();

/// Thrown at the start, by what waits there, once a stop is requested.
struct StoppedAtStart {};

/// The command is none that waits: it ends at once on SIGTERM and Ctrl-C, also on one that has come already.
void ReleaseStopSignals();

/// Waits for SIGTERM or SIGINT, looking at `ended` each 200 ms: true from it ends the wait as well.
void WaitForStop(const std::function<bool()>& ended);

}  // namespace brood::cli
