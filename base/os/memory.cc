#include "base/os/memory.h"

#include <malloc.h>

namespace muster {
namespace {

// What is smaller is requested again and again, as a page of Apple's list is (400 KB of text), or the serials
// that are merged in memory (store/sqlite/engine/recent_serials.h): returned each time, a first list of a million
// devices cost 320,000 page faults.
constexpr int kLargeBlock = 1 << 20;
constexpr int kMostKeptAtTheTop = 4 << 20;
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
