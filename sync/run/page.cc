#include "sync/run/page.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "assign/decide.h"
#include "assign/rules.h"
#include "model/device_flags.h"
#include "model/text/words.h"
#include "sync/accounts/feed.h"
#include "sync/work/desired.h"
#include "sync/work/subjects.h"

namespace muster::sync {
namespace {

using assign::Verdict;
using Kind = HistoryEntry::Kind;
using Operation = DeviceReport::Operation;

// The order in which things happened. A row without a date keeps its place behind the row before it.
void sort_by_date(std::vector<DeviceReport>& rows) {
  std::vector<std::pair<Time, size_t>> order(rows.size());
  Time latest{};
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].op_date) latest = *rows[i].op_date;
    order[i] = {latest, i};
  }
  if (std::is_sorted(order.begin(), order.end())) return;
  std::sort(order.begin(), order.end());
  std::vector<DeviceReport> sorted;
  sorted.reserve(rows.size());
  for (const auto& [date, index] : order) sorted.push_back(std::move(rows[index]));
  rows = std::move(sorted);
}

std::string warning_text(Verdict::Warning warning, const Serial& serial) {
  switch (warning) {
    case Verdict::Warning::none: break;
    case Verdict::Warning::readding: return "warning: re-adding existing DEP device: " + serial.str();
    case Verdict::Warning::unknown_update:
      return "warning: no existing device for DEP device update: " + serial.str();
    case Verdict::Warning::unassigned: return "warning: DEP device unassigned: " + serial.str();
  }
  return {};
}

ProfileShown shown(const DeviceFacts& facts) { return {facts.profile_status, facts.profile_uuid}; }
std::string profile_text(const DeviceFacts& facts) { return text_of(shown(facts)); }

std::string_view arrival_word(Operation operation) {
  switch (operation) {
    case Operation::added: return "added";
    case Operation::modified: return "modified";
    default: return "found in a full list";
  }
}

// The devices of one page while they change, and what is to be written of them.
class Page {
 public:
  Page(Writer& writer, DeviceUpdates& updates, const PageInput& input)
      : writer_(writer), updates_(updates), input_(input) {}

  Result<> load(const std::vector<DeviceReport>& rows) {
    MUSTER_TRY(auto rules, writer_.rules(input_.account));
    rules_ = assign::Rules(std::move(rules));
    row_count_ = rows.size();
    std::vector<Serial> serials;
    serials.reserve(rows.size());
    for (const auto& row : rows) serials.push_back(row.serial);
    MUSTER_TRY(auto found, writer_.devices(input_.account, serials));
    MUSTER_TRY(subjects_, Subjects::load(writer_, input_.account, input_.account_name, rules_, serials));
    if (input_.inherit) {
      MUSTER_TRY(inheritance_, Inheritance::load(writer_, input_.account, input_.replaced));
    }
    stored_ = std::move(found);
    devices_.reserve(serials.size());
    std::vector<DeviceId> wanting;
    for (auto& device : stored_) {
      if (!device.desired.profile.empty()) wanting.push_back(device.id);
      devices_.emplace(device.serial.str(), &device);
    }
    date_arrivals(rows);
    return updates_.load_assignments(wanting);
  }

  Result<> apply(DeviceReport&& row) {
    const auto known = devices_.find(row.serial.str());
    const bool is_new = known == devices_.end();
    const Verdict verdict =
        assign::judge(row, is_new ? nullptr : known->second, input_.source, input_.policy, list_);
    if (auto text = warning_text(verdict.warning, row.serial); !text.empty())
      outcome.warnings.push_back(std::move(text));
    if (verdict.effect == Verdict::Effect::nothing) {
      outcome.listed.push_back(known->second->id);
      return {};
    }
    if (verdict.effect == Verdict::Effect::arrived_late) return arrive_late(*known->second, row);
    MUSTER_TRY(Device* const added, is_new ? add(row.serial) : Result<Device*>(nullptr));
    Device& device = is_new ? *added : *known->second;
    const auto before = is_new ? std::nullopt : std::optional(device);
    if (row.op_date) device.last_op_date = row.op_date;
    // Within the second of the row more may still happen.
    if (row.confirmed && input_.asked_at >= *row.op_date + kSecondOfApple) device.asked_after = row.op_date;
    if (row.operation != Operation::none) device.last_operation = row.operation;

    if (verdict.effect == Verdict::Effect::left) {
      leave(device, std::move(row), is_new);
      return {};
    }

    observe(device, std::move(row.facts), row.op_date);
    const bool was_before_us = is_new && row.operation == Operation::none;
    if (was_before_us || input_.source == assign::Source::baseline) device.arrival_due_before.reset();
    const bool revived = device.tombstone.has_value();
    // What an operator removed after its assignment has nothing to come.
    const bool was_removed = revived && is_by_operator(device.tombstone->reason);
    if (was_removed && device.asked_after && device.facts.assigned_at <= device.asked_after)
      device.arrival_due_before.reset();
    const bool was_missing = revived && may_return(device.tombstone->reason);
    device.tombstone.reset();
    if (verdict.effect == Verdict::Effect::arrived) {
      const auto at = row.op_date ? row.op_date : device.facts.assigned_at;
      // What an operator decided is not undone by having been missing.
      return arrive(device, was_missing ? std::optional(Time::min()) : at, arrival_word(row.operation));
    }

    // Only what Apple shows has changed. A row for an unknown device gets here under MicroMDM's literal rule,
    // or as part of the baseline; a tombstone gets here under that rule only.
    if (device.facts.has_profile(device.desired.profile)) device.contested_at.reset();
    if (!is_new && !is_replacement(before->facts.other)) MUSTER_TRY(inherit_when_told(device));
    const bool looks_different = is_new || device.facts != before->facts;
    MUSTER_TRY(const bool taken, looks_different ? stand(device, is_new) : Result<bool>(false));
    if (!is_new && device != *before) updates_.update(device);
    outcome.listed.push_back(device.id);
    if (is_new)
      device.baseline = shown(device.facts);
    else
      note_observed(device, *before, revived);
    if (taken) {
      note(device, Kind::decided, reason_of(rules_, subjects_.of(device)));
      return settle_assignment(updates_, device, Assignment::Urgency::backfill, input_.now);
    }
    if (is_new || device.desired.profile.empty()) return {};
    if (!device.facts.has_profile(device.desired.profile) && !keeps_repairing(device.desired)) return {};
    return settle_observed(updates_, device, input_.now);
  }

  Result<> write_inheritance() {
    if (inherited_.empty() && asked_.empty()) return {};
    MUSTER_TRY(inheritance_.write(writer_, input_.now));
    const std::vector<Serial> answered(inherited_.begin(), inherited_.end());
    MUSTER_TRY(writer_.remove_questions(input_.account, Question::Kind::replacement, answered));
    std::vector<Question> questions;
    for (const auto& serial : asked_)
      questions.push_back({.account = input_.account,
                           .kind = Question::Kind::replacement,
                           .serial = serial,
                           .op_date = input_.now,
                           .since = input_.now,
                           .next_try = input_.now});
    outcome.replacements_to_ask = static_cast<int>(questions.size());
    return writer_.put_questions(questions);
  }

  // What the page came to.
  PageOutcome take_outcome() {
    for (const auto& [rule, devices] : arrived_by_)
      outcome.by_rule[!rule ? "" : rule->name.empty() ? rule->filter : rule->name] += devices;
    outcome.made_work = updates_.puts_assignments();
    outcome.assigned_after = updates_.assigned_after();
    for (const auto& [profile, devices] : updates_.confirmed()) outcome.confirmed += devices.count;
    return std::move(outcome);
  }

  PageOutcome outcome;
  DeviceSample arrived;

 private:
  // Of the devices assigned in the very seconds in which the first list began, a few may have come right
  // behind it, but not many: then they were there, and that list was cut short.
  void date_arrivals(const std::vector<DeviceReport>& rows) {
    constexpr long kFew = 5;
    const auto& list = input_.list;
    if (!list.arrived_since || list.arrived_since == list.surely_arrived_since) return;
    const auto doubtful = std::count_if(rows.begin(), rows.end(), [&](const DeviceReport& row) {
      const auto& at = row.facts.assigned_at;
      return at && *at >= *list.arrived_since && *at < *list.surely_arrived_since &&
             !devices_.contains(row.serial.str());
    });
    if (doubtful > kFew) list_.arrived_since = list.surely_arrived_since;
  }

  Result<Device*> add(const Serial& serial) {
    if (added_.empty()) added_.reserve(row_count_);  // devices stay where they are
    Device& device = added_.emplace_back();
    device.account = input_.account;
    device.serial = serial;
    device.first_seen = input_.now;
    devices_.emplace(device.serial.str(), &device);
    MUSTER_TRY(updates_.insert(device));
    return &device;
  }

  // What an operator decided since is about the device that came back meanwhile, of which a later row tells.
  void leave(Device& device, DeviceReport&& row, bool is_new) {
    const Desired decided = device.desired;
    const bool is_newer =
        assign::is_manual(decided) && decided.at && row.op_date && *decided.at > *row.op_date;
    // A new one is kept all the same: an older row about it may still come, and must not revive it. Else the
    // row may be sparse: what was known of the device stays.
    const bool leaves_hold =
        input_.inherit && decided.by == Desired::By::hold && was_replaced(row.facts.other);
    if (is_new) device.facts = std::move(row.facts);
    bury(updates_, device, Tombstone::Reason::deleted, input_.now);
    if (is_newer || leaves_hold) device.desired = decided;  // the replacement may come long after
    outcome.listed.push_back(device.id);
    ++outcome.left;
  }

  // What Apple showed after this row stays as it is. What an operator did since the assignment beats the
  // rules, also when this row is not the first of it.
  Result<> arrive_late(Device& device, const DeviceReport& row) {
    device.facts.assigned_at = std::max(device.facts.assigned_at, row.facts.assigned_at);
    if (row.op_date > device.last_op_date) {  // behind a list, which has no dates
      device.last_op_date = row.op_date;
      device.last_operation = row.operation;
    }
    return arrive(device, row.facts.assigned_at,
                  std::string(arrival_word(row.operation)) + ", reported late");
  }

  // `at` by Apple's clock.
  Result<> arrive(Device& device, std::optional<Time> at, std::string_view how) {
    device.arrived_at = input_.now;
    device.arrival_due_before.reset();
    device.contested_at.reset();
    MUSTER_TRY(const auto inherited, inherit(device));  // the rules look at what it has then
    const auto* winner = rules_.at(rules_.first_covering(subjects_.of(device)));
    auto decision = assign::decide_arrival(winner, device.desired, at);
    const bool by_operator = decision.by == Desired::By::manual || decision.by == Desired::By::hold;
    const bool takes_hold = inherited && inherited->is_held && !by_operator;
    if (takes_hold) {
      decision = {Desired::By::hold, {}, {}};
      const auto by_apple = std::max(at, device.facts.assigned_at);
      device.desired = {Desired::By::hold, {}, {}, by_apple.value_or(input_.now)};
    } else if (!by_operator) {
      device.desired = {decision.by, decision.profile, decision.rule, input_.now};
    }
    updates_.update(device);
    if (inherited)
      note(device, Kind::inherited,
           inherited->text(takes_hold           ? InheritedHold::taken
                           : inherited->is_held ? InheritedHold::overruled
                                                : InheritedHold::none));
    std::string arrival = std::string(how) + ", " + profile_text(device.facts);
    if (decision.by == Desired::By::rule) arrival += "; " + reason(device);
    note(device, Kind::arrived, std::move(arrival));
    if (takes_hold) note(device, Kind::held, "taken over from " + inherited->original.str());
    if (decision.by == Desired::By::nobody) {
      ++outcome.uncovered;
      note(device, Kind::uncovered, reason_for_none(rules_, subjects_.of(device)));
    }
    outcome.listed.push_back(device.id);
    ++arrived_by_[decision.by == Desired::By::rule ? winner : nullptr];
    ++outcome.arrivals;
    arrived.add(device.serial);
    return settle_assignment(updates_, device, Assignment::Urgency::arrival, input_.now);
  }

  // Nothing where the device is no replacement, or has inherited before. What Apple has not told yet becomes
  // a question.
  Result<bool> may_inherit(const Device& device) {
    if (!input_.inherit || !is_replacement(device.facts.other)) return false;
    MUSTER_TRY(const bool has, has_inherited(updates_, device));
    if (has) return false;
    if (inheritance_.original_of(device.serial)) return inherited_.insert(device.serial).second;
    asked_.insert(device.serial);
    return false;
  }

  // As this page has it by now; null for one that is not on it.
  const Device* original_of(const Device& device) const {
    const auto found = devices_.find(inheritance_.original_of(device.serial)->str());
    return found == devices_.end() ? nullptr : found->second;
  }

  Result<std::optional<Inherited>> inherit(const Device& device) {
    MUSTER_TRY(const bool may, may_inherit(device));
    if (!may) return std::nullopt;
    auto inherited = inheritance_.take(device.serial, original_of(device));
    subjects_.replace(device.serial, inherited.whole_note, inherited.all_lists);
    return std::optional(std::move(inherited));
  }

  // Of a device that is there already.
  Result<> inherit_when_told(Device& device) {
    MUSTER_TRY(const bool may, may_inherit(device));
    if (!may) return {};
    MUSTER_TRY(auto inherited, inherit_late(updates_, inheritance_, device, original_of(device), input_.now,
                                            device.last_op_date.value_or(input_.now)));
    subjects_.replace(device.serial, std::move(inherited.whole_note), std::move(inherited.all_lists));
    return {};
  }

  // Few sets of rules cover many devices.
  const std::string& reason(const Device& device) {
    const auto subject = subjects_.of(device);
    auto& text = reasons_[{device.desired.rule, rules_.all_covering(subject)}];
    if (text.empty()) text = reason_of(rules_, subject);
    return text;
  }

  // Whether a rule takes an existing device, now that Apple shows it otherwise than before; then that is what
  // it desires. One that someone fights over is left alone, and so is one that two rules give to each other
  // again and again.
  Result<bool> stand(Device& device, bool is_new) {
    if (device.contested_at || !rules_.any_is_wide()) return false;
    const auto decision = assign::decide_standing(
        rules_.in_order(), assign::standing_of(device, rules_.first_covering(subjects_.of(device)), false));
    if (!decision) return false;
    if (!is_new && device.desired.by == Desired::By::rule) {
      MUSTER_TRY(const bool too_often, happens_too_often(updates_, device, Kind::decided, input_.now));
      if (too_often) {
        device.contested_at = input_.now;
        note(device, Kind::contested, decision->profile.str());
        return false;
      }
    }
    device.desired = {decision->by, decision->profile, decision->rule, input_.now};
    return true;
  }

  void note_observed(const Device& device, const Device& before, bool revived) {
    if (profile_text(device.facts) == profile_text(before.facts) && !revived) return;
    note(device, Kind::observed, profile_text(before.facts) + " -> " + profile_text(device.facts));
  }

  void note(const Device& device, Kind kind, std::string detail = {}) {
    updates_.note(device, input_.now, kind, std::move(detail));
  }

  // A rule that was removed leaves its devices as they are.
  bool keeps_repairing(const Desired& desired) const {
    return desired.by != Desired::By::rule || rules_.find(desired.rule);
  }

  Writer& writer_;
  DeviceUpdates& updates_;
  const PageInput& input_;
  assign::ListTime list_ = input_.list;
  assign::Rules rules_;
  Subjects subjects_;
  Inheritance inheritance_;
  std::set<Serial> inherited_;             // who took over
  std::set<Serial> asked_;                 // who could not yet
  std::map<const Rule*, int> arrived_by_;  // the rule that decided; null for none
  std::map<std::pair<RuleId, std::vector<int>>, std::string> reasons_;  // by winner, and all that cover
  std::vector<Device> stored_;
  std::vector<Device> added_;
  size_t row_count_ = 0;
  std::unordered_map<std::string_view, Device*> devices_;  // of both, by serial
};

}  // namespace

Result<PageOutcome> apply_rows(Writer& writer, const PageInput& input, std::vector<DeviceReport> rows) {
  sort_by_date(rows);
  DeviceUpdates updates(writer);
  Page page(writer, updates, input);
  MUSTER_TRY(page.load(rows));
  for (auto& row : rows) MUSTER_TRY(page.apply(std::move(row)));
  MUSTER_TRY(page.write_inheritance());
  auto outcome = page.take_outcome();
  MUSTER_TRY(updates.write());
  MUSTER_TRY(tell_arrivals(writer, input.account,
                           {.arrived = page.arrived, .left = outcome.left, .uncovered = outcome.uncovered},
                           input.now));
  MUSTER_TRY(tell_confirmed(writer, input.account, updates.confirmed(), input.now));
  return outcome;
}

}  // namespace muster::sync
