#include "base/os/memory.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

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

// More than libstdc++ reserves: if this is there now, that was there, too.
constexpr size_t kToStart = 256 << 10;

// Without the heap.
void put(const char* text) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, std::strlen(text));
}

}  // namespace

void require_memory_to_start(const char* program) {
  void* volatile block =
      std::malloc(kToStart);  // volatile: a compiler may leave out a pair of malloc and free
  if (block) return std::free(block);
  put(program);
  put(": out of memory at the start. Raise the limit of the process (ulimit -v, MemoryMax=), or add memory\n");
  std::_Exit(EXIT_FAILURE);
}

void give_back_large_blocks() {
  ::mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  ::mallopt(M_TRIM_THRESHOLD, kMostKeptAtTheTop);
  ::mallopt(M_ARENA_MAX, kHeaps);
}

}  // namespace muster
