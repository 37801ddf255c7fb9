#include "sim/world/ready_rows.h"

#include <algorithm>

#include "sim/world/account.h"
#include "sim/world/row.h"
#include "sim/world/world.h"

namespace muster::sim {

ReadyRows ReadyRows::make(const World& world, const Account& account, size_t page) {
  ReadyRows ready;
  ready.page_ = page;
  ready.listed_ = account.list.size();
  ready.blocks_.reserve(ready.listed_ / page + 1);
  std::string text;
  for (size_t first = 0; first < ready.listed_; first += page) {
    text.clear();
    for (size_t i = first; i < std::min(first + page, ready.listed_); ++i) {
      if (i != first) text += ',';
      const Device& device = world.device(account.list[i].device);
      append_row(text, world, device, device.state, {});
    }
    ready.blocks_.push_back(text);  // a copy: as long as it must be, and not longer
  }
  return ready;
}

ReadyRows::Block ReadyRows::from(size_t first, size_t limit, int version) const {
  if (limit != page_ || version != kNewestVersion || first >= listed_ || first % page_ != 0) return {};
  return {.text = blocks_[first / page_], .rows = std::min(page_, listed_ - first)};
}

}  // namespace muster::sim
