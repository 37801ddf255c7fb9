// The memory of the process: what it needs to begin, and how it keeps what it has freed.
#pragma once

namespace muster {

/// Ends the process with exit code 1 and a reason on standard error unless some memory is left. Without it, not even
/// an exception can be thrown: libstdc++ reserves 73 kB for that before `main`, and calls std::terminate when it got
/// none. Call it first of all.
void require_memory_to_start(const char* program);

/// Returns large blocks to the operating system when they are freed. By default, the C library keeps ever larger
/// ones, in a heap per thread: some 30 MB of unused memory after a first full list. Call it once, before starting
/// threads.
void give_back_large_blocks();

}  // namespace muster
