// The threads of the server, and what they share:
//
//   main        waits for signals
//   http io     reads and writes connections (http/server); passes requests to the handlers
//   handlers    up to 128, on demand: answer API calls; use the store, Apple and the scheduler
//   dispatcher  decides which lane of which account runs (sync/scheduler.cc)
//   runs        up to 10 on demand, and 30 while Apple is slow: one lane of an account each; a run requests
//               the next page in a thread of its own
//   member      with PostgreSQL: shares the accounts with other servers (sync/cluster/member.h)
//   live feed   while somebody listens: reads what happened (api/live/live_feed.h)
//   webhook     if configured: delivers events (sync/webhook.h)
//   errands     looks for what webhooks have not had yet, and one for each of them sends it
//               (sync/webhooks/errands.h)
//   log         writes lines that standard error does not accept at once (base/log/log_writer.h)
//
// An exception in any of them fails one piece of work, not the thread (base/threads/contain.h).
//
// Shared state: the store (with its own locks), the scheduler's slots, and each account's session with Apple.
#include "app/serve.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "api/answer.h"
#include "api/browser_headers.h"
#include "api/live/live_feed.h"
#include "api/routing/routes.h"
#include "app/certificate_watch.h"
#include "app/signals.h"
#include "app/simulator.h"
#include "base/log/log.h"
#include "base/log/log_writer.h"
#include "base/os/kill_point.h"
#include "base/text/flags.h"
#include "base/threads/contain.h"
#include "http/client/client.h"
#include "http/server/server.h"
#include "store/postgres/open.h"
#include "store/sqlite/open.h"
#include "sync/cluster/member.h"
#include "sync/cluster/shared_runs.h"
#include "sync/ended_runs.h"
#include "sync/enrollment/check_in_desk.h"
#include "sync/lane_runner.h"
#include "sync/own_runs.h"
#include "sync/scheduler.h"
#include "sync/set_clock.h"
#include "sync/webhook.h"
#include "sync/webhooks/errands.h"

namespace muster::app {
namespace {

constexpr size_t kRuns = 10;
// More than may wait for Apple (40, api/routing/routes.cc) or to count over all devices (64, api/costly.h),
// so that some are always free.
constexpr size_t kHandlers = 128;
// Answers in progress may finish for this long when we stop; `muster serve` ends within 2 s of SIGTERM.
constexpr std::chrono::milliseconds kGrace(1000);
constexpr std::chrono::milliseconds kPatience(700);
constexpr std::chrono::seconds kLookAtCertificate(30);

Result<std::unique_ptr<Store>> open_store(const Config& config) {
  if (config.database.empty()) return sqlite::open(config.directory, config.master_keys);
  return postgres::open({.url = config.database,
                         .keyring = config.master_keys,
                         .connections = static_cast<size_t>(config.database_connections)});
}

// Every server has the default account. With -depsim it has the simulator's token, unless it was given
// another.
Result<> prepare_accounts(Store& store, const Config& config) {
  return store.write(installation, [&](Writer& writer) -> Result<> {
    MUSTER_TRY(auto account, writer.account(kDefaultAccount));
    if (!account) {
      MUSTER_TRY(writer.create_account(kDefaultAccount));
      MUSTER_TRY(account, writer.account(kDefaultAccount));
    }
    if (!config.depsim.empty() && !account->token)
      MUSTER_TRY(writer.put_token(account->id, simulator_token()));
    return {};
  });
}

// Once we stop, statements may continue for as long as kPatience; then they end, and what they wrote is
// undone. Its thread is there from the start: when we stop, none may be to be had.
class Impatience {
 public:
  explicit Impatience(std::stop_source& ending)
      : thread_([this, &ending](const std::stop_token& done) {
          std::unique_lock lock(mutex_);
          if (!condition_.wait(lock, done, [this] { return is_stopping_; })) return;
          condition_.wait_for(lock, done, kPatience, [] { return false; });
          ending.request_stop();
        }) {}

  void begin() {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    condition_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any condition_;
  bool is_stopping_ = false;
  std::jthread thread_;
};

// A connection is a descriptor, and the usual limit of a process is 1,024: the database and Apple need some,
// too.
void allow_descriptors(long long connections) {
  constexpr rlim_t kOthers = 512;
  const rlim_t required = static_cast<rlim_t>(connections) + kOthers;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= required) return;
  limit.rlim_cur = std::min(required, limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < required)
    log::warn("server.few_descriptors", {{"limit", limit.rlim_cur}, {"required", required}});
}

// At the start of a server that works all accounts.
Result<> begin_all(Store& store, sync::Scheduler& scheduler) {
  MUSTER_TRY(const auto accounts, store.read([](Reader& r) { return r.account_ids(); }));
  for (const AccountId account : accounts) scheduler.add(account);
  MUSTER_TRY(const auto removed, store.read([](Reader& r) { return r.removed_accounts(); }));
  for (const AccountId account : removed) scheduler.retire(account);  // to be erased
  return {};
}

// No other server works on the database.
Result<bool> is_alone(Store& store) {
  if (!store.shared()) return true;
  MUSTER_TRY(const auto servers, store.shared()->servers());
  return std::count_if(servers.begin(), servers.end(),
                       [](const ServerInfo& server) { return server.is_alive; }) == 1;
}

Result<> request_all(Store& store, sync::Runs& runs) {
  MUSTER_TRY(const auto accounts, store.read([](Reader& r) { return r.account_ids(); }));
  for (const AccountId account : accounts) MUSTER_TRY(runs.request(account, false));
  MUSTER_TRY(const auto removed, store.read([](Reader& r) { return r.removed_accounts(); }));
  for (const AccountId account : removed) runs.retire(account);  // to be erased
  return {};
}

}  // namespace

Result<> serve(const Config& config, Clock& own_clock) {
  log::set_level(config.log_level);
  const log::Writer log_writer;

  allow_descriptors(config.connection_limit);
  // Destroyed last to first: the server stops answering, then the runs end, then the store closes.
  MUSTER_TRY(const auto store, open_store(config));
  FollowedClock shared_clock(own_clock);
  const bool follows = store->shared() && config.follows_database_clock;
  Clock& clock = follows ? shared_clock : own_clock;
  MUSTER_TRY(prepare_accounts(*store, config));
  std::unique_ptr<sync::Member> member;
  if (store->shared()) {
    MUSTER_TRY(member, sync::Member::join(*store->shared(), {.name = config.server_name,
                                                             .version = MUSTER_VERSION,
                                                             .has_webhook = !config.webhook_url.empty(),
                                                             .clock = follows ? &shared_clock : nullptr}));
  }
  MUSTER_TRY(const bool alone, is_alone(*store));
  if (alone) {  // else the others have followed it
    MUSTER_TRY(const auto set_back,
               sync::follow_clock_at_start(*store, clock.now(), config.reconcile_interval));
    if (set_back) log::warn("clock.jumped", {{"by", set_back->count()}});
  }
  http::Client client(config.apple_timeout);
  sync::Services services(*store, client, clock, config.depsim);
  std::unique_ptr<sync::Webhook> webhook;
  if (!config.webhook_url.empty())
    webhook = std::make_unique<sync::Webhook>(
        *store, clock, sync::Webhook::Receiver{config.webhook_url, config.webhook_key},
        member ? std::function<bool()>([&member] { return member->may_send_events(); }) : nullptr);
  std::stop_source ending;  // of everything, statements too
  Impatience impatience(ending);
  std::function<bool(const Account&)> works;
  if (member) works = [&member](const Account& account) { return member->works(account); };
  sync::LaneRunner lane_runner(*store, services, clock,
                               {.ends = ending.get_token(),
                                .interval = config.sync_interval,
                                .reconcile_interval = config.reconcile_interval,
                                .history_retention = config.history_retention,
                                .policy = config.arrivals,
                                .webhook = webhook.get(),
                                .works = works});
  sync::EndedRuns ended_runs;
  const sync::Scheduler::Hooks hooks{.on_idle = [&](AccountId account) { lane_runner.on_idle(account); },
                                     .run_ended =
                                         [&](AccountId account) {
                                           ended_runs.add(account);
                                           if (member) member->run_ended();
                                         },
                                     .clock_jumped =
                                         [&](Millis by) {
                                           log::warn("clock.jumped", {{"by", by.count()}});
                                           lane_runner.clock_jumped(by, member ? member->id() : ServerId{});
                                           if (webhook) webhook->clock_jumped(by);
                                         }};
  sync::Scheduler scheduler(clock, kRuns, std::ref(lane_runner), hooks);
  lane_runner.on_wake([&](AccountId account, Lane lane) { scheduler.wake(account, lane); });
  std::unique_ptr<sync::Runs> runs;
  if (member)
    runs =
        std::make_unique<sync::SharedRuns>(*store->shared(), *member, scheduler, clock, config.sync_interval);
  else
    runs = std::make_unique<sync::OwnRuns>(scheduler, lane_runner);
  sync::Errands errands(*store, clock, config.allows_private_webhooks);
  sync::CheckInDesk check_ins(*store);
  api::live::LiveFeed live_feed(*store, clock, *runs, ended_runs);
  std::stop_source stopping;
  const auto counts = std::make_shared<http::ServerCounts>();
  std::optional<http::TlsFiles> tls;
  if (config.tls) tls = http::TlsFiles{config.tls_certificate, config.tls_key};
  CertificateWatch certificate(tls);
  api::Costly costly;
  api::RequestCounts request_counts;
  const api::Context context{.unaudited_store = *store,
                             .services = services,
                             .clock = clock,
                             .policy = config.arrivals,
                             .stop = stopping.get_token(),
                             .runs = *runs,
                             .server_name = config.server_name,
                             .started = clock.now(),
                             .member = member.get(),
                             .costly = costly,
                             .request_counts = request_counts,
                             .live_feed = live_feed,
                             .webhook = webhook.get(),
                             .errands = &errands,
                             .check_ins = &check_ins,
                             .rule_limit = static_cast<size_t>(config.rule_limit),
                             .disown_limit = config.disown_limit,
                             .request_limit = config.request_limit,
                             .connections = counts.get(),
                             .certificate_end = [&certificate] { return certificate.end(); }};

  if (member) member->begin(scheduler, lane_runner, webhook.get());
  auto api = api::make_api(context, config.api_key);
  http::ServerOptions options{.address = config.address};
  options.workers = kHandlers;
  options.connections = {.all = static_cast<size_t>(config.connection_limit),
                         .of_address = static_cast<size_t>(config.address_connection_limit)};
  options.proxies = config.proxies;
  options.usual_headers = api::browser_headers();
  options.https_headers = api::https_headers();
  options.tls = tls;
  options.admit = std::move(api.admit);
  options.refuse = api::refusal;
  options.counts = counts;
  options.ends = ending.get_token();
  MUSTER_TRY(const auto server, http::Server::start(std::move(options), std::move(api.handle)));

  const std::string url =
      fmt::format("{}://{}", config.tls ? "https" : "http",
                  http::authority_of({.host = config.address.host, .port = server->port()}));
  fmt::print("muster listening on {}\n", url);
  std::fflush(stdout);
  log::info("server.started",
            {{"version", MUSTER_VERSION},
             {"url", url},
             {"database", config.database.empty() ? config.directory : postgres::place_of(config.database)},
             {"apple", config.depsim.empty() ? apple::kAppleBaseUrl : config.depsim},
             {"interval", format_duration(config.sync_interval)}});
  if (!member) MUSTER_TRY(begin_all(*store, scheduler));

  certificate.begin(clock.now());
  for (;;) {
    const auto signal = next_signal(kLookAtCertificate);
    if (signal == Signal::stop) break;
    (void)contain(Place::signal, [&]() -> Result<> {
      certificate.look(*server, clock.now(), signal == Signal::sync);
      return {};
    });
    if (!signal) continue;
    log::info("server.sync_signal");
    const auto begun = contain(Place::signal, [&] {
      kill_point("signal");
      return request_all(*store, *runs);
    });
    if (!begun) log::error("server.sync_signal_failed", {{"reason", begun.error().text()}});
  }
  log::info("server.stopping");
  stopping.request_stop();  // handlers that wait for Apple
  impatience.begin();
  scheduler.stop();
  if (member) member->leave();
  server->stop(kGrace);
  log::info("server.stopped");
  return {};
}

}  // namespace muster::app
