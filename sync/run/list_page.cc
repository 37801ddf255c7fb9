#include "sync/run/list_page.h"

#include <fmt/format.h>

#include "assign/decide.h"
#include "base/log/log.h"
#include "sync/accounts/connect.h"
#include "sync/inheritance/find_replaced.h"
#include "sync/run/lanes.h"
#include "sync/run/ties.h"

namespace muster::sync {
namespace {

std::string_view word(AppleList list) { return list == AppleList::full ? "fetch" : "sync"; }

std::string call_of(AppleList list) {
  return list == AppleList::full ? "POST /server/devices" : "POST /devices/sync";
}

Error answer_error(std::string message, std::string hint) {
  Error error{Code::remote, std::move(message), std::move(hint), {}};
  error.remote.status = 200;
  return error;
}

// What the lists show for the first time may have been there before Muster. Apple's dates have whole seconds,
// and its clock is known to a second: what the first list shows of that time was there.
assign::ListTime list_time(AppleList list, const SyncState& state) {
  assign::ListTime time;
  if (list == AppleList::full) time.began = state.list_began;
  if (state.taken_over_since)
    time.taken_over_since = std::chrono::floor<std::chrono::seconds>(*state.taken_over_since);
  if (!state.baseline_began) return time;
  time.arrived_since = std::chrono::floor<std::chrono::seconds>(*state.baseline_began);
  if (list == AppleList::changes) {  // it tells of few, and mostly of arrivals
    time.arrived_since = time.surely_arrived_since = *time.arrived_since - assign::kClocksAgree;
    return time;
  }
  time.surely_arrived_since = *time.arrived_since + assign::kClocksAgree;
  if (!state.baseline_done) time.arrived_since = time.surely_arrived_since;
  return time;
}

}  // namespace

Error incomplete_answer(AppleList list) {
  return answer_error("Apple's answer to " + call_of(list) + " has no `devices` or no `more_to_follow`",
                      "Its rows were stored. Muster retries automatically");
}

Error repeated_cursor(AppleList list) {
  return answer_error(
      "Apple's answers to " + call_of(list) + " repeat: they announce more devices, but have no new ones",
      "The devices received were stored. Muster retries automatically");
}

Error endless_list(AppleList list, long long pages) {
  return answer_error(fmt::format("Apple's answers to {} do not end: {} pages received, and more announced",
                                  call_of(list), pages),
                      "The devices received were stored. Muster continues there automatically");
}

int page_limit(const Account& account) {
  constexpr int kUsual = 1000;  // Apple's maximum today, before /account told (apple-dep-api.md 4.2)
  return account.apple ? account.apple->page_limit : kUsual;
}

void tell_page(const LaneContext& context, AppleList list, const ListPage& page, size_t row_count,
               const PageOutcome& outcome) {
  const std::string& name = context.account.name.str();
  log::info("sync.page", {{"account", name},
                          {"phase", word(list)},
                          {"devices", row_count},
                          {"arrivals", outcome.arrivals},
                          {"more", page.content.more_to_follow}});
  tell_outcome(context, outcome);
  for (const auto& text : page.content.odd_rows)
    log::warn("device.malformed_row", {{"account", name}, {"reason", text}});
  if (page.repeats) log::warn("sync.cursor_repeated", {{"account", name}, {"phase", word(list)}});

  context.memory.report.with([&](Report& report) {
    ++report.pages;
    report.devices += static_cast<long long>(row_count);
  });
  context.memory.counts->add_page(list == AppleList::changes ? Lane::changes : Lane::full_list);
}

void tell_outcome(const LaneContext& context, const PageOutcome& outcome) {
  for (const auto& text : outcome.warnings)
    log::warn("device.warning", {{"account", context.account.name.str()}, {"msg", text}});
  context.memory.report.with([&](Report& report) {
    report.arrivals += outcome.arrivals;
    report.left += outcome.left;
    report.uncovered += outcome.uncovered;
    report.confirmed += outcome.confirmed;
  });
  context.memory.counts->add_arrivals(outcome.by_rule);
  context.memory.counts->add_assigned(outcome.assigned_after);
}

Result<StoredPage> store_page(
    const LaneContext& context, AppleList list, assign::Source source, const SyncState& known, ListPage& page,
    const std::function<Result<>(Writer&, const PageOutcome&, SyncState&)>& advance) {
  const AccountId account = context.account.id;
  const auto time = list_time(list, known);
  MUSTER_TRY(auto replaced, find_replaced(context, context.memory.replacements_are_failing,
                                          {page.content.devices, source, time}));
  const PageInput input{.account = account,
                        .account_name = context.account.name,
                        .source = source,
                        .policy = context.policy,
                        .now = context.clock.now(),
                        .list = time,
                        .inherit = context.account.inherit_replacements,
                        .replaced = std::move(replaced)};
  auto rows = std::move(page.content.devices);
  const auto row_count = rows.size();
  const auto write = [&](Writer& writer, std::vector<DeviceReport> own) -> Result<StoredPage> {
    StoredPage stored;
    if (list == AppleList::changes) {
      MUSTER_TRY(stored.ties, hold_ties(writer, account, own, input.now));
    }
    MUSTER_TRY(stored.outcome, apply_rows(writer, input, std::move(own)));
    MUSTER_TRY(stored.state, writer.sync_state(account));
    const SyncState before = stored.state;
    MUSTER_TRY(advance(writer, stored.outcome, stored.state));
    if (stored.state != before) MUSTER_TRY(writer.put_sync_state(account, stored.state));
    return stored;
  };
  // In passing: a page that a power loss takes takes its cursor with it, and Apple gives it again.
  MUSTER_TRY(auto stored, page.is_end()
                              ? context.store.write(context.scope(), std::move(rows), write)
                              : context.store.write_in_passing(context.scope(), std::move(rows), write));

  const PageOutcome& outcome = stored.outcome;
  if (list == AppleList::changes && stored.state.list_under_way)
    context.memory.marks.with([&](ListMarks& marks) { marks.changed.mark(outcome.listed); });
  tell_page(context, list, page, row_count, outcome);
  if (outcome.made_work) {
    context.wake(Lane::assignment);
    context.wake(Lane::questions);
  } else if (stored.ties > 0 || outcome.replacements_to_ask > 0) {
    context.wake(Lane::questions);
  }
  return stored;
}

}  // namespace muster::sync
