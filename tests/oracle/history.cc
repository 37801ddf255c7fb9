#include "tests/oracle/history.h"

namespace muster::oracle {
namespace {

using Kind = Step::Kind;
using Operation = DeviceReport::Operation;
using Again = Happening::Again;

// Left out, because neither the table nor the rules can tell them from one that is here: `pushed` (like
// assigned), a profile_uuid beside status empty, a foreign profile beside removed with the old date, and
// models, colours, tags.
constexpr std::chrono::seconds kMoment{3};
const Happening kHappenings[] = {
    {.name = "added", .operation = Operation::added, .status = "empty", .reassigned = true},
    {.name = "added with our profile",
     .operation = Operation::added,
     .status = "assigned",
     .profile = &kRuleProfile,
     .reassigned = true},
    {.name = "added late", .operation = Operation::added, .status = "empty", .late = true},
    {.name = "modified: ours",
     .operation = Operation::modified,
     .status = "assigned",
     .profile = &kRuleProfile},
    {.name = "modified: foreign",
     .operation = Operation::modified,
     .status = "assigned",
     .profile = &kForeignProfile},
    {.name = "modified: foreign, reassigned",
     .operation = Operation::modified,
     .status = "assigned",
     .profile = &kForeignProfile,
     .reassigned = true},
    {.name = "modified: foreign, its assignment untold",
     .operation = Operation::modified,
     .status = "assigned",
     .profile = &kForeignProfile,
     .untold = true},
    {.name = "modified: removed",
     .operation = Operation::modified,
     .status = "removed",
     .profile = &kRuleProfile},
    {.name = "modified: removed, reassigned",
     .operation = Operation::modified,
     .status = "removed",
     .profile = &kRuleProfile,
     .reassigned = true},
    {.name = "modified: foreign removed, reassigned",
     .operation = Operation::modified,
     .status = "removed",
     .profile = &kForeignProfile,
     .reassigned = true},
    {.name = "modified: empty", .operation = Operation::modified, .status = "empty"},
    {.name = "modified: empty, reassigned",
     .operation = Operation::modified,
     .status = "empty",
     .reassigned = true},
    {.name = "deleted", .operation = Operation::deleted},
    {.name = "the last row again", .again = Again::last},
    {.name = "the first row again", .again = Again::first},
    {.name = "the untold row, added", .operation = Operation::added, .status = "empty", .tells = true},
    {.name = "the untold row, modified",
     .operation = Operation::modified,
     .status = "removed",
     .tells = true},
    {.name = "listed", .kind = Kind::listed},
    {.name = "listed: empty, reassigned", .kind = Kind::listed, .status = "empty", .reassigned = true},
    {.name = "listed: foreign, its assignment untold",
     .kind = Kind::listed,
     .status = "assigned",
     .profile = &kForeignProfile,
     .untold = true},
    {.name = "absent", .kind = Kind::absent},
    {.name = "assigned by hand", .kind = Kind::assigned},
    {.name = "removed by hand", .kind = Kind::taken_away},
    {.name = "forgotten", .kind = Kind::forgotten},
};

// The device as Apple has it, and the rows it made.
class Apple {
 public:
  // Nothing when it cannot happen now.
  std::optional<Step> make(const Happening& happening, size_t position) {
    const DeviceFacts now = facts_;
    auto step = happen(happening, position);
    before_ = now;
    return step;
  }

 private:
  std::optional<Step> happen(const Happening& happening, size_t position) {
    Step step{.kind = happening.kind, .apple_has_it = has_it_, .at = {}};
    const Time date = kBegin + (position + 1) * kStep;
    step.at = date + std::chrono::seconds(1);
    switch (happening.kind) {
      case Kind::row:
        if (happening.again != Again::no) {
          if (rows_.empty()) return std::nullopt;
          step.report = happening.again == Again::first ? rows_.front() : rows_.back();
          return step;
        }
        if (happening.tells) {
          if (!untold_) return std::nullopt;
          step.report = untold_row(happening);
          rows_.push_back(step.report);
          return step;
        }
        step.report = row(happening, date);
        rows_.push_back(step.report);
        break;
      case Kind::listed:
        if (!has_it_) return std::nullopt;
        step.report = row(happening, date);
        break;
      case Kind::absent: has_it_ = false; break;
      case Kind::assigned:
        if (has_it_) show("assigned", kHandProfile);
        break;
      case Kind::taken_away:
        if (has_it_) show("removed", facts_.profile_uuid);
        break;
      case Kind::forgotten: break;
    }
    return step;
  }

  DeviceReport row(const Happening& happening, Time date) {
    DeviceReport report;
    report.operation = happening.operation;
    if (report.operation != Operation::none) report.op_date = happening.late ? date - kStep * 3 / 2 : date;
    if (report.operation == Operation::deleted) {
      has_it_ = false;
      return report;  // sparse
    }
    if (happening.late) {  // tells of a time that has passed
      report.facts = before_;
      report.facts.profile_status = happening.status;
      return report;
    }
    if (happening.reassigned) facts_.assigned_at = date;
    if (happening.untold) facts_.assigned_at = untold_ = date - kMoment;
    if (!happening.status.empty())
      show(happening.status, happening.profile ? *happening.profile : ProfileUuid());
    if (report.operation != Operation::none) has_it_ = true;
    report.facts = facts_;
    return report;
  }

  DeviceReport untold_row(const Happening& happening) {
    DeviceReport report;
    report.operation = happening.operation;
    report.op_date = untold_;
    report.facts = facts_;
    report.facts.assigned_at = untold_;
    report.facts.profile_status = happening.status;
    report.facts.profile_uuid = ProfileUuid();
    untold_.reset();
    return report;
  }

  void show(std::string_view status, const ProfileUuid& profile) {
    facts_.profile_status = status;
    facts_.profile_uuid = profile;
  }

  bool has_it_ = true;
  DeviceFacts facts_ = baseline_report().facts;
  DeviceFacts before_ = facts_;  // before what happened last
  std::optional<Time> untold_;   // when it was assigned, if a row is still to tell of that
  std::vector<DeviceReport> rows_;
};

void extend(std::vector<History>& all, const History& begun, const Apple& apple, size_t length) {
  if (begun.steps.size() == length) {
    all.push_back(begun);
    return;
  }
  for (const Happening& happening : kHappenings) {
    Apple next = apple;
    const auto step = next.make(happening, begun.steps.size());
    if (!step) continue;
    History longer = begun;
    longer.happenings.push_back(&happening);
    longer.steps.push_back(*step);
    extend(all, longer, next, length);
  }
}

}  // namespace

DeviceReport baseline_report() {
  DeviceReport report;
  report.facts.family = "iPad";
  report.facts.profile_status = "empty";
  report.facts.assigned_at = kBegin;
  return report;
}

std::string History::name() const {
  std::string text;
  for (const auto* happening : happenings) {
    if (!text.empty()) text += "; ";
    text += happening->name;
  }
  return text;
}

std::vector<History> histories(size_t length) {
  std::vector<History> all;
  extend(all, {}, Apple(), length);
  return all;
}

}  // namespace muster::oracle
