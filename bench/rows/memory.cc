// Row 10: the most memory that the server had while another row was measured.
#include <fmt/format.h>

#include "bench/rows/row.h"

namespace muster::bench {
namespace {

constexpr double kMost = 96e6;

}  // namespace

Line memory_line(int row, const Samples& bytes) {
  return {.number = 10,
          .work = fmt::format("peak memory in row {}", row),
          .must = fmt::format("< {:.0f} MB", kMost / 1e6),
          .measured = fmt::format("{:.1f} MB", bytes.most() / 1e6),
          .met = bytes.most() < kMost};
}

}  // namespace muster::bench
