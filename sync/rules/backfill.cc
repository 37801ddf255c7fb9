#include "sync/rules/backfill.h"

#include <boost/json.hpp>
#include <unordered_map>

#include "base/log/log.h"
#include "base/text/json.h"
#include "model/text/words.h"
#include "sync/accounts/feed.h"
#include "sync/rules/plan.h"
#include "sync/work/desired.h"
#include "sync/work/subjects.h"

namespace muster::sync {
namespace {

// One assign call's worth.
constexpr size_t kStep = 1000;

// What one step did, stored with it.
struct Step {
  Backfill backfill;
  int changed = 0;
};

class Pass {
 public:
  Pass(Writer& writer, const Account& account, Time now)
      : writer_(writer), account_(account.id), account_name_(account.name), now_(now) {}

  Result<Step> go() {
    Step step;
    MUSTER_TRY(step.backfill, writer_.backfill(account_));
    if (step.backfill.state != Backfill::State::running) return step;
    MUSTER_TRY(auto rules, writer_.rules(account_));
    rules_ = assign::Rules(std::move(rules));
    std::vector<std::pair<DeviceId, assign::Decision>> taken;
    MUSTER_TRY(const auto last,
               decide_all(writer_, account_, rules_, step.backfill.position,
                          [&](const Standing& standing, const assign::Decision& decision) -> Result<bool> {
                            taken.emplace_back(standing.device, decision);
                            if (is_change(standing, decision)) ++step.changed;
                            return taken.size() < kStep;
                          }));
    MUSTER_TRY(apply(taken));
    const bool full = taken.size() == kStep;
    step.backfill.position = last;
    step.backfill.changed += step.changed;
    if (!full) step.backfill.state = Backfill::State::none;
    MUSTER_TRY(put_backfill_and_tell(writer_, account_, step.backfill, full ? "running" : "done", now_));
    if (step.backfill.state == Backfill::State::none) MUSTER_TRY(writer_.put_profile_moves(account_, {}));
    return step;
  }

 private:
  Result<> apply(const std::vector<std::pair<DeviceId, assign::Decision>>& taken) {
    std::vector<DeviceId> ids;
    for (const auto& [id, decision] : taken) ids.push_back(id);
    MUSTER_TRY(auto devices, writer_.devices(ids));
    std::vector<Serial> serials;
    for (const auto& device : devices) serials.push_back(device.serial);
    MUSTER_TRY(const auto subjects, Subjects::load(writer_, account_, account_name_, rules_, serials));

    const std::unordered_map<DeviceId, assign::Decision> decisions(taken.begin(), taken.end());
    DeviceUpdates updates(writer_);
    MUSTER_TRY(updates.load_assignments(ids));
    for (auto& device : devices) {
      const auto& decision = decisions.at(device.id);
      device.desired = {decision.by, decision.profile, decision.rule, now_};
      device.contested_at.reset();
      updates.update(device);
      updates.note(device, now_, HistoryEntry::Kind::decided, reason_for(device, subjects));
      MUSTER_TRY(settle_assignment(updates, device, Assignment::Urgency::backfill, now_));
    }
    return updates.write();
  }

  std::string reason_for(const Device& device, const Subjects& subjects) const {
    if (device.desired.by != Desired::By::rule)
      return "newer version of its profile -> " + device.desired.profile.str();
    return reason_of(rules_, subjects.of(device));
  }

  Writer& writer_;
  const AccountId account_;
  const AccountName& account_name_;
  const Time now_;
  assign::Rules rules_;
};

Result<> change_state(Store& store, AccountId account, Backfill::State state, Time now) {
  return store.write(account, [&](Writer& writer) -> Result<> {
    MUSTER_TRY(auto backfill, writer.backfill(account));
    if (backfill.state == Backfill::State::none)
      return failure(Code::not_found, "there is no backfill",
                     "A backfill starts when a rule with the scope unassigned or all is applied");
    const auto what = [](Backfill::State of) {
      return write_json(boost::json::object{{"state", std::string(word(of))}});
    };
    writer.note_change({.action = "backfill.changed", .before = what(backfill.state), .after = what(state)});
    backfill.state = state;
    if (state == Backfill::State::none) MUSTER_TRY(writer.put_profile_moves(account, {}));
    const auto told = state == Backfill::State::none ? "cancelled" : word(state);
    return put_backfill_and_tell(writer, account, backfill, told, now);
  });
}

}  // namespace

Result<bool> backfill_step(const RunContext& context) {
  MUSTER_TRY(const auto step, context.store.write(context.scope(), [&](Writer& writer) {
    return Pass(writer, context.account, context.clock.now()).go();
  }));
  if (step.backfill.state == Backfill::State::none && step.backfill.began != Time{})
    log::info("backfill.done", {{"account", context.account.name.str()},
                                {"planned", step.backfill.planned},
                                {"changed", step.backfill.changed}});
  return step.backfill.state == Backfill::State::running;
}

Result<> pause_backfill(Store& store, AccountId account, Time now) {
  return change_state(store, account, Backfill::State::paused, now);
}

Result<> resume_backfill(Store& store, AccountId account, Time now) {
  return change_state(store, account, Backfill::State::running, now);
}

Result<> cancel_backfill(Store& store, AccountId account, Time now) {
  return change_state(store, account, Backfill::State::none, now);
}

}  // namespace muster::sync
