// The memory of the process: what it needs to begin, and how its heap keeps what is free (memory.cc).
#pragma once

namespace muster {

/// Ends the process with exit code 1 and a reason on standard error unless some memory is left. Without it,
/// not even an exception can be thrown: libstdc++ reserves 73 kB for that before `main`, and calls
/// std::terminate when it got none. Call it first of all.
void require_memory_to_start(const char* program);

}  // namespace muster
