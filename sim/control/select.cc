#include "sim/control/select.h"

#include <fmt/format.h>

#include <unordered_set>

namespace muster::sim {
namespace {

Result<std::vector<DeviceId>> by_serial(World& world, const std::vector<std::string>& serials, int account) {
  std::vector<DeviceId> ids;
  std::unordered_set<DeviceId> seen;
  for (const auto& serial : serials) {
    const Device* device = world.find_device(serial);
    if (!device) return failure(Code::not_found, "there is no device " + serial);
    if (device->account == -1) return failure(Code::conflict, "the device " + serial + " is in no account");
    if (account != -1 && device->account != account)
      return failure(Code::conflict, "the device " + serial + " is in the account \"" +
                                         world.account(device->account).name + "\"");
    const DeviceId id = world.id_of(*device);
    if (seen.insert(id).second) ids.push_back(id);
  }
  return ids;
}

}  // namespace

DeviceChoice::DeviceChoice(ControlBody& body)
    : serials(body.texts("serials")),
      account(body.text("account")),
      count(body.number("count", 0, 5'000'000)),
      last(body.flag("last").value_or(false)),
      all(body.flag("all").value_or(false)) {}

Result<std::vector<DeviceId>> DeviceChoice::resolve(World& world) const {
  int index = -1;
  if (account) {
    index = world.find_account(*account);
    if (index == -1) return failure(Code::not_found, "there is no account \"" + *account + "\"");
  }
  if (serials) return by_serial(world, *serials, index);
  if (!count && !all) return failure(Code::invalid, "specify \"serials\", \"count\" or \"all\"");
  const Account& owner = world.account(index == -1 ? 0 : index);
  std::vector<DeviceId> ids;
  for (const auto& entry : owner.list)
    if (entry.departure == 0) ids.push_back(entry.device);
  if (all) return ids;
  const auto wanted = static_cast<size_t>(*count);
  if (ids.size() < wanted)
    return failure(Code::invalid,
                   fmt::format("the account \"{}\" has {} devices, not {}", owner.name, ids.size(), wanted));
  if (last) ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(wanted));
  ids.resize(wanted);
  return ids;
}

}  // namespace muster::sim
