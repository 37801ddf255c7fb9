#include "sync/cluster/shared_runs.h"

#include <algorithm>

#include "base/log/log.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// Progress is told each second; what is older is of a server that is gone.
constexpr Millis kProgressLife = 10s;

}  // namespace

Result<Runs::Ticket> SharedRuns::request(AccountId account, bool full) {
  const auto kind = full ? WorkRequest::Kind::full_sync : WorkRequest::Kind::sync;
  return store_.request(account, kind).map([](RequestId id) { return static_cast<Ticket>(id); });
}

Result<Runs::Outcome> SharedRuns::await(AccountId account, Ticket ticket, std::chrono::milliseconds limit,
                                        std::stop_token stop) {
  Result<std::optional<std::string>> result;
  const auto is_done = [&] {
    result = store_.result_of(account, static_cast<RequestId>(ticket));
    return !result || result->has_value();
  };
  (void)member_.await_result(is_done, limit, std::move(stop));
  MUSTER_TRY(result);
  if (*result) return Outcome{true, read_run_text(**result).report};
  MUSTER_TRY(const auto progress, store_.progress(kProgressLife));
  for (const auto& told : progress)
    if (told.account == account) return Outcome{false, read_run_text(told.report).report};
  return Outcome{};
}

void SharedRuns::wake(AccountId account, Lane lane) {
  if (member_.holds(account)) return scheduler_.wake(account, lane);
  ask(account, WorkRequest::Kind::work);
}

void SharedRuns::restart(AccountId account) {
  if (member_.holds(account)) return scheduler_.restart(account);
  ask(account, WorkRequest::Kind::restart);
}

// Whoever works it learns it from the database.
void SharedRuns::retire(AccountId account) {
  if (member_.holds(account)) scheduler_.retire(account);
}

Result<std::map<AccountId, Runs::Progress>> SharedRuns::progress(const std::set<AccountId>& others) {
  std::map<AccountId, Progress> progress;
  MUSTER_TRY(const auto told, store_.progress(kProgressLife));
  for (const auto& of_account : told)
    if (of_account.is_running || others.contains(of_account.account))
      progress.emplace(of_account.account, read_run_text(of_account.report));
  // What this server works it need not be told.
  const auto add_own = [&](AccountId account) {
    if (member_.holds(account)) progress[account] = member_.progress_of(account);
  };
  for (const AccountId account : others) add_own(account);
  for (const AccountId account : scheduler_.running()) add_own(account);
  return progress;
}

Result<std::map<AccountId, Scheduler::Status>> SharedRuns::statuses(const std::vector<Known>& accounts) {
  MUSTER_TRY(const auto asked, store_.accounts_asked_for());
  MUSTER_TRY(const auto free, store_.free_accounts());
  MUSTER_TRY(const auto progress, store_.progress(kProgressLife));
  std::map<AccountId, Runs::Progress> elsewhere;
  for (const auto& told : progress)
    if (told.is_running) elsewhere.emplace(told.account, read_run_text(told.report));
  std::map<AccountId, Scheduler::Status> statuses;
  for (const auto& known : accounts) {
    Scheduler::Status& status = statuses[known.account];
    if (member_.holds(known.account))
      status = scheduler_.status(known.account);
    else if (const auto found = elsewhere.find(known.account); found != elsewhere.end())
      status = running_elsewhere(found->second);
    else if (known.is_worked)
      status = due_elsewhere(known, std::binary_search(free.begin(), free.end(), known.account));
    // Its runs are yet to begin, or in progress.
    if (std::binary_search(asked.begin(), asked.end(), known.account)) status.running = true;
  }
  return statuses;
}

Scheduler::Status SharedRuns::running_elsewhere(const Runs::Progress& text) {
  Scheduler::Status status;
  status.running = true;
  for (const Lane lane : text.lanes) status.lanes[static_cast<size_t>(lane)].running = true;
  return status;
}

// By when it was worked last. One that nobody works is due as soon as somebody does.
Scheduler::Status SharedRuns::due_elsewhere(const Known& known, bool is_free) const {
  Scheduler::Status status;
  status.next_due = known.last_attempt && !is_free ? *known.last_attempt + interval_ : clock_.now();
  status.lanes[static_cast<size_t>(Lane::changes)].next_due = status.next_due;
  return status;
}

void SharedRuns::ask(AccountId account, WorkRequest::Kind kind) {
  if (const auto asked = store_.request(account, kind); !asked)
    log::error("cluster.failed", {{"server", member_.name()}, {"reason", asked.error().text()}});
}

}  // namespace muster::sync
