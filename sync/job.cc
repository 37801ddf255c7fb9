#include "sync/job.h"

#include <algorithm>

#include "apple/failure.h"
#include "base/log.h"
#include "sync/assignments.h"
#include "sync/backoff.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// Someone must act before Apple answers again: ask seldom, but notice soon that they did.
constexpr Millis kTokenTroubleWait = 15min;
// Retries that fall due between two runs wake the account at most this often.
constexpr Millis kRetryStep = 2min;

void log_failure(const std::string& account, const Error& error) {
  log::error("sync.failed", {{"account", account}, {"reason", error.text()}});
}

}  // namespace

std::optional<Time> Job::operator()(AccountId id, std::stop_token stop,
                                    const std::function<bool()>& interrupted) {
  auto account = store_.read([&](Reader& r) { return r.account(id); });
  if (!account) {
    log_failure("#" + std::to_string(static_cast<long long>(id)), account.error());
    return clock_.now() + account_wait(1);
  }
  if (!*account || !(*account)->token) return std::nullopt;

  const auto outcome = work(**account, stop, interrupted);
  if (!outcome && outcome.error().code == Code::cancelled) return std::nullopt;
  if (!outcome) log_failure((*account)->name.str(), outcome.error());
  if (auto recorded = record(id, outcome); !recorded) log_failure((*account)->name.str(), recorded.error());
  return next_due(**account, outcome);
}

Result<> Job::work(const Account& stored, std::stop_token stop, const std::function<bool()>& interrupted) {
  Account account = stored;
  MUSTER_TRY(const auto service, services_.of(account));
  MUSTER_TRY(learn_account(account, *service, stop));
  const RunContext context{store_, *service, clock_, account, options_.policy, stop};
  MUSTER_TRY(const auto seen, run(context));
  MUSTER_TRY(const auto done, work_assignments(context, interrupted));
  MUSTER_TRY(const auto waiting, store_.read([&](Reader& r) { return r.assignment_count(account.id); }));
  log::info("sync.done", {{"account", account.name.str()},
                          {"pages", seen.pages},
                          {"devices", seen.devices},
                          {"arrivals", seen.arrivals},
                          {"left", seen.left},
                          {"uncovered", seen.uncovered},
                          {"calls", done.calls},
                          {"assigned", done.assigned},
                          {"failed", done.failed},
                          {"confirmed", done.confirmed},
                          {"waiting", waiting}});
  return {};
}

// With -depsim a token is there that was never checked, so that nothing is known of the account yet.
Result<> Job::learn_account(Account& account, apple::Service& service, std::stop_token stop) {
  if (account.apple) return {};
  MUSTER_TRY(account.apple, service.account(stop));
  return store_.write([&](Writer& w) { return w.put_apple_account(account.id, *account.apple); });
}

Result<> Job::record(AccountId account, const Result<>& outcome) {
  return store_.write([&](Writer& writer) -> Result<> {
    MUSTER_TRY(auto record, writer.run_record(account));
    record.last_attempt = clock_.now();
    if (outcome) record.last_success = record.last_attempt;
    record.last_error = outcome ? "" : outcome.error().text();
    return writer.put_run_record(account, record);
  });
}

Time Job::next_due(const Account& account, const Result<>& outcome) {
  const Time now = clock_.now();
  if (!outcome) {
    const int failures = failures_.with([&](auto& map) { return ++map[account.id]; });
    Millis wait = account_wait(failures);
    if (apple::classify(outcome.error()) == apple::Failure::token) wait = kTokenTroubleWait;
    if (outcome.error().remote.retry_after)
      wait = std::max<Millis>(wait, *outcome.error().remote.retry_after);
    return now + wait;
  }
  failures_.with([&](auto& map) { map.erase(account.id); });
  Time next = now + spread(options_.interval);
  const auto retry = store_.read([&](Reader& r) { return r.next_assignment_time(account.id); });
  if (retry && *retry) next = std::min(next, std::max(**retry, now + kRetryStep));
  return next;
}

}  // namespace muster::sync
