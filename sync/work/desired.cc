#include "sync/work/desired.h"

#include <algorithm>

#include "assign/decide.h"
#include "model/text/words.h"

namespace muster::sync {

using Kind = HistoryEntry::Kind;

namespace {

// An operator or another program that takes the profile away again and again is not to be fought for ever.
constexpr long long kMostRepairs = 3;
constexpr Millis kRepairsWithin = std::chrono::hours(24);

// A row of the list of changes may come hours behind what it tells: what it says of the profile is older than
// an assignment that Apple has reported since.
bool profile_is_overtaken(const DeviceFacts& facts, std::optional<Time> op_date, const DeviceFacts& known) {
  return op_date < known.profile_assign_time && op_date &&
         facts.profile_assign_time < known.profile_assign_time;
}

}  // namespace

Result<bool> happens_too_often(DeviceUpdates& updates, const Device& device, Kind kind, Time now) {
  MUSTER_TRY(const auto times, updates.history_count(device, kind, now - kRepairsWithin));
  return times >= kMostRepairs;
}

void observe(Device& device, DeviceFacts&& facts, std::optional<Time> op_date) {
  if (profile_is_overtaken(facts, op_date, device.facts)) {
    facts.profile_status = device.facts.profile_status;
    facts.profile_uuid = device.facts.profile_uuid;
    facts.profile_assign_time = device.facts.profile_assign_time;
    facts.profile_push_time = device.facts.profile_push_time;
  }
  if (!facts.assigned_at) facts.assigned_at = device.facts.assigned_at;
  const bool was_told = !device.facts.assigned_at && device.arrived_at;  // without the date
  if (facts.assigned_at > device.facts.assigned_at && !was_told) {       // an absent one is the smaller
    // What has no date, and a profile, are newer than the assignment, also within its second.
    const Time behind_it = *facts.assigned_at + kSecondOfApple;
    const bool is_its_row = facts.has_no_profile();
    device.arrival_due_before = !op_date ? behind_it : is_its_row ? *op_date : std::max(*op_date, behind_it);
  }
  device.facts = std::move(facts);
}

void observe_answer(Device& device, DeviceFacts facts) {
  const auto& known = device.facts.assigned_at;
  if (facts.has_no_profile() && known && facts.assigned_at > known) facts.assigned_at = known;
  observe(device, std::move(facts), std::nullopt);
}

std::string reason_for_none(const assign::Rules& rules, const assign::Subject& subject) {
  const Rule* first = rules.at(rules.first_covering(subject));
  if (!first || first->filter_error.empty()) return {};
  return "the filter of " + title_of(*first) + " cannot be read: " + first->filter_error;
}

std::string reason_of(const assign::Rules& rules, const assign::Subject& subject) {
  const Rule* winner = rules.find(subject.device.desired.rule);
  if (!winner) return {};
  std::string text = decision_text(*winner);
  std::string others;
  const auto behind_winner = static_cast<int>(winner - rules.in_order().data()) + 1;
  for (const int place : rules.all_covering(subject, behind_winner))
    if (rules.at(place)->filter_error.empty())
      others += (others.empty() ? "" : ", ") + title_of(*rules.at(place));
  return others.empty() ? text : text + "; also covered by " + others;
}

Assignment work_for(const Device& device, Assignment::State state, Assignment::Urgency urgency, Time now) {
  return {.device = device.id,
          .serial = device.serial,
          .account = device.account,
          .profile = device.desired.profile,
          .state = state,
          .urgency = urgency,
          .attempts = 0,
          .next_try = now,
          .last_answer = {},
          .created_at = now};
}

Result<> settle_assignment(DeviceUpdates& updates, const Device& device, Assignment::Urgency urgency,
                           Time now) {
  const ProfileUuid& wanted = device.desired.profile;
  MUSTER_TRY(const Assignment* const present, updates.assignment(device.id));

  if (device.tombstone || wanted.empty()) {
    updates.remove_assignment(device.id);
    return {};
  }
  if (device.facts.has_profile(wanted)) {
    if (!present) return {};
    updates.note(device, now, Kind::confirmed, wanted.str());
    updates.complete_assignment(device, *present, now);
    return {};
  }
  const bool under_way = present && present->profile == wanted;
  if (under_way && urgency != Assignment::Urgency::arrival) return {};
  if (under_way && present->state == Assignment::State::in_flight) return {};
  // An operator's assignment is kept because it is newer than the arrival; so is Apple's SUCCESS for it.
  const bool is_taken = under_way && present->state == Assignment::State::confirming;
  if (is_taken && device.desired.by == Desired::By::manual) return {};
  updates.put_assignment(work_for(device, Assignment::State::due, urgency, now));
  return {};
}

Result<> settle_observed(DeviceUpdates& updates, const Device& device, Time now) {
  if (device.facts.has_profile(device.desired.profile) || device.tombstone)
    return settle_assignment(updates, device, Assignment::Urgency::retry, now);
  if (device.contested_at) return {};
  MUSTER_TRY(const Assignment* const present, updates.assignment(device.id));
  if (present) return {};  // in progress
  updates.put_assignment(work_for(device, Assignment::State::looking, Assignment::Urgency::retry, now));
  return {};
}

Result<bool> is_current(DeviceUpdates& updates, const Assignment& assignment) {
  MUSTER_TRY(const Assignment* const present, updates.assignment(assignment.device));
  return present && present->profile == assignment.profile && present->created_at == assignment.created_at;
}

void ignore_rows_before(Device& device, const Account& account, Time now) {
  if (account.clock_offset)
    device.asked_after =
        std::max(device.asked_after, std::optional(account.apple_time(now) + assign::kClocksAgree));
}

void bury(DeviceUpdates& updates, Device& device, Tombstone::Reason reason, Time now) {
  device.tombstone = Tombstone{reason, now};
  if (!may_return(reason)) {
    device.desired = {};
    device.contested_at.reset();
  }
  device.arrival_due_before.reset();
  device.facts.profile_status.clear();  // whatever it had there is gone with it
  updates.update(device);
  updates.remove_assignment(device.id);
  updates.note(device, now, Kind::left, std::string(word(reason)));
}

}  // namespace muster::sync
