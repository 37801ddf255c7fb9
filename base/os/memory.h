// How the process keeps memory that it has freed.
#pragma once

namespace muster {

/// Returns large blocks to the operating system when they are freed. By default, the C library keeps ever larger
/// ones, in a heap per thread: some 30 MB of unused memory after a first full list. Call it once, before starting
/// threads.
void give_back_large_blocks();

}  // namespace muster
