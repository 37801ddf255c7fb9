#include "sync/backfill.h"

#include "base/log.h"
#include "sync/desired.h"
#include "sync/plan.h"
#include "sync/subjects.h"

namespace muster::sync {
namespace {

// One assign call's worth.
constexpr int kStep = 1000;

// What one step found, stored with it.
struct Step {
  Backfill backfill;
  int changed = 0;
  std::string broken;  // the rule that cannot work, in whose place nothing is decided
};

DeviceId in_front_of(DeviceId id) { return static_cast<DeviceId>(static_cast<std::int64_t>(id) - 1); }

class Pass {
 public:
  Pass(Writer& writer, const Account& account, Time now)
      : writer_(writer), account_(account.id), account_name_(account.name), now_(now) {}

  Result<Step> go() {
    Step step;
    MUSTER_TRY(step.backfill, writer_.backfill(account_));
    if (step.backfill.state != Backfill::State::running) return step;
    MUSTER_TRY(auto assigners, writer_.assigners(account_));
    rules_ = assign::Rules(std::move(assigners));
    bool full = false;
    MUSTER_TRY(const auto last,
               decide_all(writer_, account_, rules_, step.backfill.position,
                          [&](const Standing& standing, const assign::Decision& decision) -> Result<bool> {
                            const Assigner* rule = rules_.find(decision.assigner);
                            if (rule && !rule->broken.empty()) {
                              step.broken = title_of(*rule);
                              return false;  // the pass stays in front of this device
                            }
                            MUSTER_TRY(apply(standing, decision));
                            if (is_change(standing, decision)) ++step.changed;
                            full = ++touched_ == kStep;
                            return !full;
                          }));
    step.backfill.position = step.broken.empty() ? last : in_front_of(last);
    step.backfill.changed += step.changed;
    if (!step.broken.empty())
      step.backfill.state = Backfill::State::paused;
    else if (!full)
      step.backfill.state = Backfill::State::none;
    MUSTER_TRY(writer_.put_backfill(account_, step.backfill));
    if (step.backfill.state == Backfill::State::none) MUSTER_TRY(writer_.put_profile_moves(account_, {}));
    return step;
  }

 private:
  Result<> apply(const Standing& standing, const assign::Decision& decision) {
    MUSTER_TRY(auto device, writer_.device(standing.device));
    if (!device) return {};
    device->desired = {decision.by, decision.profile, decision.assigner, now_};
    device->contested_at.reset();
    MUSTER_TRY(writer_.update_device(*device));
    MUSTER_TRY(const auto reason, reason_for(*device));
    MUSTER_TRY(note(writer_, *device, now_, HistoryEntry::Kind::decided, reason));
    return settle_assignment(writer_, *device, Assignment::Urgency::backfill, now_);
  }

  Result<std::string> reason_for(const Device& device) {
    if (device.desired.by != Desired::By::assigner)
      return "the newer version of its profile -> " + device.desired.profile.str();
    MUSTER_TRY(const auto subjects,
               Subjects::load(writer_, account_, account_name_, rules_, std::span(&device.serial, 1)));
    return reason_of(rules_, subjects.of(device));
  }

  Writer& writer_;
  const AccountId account_;
  const AccountName& account_name_;
  const Time now_;
  assign::Rules rules_;
  int touched_ = 0;
};

Result<> change_state(Store& store, AccountId account, Backfill::State state) {
  return store.write([&](Writer& writer) -> Result<> {
    MUSTER_TRY(auto backfill, writer.backfill(account));
    if (backfill.state == Backfill::State::none)
      return failure(Code::not_found, "no backfill is under way",
                     "One begins when a rule with the scope unassigned or all is applied");
    backfill.state = state;
    if (state == Backfill::State::none) MUSTER_TRY(writer.put_profile_moves(account, {}));
    return writer.put_backfill(account, backfill);
  });
}

}  // namespace

Result<bool> backfill_step(const RunContext& context) {
  MUSTER_TRY(const auto step, context.store.write([&](Writer& writer) {
    return Pass(writer, context.account, context.clock.now()).go();
  }));
  const std::string& name = context.account.name.str();
  if (!step.broken.empty())
    log::warn("backfill.paused",
              {{"account", name}, {"rule", step.broken}, {"changed", step.backfill.changed}});
  else if (step.backfill.state == Backfill::State::none && step.backfill.began != Time{})
    log::info("backfill.done",
              {{"account", name}, {"planned", step.backfill.planned}, {"changed", step.backfill.changed}});
  return step.backfill.state == Backfill::State::running;
}

Result<> pause_backfill(Store& store, AccountId account) {
  return change_state(store, account, Backfill::State::paused);
}

Result<> resume_backfill(Store& store, AccountId account) {
  return change_state(store, account, Backfill::State::running);
}

Result<> cancel_backfill(Store& store, AccountId account) {
  return change_state(store, account, Backfill::State::none);
}

}  // namespace muster::sync
