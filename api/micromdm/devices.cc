#include <algorithm>
#include <boost/json.hpp>
#include <limits>

#include "api/answer.h"
#include "api/body.h"
#include "api/handlers.h"
#include "http/json.h"
#include "sync/by_hand.h"

namespace muster::api::micromdm {
namespace {

constexpr size_t kReadStep = 1000;
constexpr long long kMostNumber = std::numeric_limits<long long>::max();

// Muster does not enrol devices: what only an MDM server knows has the values of "not enrolled".
boost::json::value to_json(const Device& device) {
  return {{"serial_number", device.serial.str()},
          {"udid", ""},
          {"enrollment_status", false},
          {"last_seen", "0001-01-01T00:00:00Z"},
          {"dep_profile_status", device.facts.profile_status}};
}

// Devices in front of page number `page`; as many as there can be when that is more.
long long devices_before(long long page, long long per_page) {
  return per_page > 0 && page > kMostNumber / per_page ? kMostNumber : page * per_page;
}

Result<boost::json::array> named(Reader& reader, AccountId account, const std::vector<Serial>& serials) {
  boost::json::array list;
  MUSTER_TRY(const auto devices, reader.devices(account, serials));
  for (const auto& device : devices)
    if (!device.tombstone) list.push_back(to_json(device));
  return list;
}

// Devices from number `skip` on, `count` at most; 0 for all.
Result<boost::json::array> range(Reader& reader, AccountId account, long long skip, long long count) {
  boost::json::array list;
  Serial after;
  for (;;) {
    MUSTER_TRY(const auto page, reader.device_page(account, after, kReadStep));
    for (const auto& device : page) {
      if (skip-- > 0) continue;
      list.push_back(to_json(device));
      if (static_cast<long long>(list.size()) == count) return list;
    }
    if (page.size() < kReadStep) return list;
    after = page.back().serial;
  }
}

}  // namespace

Result<http::Response> post_devices(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto serials, serials_field(body, "filter_serial", false));
  MUSTER_TRY(const auto page, number_field(body, "page", 0, kMostNumber));
  MUSTER_TRY(const auto per_page, number_field(body, "per_page", 0, kMostNumber));
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(auto list, call.context.store.read([&](Reader& r) {
    return serials.empty() ? range(r, account.id, devices_before(page, per_page), per_page)
                           : named(r, account.id, serials);
  }));
  return http::json_response(200, {{"devices", std::move(list)}});
}

Result<http::Response> delete_devices(const Call& call) {
  MUSTER_TRY(auto body, json_body(call));
  if (auto* inner = body.if_contains("Opts"); inner && inner->is_object())
    body = boost::json::object(inner->get_object());
  MUSTER_TRY(const auto serials, serials_field(body, "serials", true));
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(sync::forget_devices(call.context.store, account.id, serials, call.context.clock.now()));
  return done();
}

}  // namespace muster::api::micromdm
