#include "sync/work/parts.h"

#include <string>
#include <unordered_set>

namespace muster::sync {
namespace {

constexpr size_t kNamed = 10;  // serials that an error names

}  // namespace

Result<std::vector<Device>> named_devices(Reader& reader, AccountId account,
                                          std::span<const Serial> serials) {
  MUSTER_TRY(auto devices, reader.devices(account, serials));
  std::unordered_set<Serial> present;
  std::erase_if(devices, [&](const Device& device) {
    return device.tombstone.has_value() || !present.insert(device.serial).second;
  });
  std::string missing;
  size_t count = 0;
  for (const auto& serial : serials)
    if (!present.contains(serial) && count++ < kNamed)
      missing += (missing.empty() ? "" : ", ") + serial.str();
  if (count == 0) return devices;
  return failure(Code::not_found,
                 (count == 1 ? "a serial number is" : std::to_string(count) + " serial numbers are") +
                     " not in the account: " + missing + (count > kNamed ? ", ..." : ""),
                 "No device was changed");
}

}  // namespace muster::sync
