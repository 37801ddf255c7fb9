#include "sync/job.h"

#include <algorithm>

#include "base/log.h"
#include "base/rfc3339.h"
#include "sync/account_events.h"
#include "sync/accounts.h"
#include "sync/backfill.h"
#include "sync/backoff.h"
#include "sync/connect.h"
#include "sync/health.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// Retries that fall due between two runs wake the account at most this often.
constexpr Millis kRetryStep = 2min;
// When a removed account could not be erased: a full disk stays full for a while.
constexpr Millis kEraseRetry = 1min;

void log_failure(const std::string& account, const Error& error) {
  log::error("sync.failed", {{"account", account}, {"reason", error.text()}});
}

Error pause_error(const Health& health) {
  return {Code::unreachable,
          "Apple asked for no call before " + format_rfc3339(*health.not_before),
          "Muster goes on by itself then",
          {}};
}

}  // namespace

std::optional<Time> Job::operator()(AccountId id, const Turn& turn) {
  struct State {
    std::optional<Account> account;
    Health health;
  };
  auto state = store_.read([&](Reader& r) -> Result<State> {
    MUSTER_TRY(auto account, r.account(id));
    MUSTER_TRY(auto health, r.health(id));
    return State{std::move(account), std::move(health)};
  });
  if (!state) {
    log_failure("#" + std::to_string(static_cast<long long>(id)), state.error());
    set_report(id, {.error = state.error()});
    return clock_.now() + account_wait(1);
  }
  if (!state->account) return erase(id, turn.stop);
  if (!state->account->token || state->account->paused) return std::nullopt;
  const Account& account = *state->account;

  const Time now = clock_.now();
  if (state->health.not_before && now < *state->health.not_before) {
    set_report(id, {.error = pause_error(state->health)});
    return state->health.not_before;
  }

  const auto planned = next_run(id);
  const bool run_is_due = turn.asked || turn.full || !planned || now >= *planned;
  set_report(id, {});
  const auto outcome = work(account, turn, run_is_due);
  if (!outcome) {
    reports_.with([&](auto& reports) { reports[id].error = outcome.error(); });
    if (outcome.error().code == Code::cancelled) return std::nullopt;
    log_failure(account.name.str(), outcome.error());
  }
  const auto health = record(account, state->health, outcome);
  if (!health) log_failure(account.name.str(), health.error());
  return next_due(account, health.value_or(state->health), outcome);
}

// The account is gone. What is left of it goes here, where no run of it can be under way.
std::optional<Time> Job::erase(AccountId account, std::stop_token stop) {
  const auto erased = erase_account(store_, account, stop);
  if (!erased && erased.error().code != Code::cancelled) {
    log_failure("#" + std::to_string(static_cast<long long>(account)), erased.error());
    return clock_.now() + kEraseRetry;
  }
  next_runs_.with([&](auto& runs) { runs.erase(account); });
  reports_.with([&](auto& reports) { reports.erase(account); });
  return std::nullopt;
}

Result<> Job::work(const Account& stored, const Turn& turn, bool run_is_due) {
  Account account = stored;
  MUSTER_TRY(const auto service, services_.of(account));
  MUSTER_TRY(learn_account(account, *service, turn.stop));
  JobReport report;
  RunReport before;  // of the first run, when there is a second one
  const RunContext context{.store = store_,
                           .service = *service,
                           .clock = clock_,
                           .account = account,
                           .policy = options_.policy,
                           .stop = turn.stop,
                           .reconcile_interval = options_.reconcile_interval,
                           .on_page = [&](const RunReport& seen) {
                             report.seen = before;
                             report.seen += seen;
                             set_report(account.id, report);
                           }};
  const auto read_list = [&](Reading reading) -> Result<> {
    MUSTER_TRY(const auto seen, run(context, reading));
    report.seen = before;
    report.seen += seen;
    before = report.seen;
    next_runs_.with([&](auto& runs) { runs[account.id] = clock_.now() + spread(options_.interval); });
    return {};
  };
  const auto assign = [&]() -> Result<> {
    MUSTER_TRY(const auto done, work_assignments(context, turn.interrupted));
    report.done += done;
    return {};
  };

  if (run_is_due) {
    next_runs_.with([&](auto& runs) { runs.erase(account.id); });
    MUSTER_TRY(read_list(Reading::changes));
  }
  MUSTER_TRY(assign());
  MUSTER_TRY(backfill(context, turn, assign));
  MUSTER_TRY(const auto state, store_.read([&](Reader& r) { return r.sync_state(account.id); }));
  const bool full_is_due = turn.full || (state.next_full && clock_.now() >= *state.next_full);
  if (full_is_due && !report.seen.whole_list) {
    MUSTER_TRY(read_list(Reading::all));
    MUSTER_TRY(assign());
  }

  MUSTER_TRY(report.waiting, store_.read([&](Reader& r) { return r.assignment_count(account.id); }));
  set_report(account.id, report);
  log::info("sync.done", {{"account", account.name.str()},
                          {"pages", report.seen.pages},
                          {"devices", report.seen.devices},
                          {"arrivals", report.seen.arrivals},
                          {"left", report.seen.left},
                          {"uncovered", report.seen.uncovered},
                          {"calls", report.done.calls},
                          {"assigned", report.done.assigned},
                          {"failed", report.done.failed},
                          {"confirmed", report.done.confirmed},
                          {"waiting", report.waiting}});
  return {};
}

// Behind all that is more urgent, until something of that kind waits again: then the next turn is at once.
Result<> Job::backfill(const RunContext& context, const Turn& turn, const std::function<Result<>()>& assign) {
  const AccountId id = context.account.id;
  for (;;) {
    MUSTER_TRY(const bool running, is_backfilling(id));
    if (!running || turn.interrupted()) return {};
    const auto planned = next_run(id);
    if (planned && clock_.now() >= *planned) return {};
    MUSTER_TRY(backfill_step(context));
    MUSTER_TRY(assign());
  }
}

Result<bool> Job::is_backfilling(AccountId account) {
  return store_.read([&](Reader& reader) -> Result<bool> {
    MUSTER_TRY(const auto backfill, reader.backfill(account));
    return backfill.state == Backfill::State::running;
  });
}

// With -depsim a token is there that was never checked, so that nothing is known of the account yet.
Result<> Job::learn_account(Account& account, apple::Service& service, std::stop_token stop) {
  if (account.apple) return {};
  MUSTER_TRY(account.apple, service.account(stop));
  return store_.write([&](Writer& w) { return w.put_apple_account(account.id, *account.apple); });
}

Result<Health> Job::record(const Account& account, const Health& before, const Result<>& outcome) {
  const Time now = clock_.now();
  Health after = after_attempt(before, outcome, *account.token, now);
  tell(account.name, before, after, now);
  const auto events = options_.webhook ? account_events(account, before, after, now) : std::vector<Event>();
  bool stored = false;
  auto recorded = store_.write([&](Writer& writer) -> Result<Health> {
    MUSTER_TRY(auto record, writer.run_record(account.id));
    record.last_attempt = now;
    if (outcome) record.last_success = now;
    record.last_error = outcome ? "" : outcome.error().text();
    MUSTER_TRY(writer.put_run_record(account.id, record));
    if (after != before) MUSTER_TRY(writer.put_health(account.id, after));
    stored = !events.empty() && check_current(writer, account).has_value();  // else they tell of what is gone
    if (stored) MUSTER_TRY(options_.webhook->add(writer, events));
    return after;
  });
  if (stored) options_.webhook->notify();
  return recorded;
}

Time Job::next_due(const Account& account, const Health& health, const Result<>& outcome) {
  const Time now = clock_.now();
  if (!outcome) return next_attempt(health, now);
  Time next = next_run(account.id).value_or(now + spread(options_.interval));
  if (is_backfilling(account.id).value_or(false)) return now;
  const auto retry = store_.read([&](Reader& r) { return r.next_assignment_time(account.id); });
  if (retry && *retry) next = std::min(next, std::max(**retry, now + kRetryStep));
  return next;
}

std::optional<Time> Job::next_run(AccountId account) const {
  return next_runs_.with([&](const auto& runs) {
    const auto found = runs.find(account);
    return found == runs.end() ? std::optional<Time>() : found->second;
  });
}

JobReport Job::report(AccountId account) const {
  return reports_.with([&](const auto& reports) {
    const auto found = reports.find(account);
    return found == reports.end() ? JobReport() : found->second;
  });
}

void Job::set_report(AccountId account, JobReport report) {
  reports_.with([&](auto& reports) { reports[account] = std::move(report); });
}

}  // namespace muster::sync
