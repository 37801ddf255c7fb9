#include "base/os/memory.h"

#include <malloc.h>

namespace muster {
namespace {

// A page of Apple's list is 400 KB of text: what is smaller is asked for again at once.
constexpr int kLargeBlock = 512 << 10;
constexpr int kMostKeptAtTheTop = 1 << 20;
// Threads share heaps, so that what one has freed another one finds. A thread's own heap spares locks, but
// few of our threads compute at the same time.
constexpr int kHeaps = 2;

}  // namespace

void give_back_large_blocks() {
  ::mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  ::mallopt(M_TRIM_THRESHOLD, kMostKeptAtTheTop);
  ::mallopt(M_ARENA_MAX, kHeaps);
}

}  // namespace muster
