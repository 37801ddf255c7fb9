#include "base/os/memory.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

// jemalloc's settings, where a program is linked with it (cmake/muster.cmake). What one thread has allocated,
// another one frees: a page of devices. With the C library's heap the two waited for each other's locks in
// most runs, and a full list of unchanged devices took half as long again. One heap, as few of our threads
// compute at the same time; each thread keeps small blocks only, and what is free goes back to the system
// within 250 ms: with 2 s, 100,000 arrivals need 6 MB more at their peak, and with 50 ms 5 % more time.
// bench/EXPERIMENTS.md has the figures.
extern "C" {
const char* malloc_conf = "narenas:1,dirty_decay_ms:250,muzzy_decay_ms:0,tcache_max:2048";
}

namespace muster {
namespace {

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

}  // namespace muster
