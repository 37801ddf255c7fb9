// What assigning arrivals costs at least: the same calls as Muster's, with bodies that are ready beforehand.
// It reads what is new page by page, assigns every batch, reads every batch back, and asks once more what is
// new.
//
//   floor_assign http://127.0.0.1:PORT CURSOR BATCHES
//
// BATCHES is a file with two lines a batch: the body that assigns it, and the body that asks about it.
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "bench/apple_line.h"

namespace {

struct Batch {
  std::string assign, ask;
};

std::vector<Batch> read_batches(const char* path) {
  std::ifstream file(path);
  std::vector<Batch> batches;
  for (Batch batch; std::getline(file, batch.assign) && std::getline(file, batch.ask);)
    batches.push_back(std::move(batch));
  return batches;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw std::runtime_error("usage: floor_assign URL CURSOR BATCHES");
  using namespace muster::bench;
  const auto batches = read_batches(argv[3]);
  AppleLine apple(argv[1]);
  std::string cursor = argv[2];
  for (bool more = true; more;) {
    const auto& page = apple.call("POST", "/devices/sync", page_request(cursor));
    cursor = cursor_of(page);
    more = more_follows(page);
  }
  for (const auto& batch : batches) apple.call("PUT", "/profile/devices", batch.assign);
  for (const auto& batch : batches) apple.call("POST", "/devices", batch.ask);
  apple.call("POST", "/devices/sync", page_request(cursor));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "floor_assign: %s\n", error.what());
  return 1;
}
