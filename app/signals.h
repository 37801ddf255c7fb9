// Signals of the server.
#pragma once

#include <chrono>
#include <optional>

namespace muster::app {

enum class Signal { stop, sync };

/// SIGTERM and SIGINT mean stop, SIGHUP means sync. Blocks these for the calling thread and all it starts
/// later, and ignores SIGPIPE and SIGXFSZ, of which the writes themselves tell: call first in main.
void take_signals();

/// Waits for the next one; nothing when none came in so long.
std::optional<Signal> next_signal(std::chrono::seconds patience);

}  // namespace muster::app
