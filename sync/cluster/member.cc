#include "sync/cluster/member.h"

#include <algorithm>
#include <vector>

#include "base/log/log.h"
#include "base/threads/contain.h"
#include "sync/cluster/run_text.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// Notifications can get lost with a connection: then everything is looked at this often.
constexpr Millis kTurn = 1s;
// The database answers later than that only when something is wrong with it.
constexpr Millis kMargin = 1s;
// A clock that differs more deserves a warning.
constexpr Millis kClockDiffers = 5s;

}  // namespace

Result<std::unique_ptr<Member>> Member::join(SharedStore& store, Options options) {
  MUSTER_TRY(const auto id, store.join(options.name, options.version, kLease));
  log::info("cluster.joined", {{"server", options.name}, {"id", static_cast<long long>(id)}});
  return std::unique_ptr<Member>(new Member(store, std::move(options), id));
}

Member::Member(SharedStore& store, Options options, ServerId id)
    : store_(store), options_(std::move(options)), id_(id), news_(store.news_stand()) {}

Member::~Member() { leave(); }

void Member::begin(Scheduler& scheduler, LaneRunner& lane_runner, Webhook* webhook) {
  scheduler_ = &scheduler;
  lane_runner_ = &lane_runner;
  webhook_ = webhook;
  (void)contain(Place::cluster, [this] { renew(); });
  thread_ = std::thread([this] { work(); });
}

void Member::leave() {
  if (stop_.stop_requested()) return;
  stop_.request_stop();
  news_->wake();
  if (thread_.joinable()) thread_.join();
  right_until_ = RealClock::time_point();
  if (const auto left = store_.leave(id_); !left) failed(left.error());
}

bool Member::works(const Account& account) const {
  return account.worker == id_.load() && has_right() && holds(account.id);
}

bool Member::holds(AccountId account) const {
  return accounts_.with([&](const Accounts& accounts) {
    return accounts.held.contains(account) && !accounts.leaving.contains(account);
  });
}

size_t Member::account_count() const {
  return accounts_.with([](const Accounts& accounts) { return accounts.held.size(); });
}

void Member::run_ended() {
  if (has_requests_) news_->wake();
}

bool Member::await_result(const std::function<bool()>& is_done, std::chrono::milliseconds limit,
                          std::stop_token stop) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  const auto told = [&] {
    const std::lock_guard lock(results_mutex_);
    return results_told_;
  };
  for (;;) {
    const auto before = told();  // what is told while is_done() looks counts
    if (is_done()) return true;
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline || stop.stop_requested()) return false;
    std::unique_lock lock(results_mutex_);
    results_.wait_until(lock, stop, std::min(deadline, now + kTurn), [&] { return results_told_ != before; });
  }
}

void Member::work() {
  NewsStand::News news;
  while (!stop_.stop_requested()) {
    (void)contain(Place::cluster, [&] { turn(news); });
    news = {};
    const auto wait =
        std::clamp(std::chrono::ceil<Millis>(next_renewal_ - RealClock::now()), Millis(0), kTurn);
    (void)contain(Place::cluster, [&] { news = news_->wait(wait); });
  }
}

void Member::turn(NewsStand::News news) {
  if (news.accounts || RealClock::now() >= next_renewal_) renew();
  take_requests();
  finish_requests();
  tell_progress();
  give_back();
  if (news.results) {
    const std::lock_guard lock(results_mutex_);
    ++results_told_;
    results_.notify_all();
  }
  if (news.events && webhook_) webhook_->added(0);
}

void Member::renew() {
  const auto asked = RealClock::now();
  next_renewal_ = asked + kTurn;
  const auto share = store_.renew(id_, kLease, options_.has_webhook);
  if (!share && share.error().code == Code::not_found) {
    if (const auto joined = join_again(); !joined) renewal_failed(joined.error());
    return;
  }
  if (!share) return renewal_failed(share.error());
  if (std::exchange(is_failing_, false)) log::info("cluster.recovered", {{"server", options_.name}});
  next_renewal_ = asked + kRenewal;
  right_until_ = asked + kLease - kMargin;
  if (options_.clock) {
    options_.clock->follow(share->now);
    const Millis ahead = options_.clock->ahead();
    const bool differs = std::chrono::abs(ahead) > kClockDiffers;
    if (differs && !clock_differs_)
      log::warn(
          "cluster.clock_differs",
          {{"ahead", ahead.count()},
           {"remedy", "Synchronize this machine's clock with the database's. Muster uses the database's"}});
    clock_differs_ = differs;
  }
  take(*share);
  give_excess(share->fair);
  if (!sends_events_.exchange(share->sends_events) && share->sends_events && webhook_) webhook_->added(0);
}

// Until the right ends, runs go on: what they write proves itself. But not for a newer schema.
void Member::renewal_failed(const Error& error) {
  failed(error);
  if (error.code == Code::conflict) right_until_ = RealClock::time_point();
  if (!has_right()) drop_all();
}

// The others have taken its accounts.
Result<> Member::join_again() {
  drop_all();
  MUSTER_TRY(const auto id, store_.join(options_.name, options_.version, kLease));
  id_ = id;
  next_renewal_ = RealClock::now();
  log::info("cluster.joined", {{"server", options_.name}, {"id", static_cast<long long>(id)}});
  return {};
}

void Member::take(const ServerShare& share) {
  const std::set<AccountId> now(share.accounts.begin(), share.accounts.end());
  const std::set<AccountId> removed(share.removed.begin(), share.removed.end());
  std::vector<AccountId> taken, retired, lost;
  accounts_.with([&](Accounts& accounts) {
    std::set_difference(now.begin(), now.end(), accounts.held.begin(), accounts.held.end(),
                        std::back_inserter(taken));
    std::set_difference(accounts.held.begin(), accounts.held.end(), now.begin(), now.end(),
                        std::back_inserter(lost));
    std::set_difference(removed.begin(), removed.end(), accounts.removed.begin(), accounts.removed.end(),
                        std::back_inserter(retired));
    accounts.held = now;
    accounts.removed = removed;
    for (const AccountId account : lost) accounts.leaving.erase(account);
  });
  for (const AccountId account : lost) {
    scheduler_->drop(account);
    lane_runner_->forget(account);
  }
  for (const AccountId account : taken)
    if (!removed.contains(account)) scheduler_->add(account);
  for (const AccountId account : retired) scheduler_->retire(account);
  if (!taken.empty() || !lost.empty())
    log::info("cluster.accounts", {{"server", options_.name},
                                   {"taken", taken.size()},
                                   {"lost", lost.size()},
                                   {"accounts", now.size()}});
}

// Their runs end first: the next worker need not wait for Apple to answer them.
void Member::give_excess(size_t fair) {
  std::vector<AccountId> excess;
  accounts_.with([&](Accounts& accounts) {
    for (auto account = accounts.held.rbegin();
         account != accounts.held.rend() && accounts.held.size() - accounts.leaving.size() > fair; ++account)
      if (accounts.leaving.insert(*account).second) excess.push_back(*account);
  });
  for (const AccountId account : excess) scheduler_->drop(account);
}

void Member::give_back() {
  std::vector<AccountId> done;
  accounts_.with([&](const Accounts& accounts) {
    for (const AccountId account : accounts.leaving)
      if (scheduler_->is_forgotten(account)) done.push_back(account);
  });
  if (done.empty()) return;
  if (const auto released = store_.release(id_, done); !released) return failed(released.error());
  for (const AccountId account : done) lane_runner_->forget(account);
  accounts_.with([&](Accounts& accounts) {
    for (const AccountId account : done) {
      accounts.leaving.erase(account);
      accounts.removed.erase(account);
      accounts.held.erase(account);
    }
  });
  log::info("cluster.accounts",
            {{"server", options_.name}, {"released", done.size()}, {"accounts", account_count()}});
}

void Member::drop_all() {
  const auto held =
      accounts_.with([](Accounts& accounts) { return std::exchange(accounts, Accounts{}).held; });
  if (held.empty()) return;
  sends_events_ = false;
  for (const AccountId account : held) {
    scheduler_->drop(account);
    lane_runner_->forget(account);
  }
  log::warn("cluster.lost",
            {{"server", options_.name},
             {"accounts", held.size()},
             {"remedy", "Check the connection to the database. Other servers take the accounts"}});
}

void Member::take_requests() {
  const auto requests = store_.requests_of(id_);
  if (!requests) return failed(requests.error());
  for (const auto& request : *requests) {
    if (requests_.contains(request.id) || !holds(request.account)) continue;
    switch (request.kind) {
      case WorkRequest::Kind::sync:
      case WorkRequest::Kind::full_sync: {
        const bool full = request.kind == WorkRequest::Kind::full_sync;
        requests_[request.id] = {request.account, scheduler_->request(request.account, full)};
        continue;
      }
      case WorkRequest::Kind::work:
        scheduler_->wake(request.account, Lane::assignment);
        scheduler_->wake(request.account, Lane::questions);
        break;
      case WorkRequest::Kind::restart: scheduler_->restart(request.account); break;
    }
    if (const auto done = store_.finish(request.id, ""); !done) return failed(done.error());
  }
  has_requests_ = !requests_.empty();
}

void Member::finish_requests() {
  for (auto next = requests_.begin(); next != requests_.end();) {
    const auto [id, request] = *next;
    if (!holds(request.account)) {  // its next worker finds it
      next = requests_.erase(next);
      continue;
    }
    if (scheduler_->await(request.account, request.ticket, 0ms)) {
      if (const auto done = store_.finish(id, text_of(request.account)); !done) return failed(done.error());
      next = requests_.erase(next);
      continue;
    }
    ++next;
  }
  has_requests_ = !requests_.empty();
}

// Of runs that last a while, once a turn; and of their end.
void Member::tell_progress() {
  const auto running = scheduler_->running();
  std::vector<Progress> progress;
  std::set<AccountId> told;
  for (const AccountId account : running) {
    if (!running_.contains(account) || !holds(account)) continue;
    progress.push_back({account, true, text_of(account)});
    told.insert(account);
  }
  for (const AccountId account : told_)
    if (!told.contains(account) && holds(account)) progress.push_back({account, false, text_of(account)});
  running_ = {running.begin(), running.end()};
  if (progress.empty()) {
    told_ = std::move(told);
    return;
  }
  if (const auto put = store_.put_progress(progress); !put) return failed(put.error());
  told_ = std::move(told);
}

Runs::Progress Member::progress_of(AccountId account) const {
  return {scheduler_->status(account).running_lanes(), lane_runner_->report(account)};
}

std::string Member::text_of(AccountId account) const { return write_run_text(progress_of(account)); }

void Member::failed(const Error& error) {
  if (error.code == Code::cancelled || std::exchange(is_failing_, true)) return;
  log::error("cluster.failed", {{"server", options_.name}, {"reason", error.text()}});
}

}  // namespace muster::sync
