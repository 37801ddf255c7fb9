// What getting the pages costs at least: the whole list, page by page, thrown away. Prints the cursor that
// sync goes on with.
//
//   floor_fetch http://127.0.0.1:PORT
#include <cstdio>
#include <exception>

#include "bench/apple_line.h"

int main(int argc, char** argv) try {
  if (argc != 2) throw std::runtime_error("usage: floor_fetch URL");
  muster::bench::AppleLine apple(argv[1]);
  std::string cursor;
  for (;;) {
    const auto& page = apple.call("POST", "/server/devices", muster::bench::page_request(cursor));
    cursor = muster::bench::cursor_of(page);
    if (!muster::bench::more_follows(page)) break;
  }
  std::puts(cursor.c_str());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "floor_fetch: %s\n", error.what());
  return 1;
}
