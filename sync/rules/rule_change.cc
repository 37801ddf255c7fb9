#include "sync/rules/rule_change.h"

#include <unordered_map>

#include "model/text/words.h"
#include "sync/accounts/config_revision.h"
#include "sync/accounts/feed.h"

namespace muster::sync {
namespace {

// Whoever waits for a rule's word gets its present one at once: the worker must not send the old one
// meanwhile.
Result<> repoint(Writer& writer, const std::vector<Rule>& before, const std::vector<Rule>& after, Time now) {
  std::unordered_map<RuleId, const Rule*> olds;
  for (const auto& old : before) olds.emplace(old.id, &old);
  for (const auto& rule : after) {
    const auto old = olds.find(rule.id);
    if (old != olds.end() && old->second->profile != rule.profile)
      MUSTER_TRY(writer.repoint_waiting(rule, now));
  }
  return {};
}

// Applies the change, and plans: the revision is that before it.
Result<RuleChangeOutcome> apply_and_plan(Writer& writer, const RuleChange& change, const PlanQuery& query) {
  RuleChangeOutcome outcome;
  MUSTER_TRY(check_revision(writer, change.account, change.revision));
  MUSTER_TRY(outcome.revision, writer.config_revision(change.account));
  MUSTER_TRY(change.apply(writer));
  MUSTER_TRY(outcome.plan, make_plan(writer, change.account, query));
  return outcome;
}

}  // namespace

Result<RuleChangeOutcome> change_rules(Store& store, const RuleChange& change) {
  // On a view of its own: a plan over all devices must not keep assignments from being stored.
  if (change.preview)
    return store.try_out([&](Writer& writer) { return apply_and_plan(writer, change, change.query); });
  RuleChangeOutcome outcome;
  bool undo = false;
  const auto done = store.write(change.account, [&](Writer& writer) -> Result<> {
    undo = false;
    MUSTER_TRY(const auto before, writer.rules(change.account));
    PlanQuery query = change.query;
    query.totals = true;  // what is made must be known in full
    MUSTER_TRY(outcome, apply_and_plan(writer, change, query));
    if (outcome.plan.changes > change.max_changes) {
      undo = true;
      return failure(Code::cancelled, "");  // rolls back
    }
    MUSTER_TRY(outcome.revision, writer.config_revision(change.account));
    MUSTER_TRY(repoint(writer, before, outcome.plan.rules, change.now));
    if (outcome.plan.changes == 0 && outcome.plan.adopted == 0) return {};
    return put_backfill_and_tell(
        writer, change.account,
        {.state = Backfill::State::running, .planned = outcome.plan.changes, .began = change.now},
        word(Backfill::State::running), change.now);
  });
  if (undo) return outcome;
  MUSTER_TRY(done);
  outcome.applied = true;
  return outcome;
}

}  // namespace muster::sync
