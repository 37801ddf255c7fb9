#include "sync/work/holds.h"

#include "assign/decide.h"
#include "base/log/log.h"
#include "sync/work/desired.h"
#include "sync/work/device_audit.h"
#include "sync/work/intent.h"
#include "sync/work/parts.h"
#include "sync/work/subjects.h"

namespace muster::sync {

Result<int> hold_devices(Store& store, const Account& account, std::span<const Serial> named, Time now) {
  const auto serials = distinct(named);
  MUSTER_TRY(const int held,
             update_devices(store, account.id, [&](Writer& writer, DeviceUpdates& updates) -> Result<int> {
               MUSTER_TRY(named_devices(writer, account.id, serials));
               writer.note_change(device_change("devices.held", serials));
               MUSTER_TRY(const auto intents, store_hold_intent(writer, updates, account.id, serials,
                                                                {now, account.apple_time(now)}));
               return static_cast<int>(intents.size());
             }));
  log::info("device.held", {{"account", account.name.str()}, {"devices", held}});
  return held;
}

Result<Released> release_devices(Store& store, const Account& account, std::span<const Serial> named,
                                 Time now) {
  const auto serials = distinct(named);
  MUSTER_TRY(
      const auto released,
      update_devices(store, account.id, [&](Writer& writer, DeviceUpdates& updates) -> Result<Released> {
        Released result;
        MUSTER_TRY(auto devices, named_devices(writer, account.id, serials));
        writer.note_change(device_change("devices.released", serials));
        MUSTER_TRY(auto stored, writer.rules(account.id));
        const assign::Rules rules(std::move(stored));
        MUSTER_TRY(const Subjects subjects, Subjects::load(writer, account.id, account.name, rules, serials));
        for (auto& held : devices) {
          if (held.desired.by != Desired::By::hold) continue;
          Device& device = updates.keep(std::move(held));
          const int place = rules.first_covering(subjects.of(device));
          const auto decision =
              assign::decide_released(rules.in_order(), assign::standing_of(device, place, false));
          device.desired = {decision.by, decision.profile, decision.rule, now};
          updates.update(device);
          updates.note(device, now, HistoryEntry::Kind::released);
          ++result.released;
          if (decision.by != Desired::By::rule) continue;
          ++result.assigned;
          updates.note(device, now, HistoryEntry::Kind::decided, reason_of(rules, subjects.of(device)));
          MUSTER_TRY(settle_assignment(updates, device, Assignment::Urgency::arrival, now));
        }
        return result;
      }));
  log::info(
      "device.released",
      {{"account", account.name.str()}, {"devices", released.released}, {"assigned", released.assigned}});
  return released;
}

}  // namespace muster::sync
