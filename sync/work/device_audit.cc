#include "sync/work/device_audit.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text/json.h"

namespace muster::sync {
namespace {

constexpr size_t kMostNamed = 1000;

}  // namespace

AuditChange device_change(const char* action, std::span<const Serial> serials, const ProfileUuid& profile,
                          const std::string& message) {
  std::string named;
  for (const auto& serial : serials.first(std::min(serials.size(), kMostNamed)))
    named += (named.empty() ? "" : " ") + serial.str();
  boost::json::object after{{"devices", serials.size()}};
  if (!profile.empty()) after["profile_uuid"] = profile.str();
  if (!message.empty()) after["message"] = message;
  return {.action = action, .object = std::move(named), .before = {}, .after = write_json(after)};
}

}  // namespace muster::sync
