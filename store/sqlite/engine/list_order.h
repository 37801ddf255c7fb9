// Apple shows a full list in much the same order every time, and devices are stored in the order in which
// they came: so the devices of the next page are probably those behind the last one of this page. Looked for
// there they are read one after another, instead of each at its place in an index of all serials.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "model/device.h"

namespace muster::sqlite {

class ListOrder {
 public:
  /// Behind which device those of the account's next page should be; nothing when the last page was in
  /// another order.
  std::optional<DeviceId> expected(AccountId account) const;

  /// Both lists are empty before. Moves those of `candidates`, devices in the order of the file, that have
  /// one of the serials to `found`, and the other serials to `rest`. Both lists are gone through once, in
  /// step: a device in another order than its serial is not found.
  static void match(std::span<const Serial> serials, std::vector<Device> candidates, AccountId account,
                    std::vector<Device>& found, std::vector<Serial>& rest);

  /// Tells where the devices of a page are, in the order of the page.
  void learn(AccountId account, std::span<const Device> page);

 private:
  std::map<AccountId, DeviceId> last_;  // of a page whose devices followed each other
};

}  // namespace muster::sqlite
