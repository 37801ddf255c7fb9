// How the process keeps memory that it has freed.
#pragma once

namespace muster {

/// Large blocks (pages of Apple's list, indexes in memory) go back to the machine when they are freed. By
/// itself the C library keeps ever larger ones, in a heap for each thread: after a first full list, some 30
/// MB that nobody uses. To be called once, before other threads begin.
void give_back_large_blocks();

}  // namespace muster
