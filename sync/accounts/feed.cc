#include "sync/accounts/feed.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/text/json.h"
#include "model/text/words.h"
#include "sync/accounts/account_events.h"

namespace muster::sync {
namespace {

Result<> tell(Writer& writer, AccountId account, FeedType type, const boost::json::object& body, Time now) {
  return writer.add_to_feed(
      {.position = {0, now}, .account = account, .type = type, .body = write_json(body)});
}

boost::json::array serials_of(const DeviceSample& devices) {
  boost::json::array serials;
  for (const auto& serial : devices.first) serials.emplace_back(serial.str());
  return serials;
}

}  // namespace

Result<> tell_state(Writer& writer, const Account& account, const Health& before, const Health& after,
                    Time now) {
  boost::json::object body;
  add_standing(body, account, after, now);
  body["state_before"] = std::string(word(before.state));
  return tell(writer, account.id, FeedType::state, body, now);
}

Result<> tell_token_expiry(Writer& writer, const Account& account, const Health& health, Time now) {
  boost::json::object body;
  add_standing(body, account, health, now);
  return tell(writer, account.id, FeedType::token_expiry, body, now);
}

Result<> tell_first_list(Writer& writer, AccountId account, Time now) {
  MUSTER_TRY(const auto counts, writer.device_counts(account));
  return tell(writer, account, FeedType::first_list, {{"devices", counts.devices}}, now);
}

Result<> tell_arrivals(Writer& writer, AccountId account, const Arrivals& arrivals, Time now) {
  if (arrivals.arrived.count == 0 && arrivals.left == 0) return {};
  return tell(writer, account, FeedType::arrivals,
              {{"arrived", arrivals.arrived.count},
               {"left", arrivals.left},
               {"uncovered", arrivals.uncovered},
               {"serials", serials_of(arrivals.arrived)}},
              now);
}

Result<> tell_confirmed(Writer& writer, AccountId account, const std::map<ProfileUuid, DeviceSample>& devices,
                        Time now) {
  for (const auto& [profile, sample] : devices)
    MUSTER_TRY(tell(writer, account, FeedType::assignments,
                    {{"outcome", "confirmed"},
                     {"profile_uuid", profile.str()},
                     {"devices", sample.count},
                     {"serials", serials_of(sample)}},
                    now));
  return {};
}

Result<> tell_failed(Writer& writer, AccountId account, const ProfileUuid& profile,
                     std::string_view apple_code, const DeviceSample& devices, Time now) {
  return tell(writer, account, FeedType::assignments,
              {{"outcome", "failed"},
               {"profile_uuid", profile.str()},
               {"apple_code", std::string(apple_code)},
               {"devices", devices.count},
               {"serials", serials_of(devices)}},
              now);
}

Result<> put_backfill_and_tell(Writer& writer, AccountId account, const Backfill& backfill,
                               std::string_view outcome, Time now) {
  MUSTER_TRY(writer.put_backfill(account, backfill));
  return tell(writer, account, FeedType::backfill,
              {{"state", std::string(outcome)}, {"planned", backfill.planned}, {"changed", backfill.changed}},
              now);
}

}  // namespace muster::sync
