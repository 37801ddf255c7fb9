#include "tests/oracle/oracle.h"

#include <algorithm>

namespace muster::oracle {
namespace {

using Kind = Step::Kind;
using Operation = DeviceReport::Operation;

bool without_profile(const DeviceFacts& facts) {
  return facts.profile_status == "" || facts.profile_status == "empty" || facts.profile_status == "removed";
}

class Story {
 public:
  Story(const Rules& rules, Start start) : rules_(rules) {
    if (start == Start::unheard_of) return;
    place_ = "here";  // "it was there before us: scope decides", and the scope is "new"
    take_over(baseline_report());
    settled_ = shown_.assigned_at;
  }

  void tell(const Step& step, size_t number) {
    if (number == rules_.change_at) change_rules();
    now_ = step.at;
    number_ = number + 1;
    switch (step.kind) {
      case Kind::row: told_by_row(step.report); break;
      case Kind::listed: told_by_list(step.report); break;
      case Kind::absent:
        if (place_ == "here") leave("absent");
        break;
      case Kind::assigned:
        if (step.apple_has_it)
          assigned_by_hand();
        else if (place_ == "unknown")
          place_ =
              "gone, not_accessible";  // the attempt has a history, and the device no place among the others
        break;
      case Kind::taken_away:
        if (step.apple_has_it) removed_by_hand();
        break;
      case Kind::forgotten:
        if (place_ == "here") leave("removed");  // else there is nothing to take out
        break;
    }
  }

  std::string outcome() const {
    std::string text = place_;
    if (arrived_ > 0) text += ", arrived " + std::to_string(arrived_);
    if (!wish_.empty()) text += ", " + wish_;
    if (!wanted_.empty()) text += " " + wanted_.str();
    if (has_work()) text += ", work " + wanted_.str();
    return text;
  }

 private:
  // "Rows are ordered by op_date for each serial, over pages, runs and restarts: an older row never
  // overwrites a newer one, and a row delivered twice counts once." "For a device known from a full list
  // only, device_assigned_date stands for the date of its added row."
  void told_by_row(const DeviceReport& row) {
    const bool seen = std::any_of(rows_.begin(), rows_.end(), [&](const DeviceReport& other) {
      return other.operation == row.operation && other.op_date == row.op_date && other.facts == row.facts;
    });
    rows_.push_back(row);
    if (seen) return;
    // "A list is newer than the row of the assignment that it shows", also when they are of the same second.
    if (newest_ && *row.op_date <= *newest_) {
      if (tells_late_of_its_assignment(row)) arrive(*row.facts.assigned_at);
      return;
    }
    newest_ = std::max(newest_, row.op_date);

    switch (row.operation) {
      case Operation::added: {  // "op_date newer than the last one stored for it: yes"
        const bool missing = was_missing();
        take_over(row);
        arrive(*row.op_date, missing);
        break;
      }
      case Operation::deleted: leave("deleted"); break;
      default: {
        // "serial unknown or tombstoned: yes". A device that an operator took out of the database is "shown
        // again, and is not new".
        const bool missing = was_missing(), unknown = is_unknown(row);
        // "left and came back, or was re-assigned to the same service"
        const bool back = place_ == "here" && without_profile(row.facts) && newly_assigned(row);
        take_over(row);
        if (unknown || back) arrive(*row.op_date, missing);
      }
    }
  }

  // "Apple showed a newer assignment first by a row that is no arrival. When the row of the assignment comes
  // then, dated earlier than the one that was first, it is an arrival, once."
  bool tells_late_of_its_assignment(const DeviceReport& row) const {
    if (place_ != "here" || row.operation == Operation::deleted) return false;
    if (row.operation == Operation::modified && !without_profile(row.facts)) return false;
    return row.facts.assigned_at == shown_.assigned_at && shown_.assigned_at != settled_ &&
           *row.op_date < *first_shown_;
  }

  void told_by_list(const DeviceReport& report) {
    const bool missing = was_missing(), unknown = is_unknown(report);
    const bool back = place_ == "here" && without_profile(report.facts) && newly_assigned(report);
    take_over(report);
    if (unknown || back) arrive(*report.facts.assigned_at, missing);
  }

  // "It was missing, with the same device_assigned_date: no, it never left, and is what it was."
  bool was_missing() const { return place_ == "gone, absent" || place_ == "gone, not_accessible"; }
  bool is_unknown(const DeviceReport& report) const {
    return place_ != "here" && place_ != "gone, removed" && !(was_missing() && !newly_assigned(report));
  }

  bool newly_assigned(const DeviceReport& report) const {
    return !shown_.assigned_at || *report.facts.assigned_at > *shown_.assigned_at;
  }

  void take_over(const DeviceReport& report) {
    place_ = "here";
    if (newly_assigned(report))
      first_shown_ = report.op_date ? *report.op_date : *report.facts.assigned_at + std::chrono::seconds(1);
    shown_ = report.facts;
    newest_ = std::max(newest_, report.facts.assigned_at);
    unconfirmed_ = false;
    was_waiting_ = was_waiting_ && lacks_it();
    had_it_ = had_it_ || has_it();
  }

  // "What an operator assigned or removed through Muster after the device came beats the rules until it
  // leaves the account." Else "rules are tried in order; the first match wins".
  void arrive(Time date, bool missing = false) {
    arrived_ = number_;
    settled_ = shown_.assigned_at;
    // "It also outlives a time in which the device was missing."
    if (missing && (wish_ == "person" || wish_ == "hold")) return;
    if ((wish_ == "person" || wish_ == "hold") && wished_ >= date) return;
    wish_.clear();
    wanted_ = ProfileUuid();
    abandoned_ = false;
    for (const Rule& rule : current_rules()) {
      if (!rule.covers) continue;
      wish_ = "rule";
      wanted_ = rule.profile;
      by_filter_ = rule.filter;
      break;
    }
    had_it_ = has_it();
  }

  void leave(const std::string& how) {
    place_ = "gone, " + how;
    if (!was_missing()) {
      wish_.clear();
      wanted_ = ProfileUuid();
    }
    was_waiting_ = false;
    shown_.profile_status.clear();
    settled_ = shown_.assigned_at;
  }

  void assigned_by_hand() {
    place_ = "here";  // Apple has just said SUCCESS
    wish_ = "person";
    wanted_ = kHandProfile;
    abandoned_ = false;
    unconfirmed_ = true;  // "SUCCESS: done; confirmed by the next report"
    wished_ = now_;
  }

  void removed_by_hand() {
    if (place_ == "unknown") return;  // nothing is kept of a device that no list has shown yet
    wish_ = "hold";
    wanted_ = ProfileUuid();
    wished_ = now_;
    shown_.profile_status = "removed";
  }

  // "One row of durable work: desired differs from observed." "Removing a rule leaves its devices as
  // they are and stops repairing them."
  bool has_work() const { return lacks_it() && (!abandoned_ || was_waiting_); }

  bool lacks_it() const { return place_ == "here" && !wanted_.empty() && (unconfirmed_ || !has_it()); }
  bool has_it() const {
    return (shown_.profile_status == "assigned" || shown_.profile_status == "pushed") &&
           shown_.profile_uuid == wanted_;
  }

  // "Giving a filter another profile changes what arrivals get from then on; devices that already have one
  // move only when asked": those that still wait for their first have none to keep.
  void change_rules() {
    changed_ = true;
    if (wish_ != "rule") return;
    const auto rule = std::find_if(rules_.after.begin(), rules_.after.end(),
                                   [&](const Rule& other) { return other.filter == by_filter_; });
    was_waiting_ = has_work();
    abandoned_ = rule == rules_.after.end();
    if (!abandoned_ && was_waiting_ && !had_it_) wanted_ = rule->profile;
  }

  const std::vector<Rule>& current_rules() const { return changed_ ? rules_.after : rules_.before; }

  const Rules& rules_;
  bool changed_ = false;
  Time now_{};
  size_t number_ = 0;

  std::string place_ = "unknown";  // "here", "gone, HOW"
  DeviceFacts shown_;              // what Apple showed last
  std::vector<DeviceReport> rows_;
  std::optional<Time> newest_;
  std::optional<Time> settled_;      // the assignment with which it arrived, was in the baseline or left
  std::optional<Time> first_shown_;  // and when Apple showed the present one first
  size_t arrived_ = 0;
  std::string wish_;  // "rule", "person", "hold"; "" for nobody's
  ProfileUuid wanted_;
  std::string by_filter_;
  bool had_it_ = false;       // Apple has shown what is wanted, since it is
  bool unconfirmed_ = false;  // Apple took what an operator wants, and has shown nothing since
  bool abandoned_ = false;    // its rule was removed
  bool was_waiting_ = false;  // and it had not got its profile by then
  Time wished_{};
};

}  // namespace

std::string decide(const Rules& rules, Start start, const std::vector<Step>& steps) {
  Story story(rules, start);
  for (size_t i = 0; i < steps.size(); ++i) story.tell(steps[i], i);
  return story.outcome();
}

}  // namespace muster::oracle
