// Adds entries to the feed (model/feed.h), in the transaction of what they tell of: docs/api.md describes
// them. An entry is about a page or a batch of devices; of their serial numbers it has the first ones.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/account.h"
#include "model/health.h"
#include "store/store.h"

namespace muster::sync {

/// Serial numbers that an entry has at most.
inline constexpr size_t kShownSerials = 20;

/// Devices, of which the first few are shown.
struct DeviceSample {
  long long count = 0;
  std::vector<Serial> first;

  void add(const Serial& serial) {
    ++count;
    if (first.size() < kShownSerials) first.push_back(serial);
  }
};

Result<> tell_state(Writer& writer, const Account& account, const Health& before, const Health& after,
                    Time now);

/// For webhooks: a reminder is due.
Result<> tell_token_expiry(Writer& writer, const Account& account, const Health& health, Time now);
/// For webhooks, in place of its devices: the first full list was read to its end.
Result<> tell_first_list(Writer& writer, AccountId account, Time now);

/// Nothing when nobody arrived or left. `uncovered`: of those that arrived, without a rule.
struct Arrivals {
  DeviceSample arrived{};
  long long left = 0;
  long long uncovered = 0;
};
Result<> tell_arrivals(Writer& writer, AccountId account, const Arrivals& arrivals, Time now);

/// Apple reports the profile, one entry for each.
Result<> tell_confirmed(Writer& writer, AccountId account, const std::map<ProfileUuid, DeviceSample>& devices,
                        Time now);
/// Apple answered with something else than success.
Result<> tell_failed(Writer& writer, AccountId account, const ProfileUuid& profile,
                     std::string_view apple_code, const DeviceSample& devices, Time now);

/// Stores it, too. `outcome`: "running", "paused", "done" or "cancelled".
Result<> put_backfill_and_tell(Writer& writer, AccountId account, const Backfill& backfill,
                               std::string_view outcome, Time now);

}  // namespace muster::sync
