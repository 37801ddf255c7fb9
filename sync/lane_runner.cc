#include "sync/lane_runner.h"

#include <algorithm>
#include <array>

#include "apple/answers/failure.h"
#include "base/log/log.h"
#include "base/threads/wanted.h"
#include "base/time/backoff.h"
#include "base/time/rfc3339.h"
#include "model/text/words.h"
#include "sync/accounts/account_events.h"
#include "sync/accounts/accounts.h"
#include "sync/accounts/counted_run.h"
#include "sync/accounts/feed.h"
#include "sync/accounts/health.h"
#include "sync/rules/rule_profile.h"
#include "sync/run/lanes.h"
#include "sync/set_clock.h"
#include "sync/upkeep.h"
#include "sync/work/profile_trouble.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// Retries that fall due between two readings of changes wake a lane at most this often.
constexpr Millis kRetryStep = 2min;
// When this server's right to the account has ended: it may be renewed at any moment, or be lost for good.
constexpr Millis kLookAgain = 1s;
// The machine cannot store: the wait grows no further, so that work goes on within 5 s of the trouble's end.
// Apple is not called more often for that: a run tries first whether something can be stored, and one that
// had an answer waits with the next.
constexpr int kMostStorageFailures = 2;
// When a removed account could not be erased: a full disk stays full for a while.
constexpr Millis kEraseRetry = 1min;
// Someone must act before Apple answers again: it is asked seldom, but soon enough to notice that they did.
constexpr Millis kOperatorWait = 15min;

std::string number_of(AccountId account) { return "#" + std::to_string(static_cast<long long>(account)); }

// Checks that the database works again before Apple is called: the answer might not be stored.
Result<> try_to_store(Store& store, const Account& account, Time now) {
  return store.write(WriteScope::of_run(account), [&](Writer& w) -> Result<> {
    MUSTER_TRY(auto record, w.run_record(account.id));
    record.last_attempt = now;
    return w.put_run_record(account.id, record);
  });
}

// The account could not be read, or nothing can be stored. When to try again, after `failures` in a row.
Time not_begun(std::atomic<int>& failures, Time now, const std::string& account, Lane lane,
               const Error& error) {
  if (error.code == Code::cancelled) return now;
  const bool is_known = error.code == Code::storage && failures >= kMostStorageFailures;
  if (is_known) return now + account_wait(kMostStorageFailures);
  log_failure(account, lane, error);
  return now + account_wait(++failures);
}

Error pause_error(Time not_before) {
  return {Code::unreachable,
          "Apple requested a pause until " + format_rfc3339(not_before),
          "Muster continues automatically",
          {}};
}

struct Waiting {
  long long assignments = 0;
  std::optional<Time> oldest;  // arrival
};

Result<Waiting> waiting_of(Reader& reader, AccountId account) {
  Waiting waiting;
  MUSTER_TRY(waiting.assignments, reader.assignment_count(account));
  if (waiting.assignments == 0) return waiting;
  MUSTER_TRY(waiting.oldest, reader.oldest_waiting_arrival(account));
  return waiting;
}

}  // namespace

struct LaneRunner::Shared {
  long long epoch = 0;  // Account::epoch: what was known before says nothing
  AccountMemory memory;
  /// An answer about the account stopped all lanes: until then only the probing one tries.
  Guarded<std::optional<Time>> stopped_until;
  bool is_stopped() const {
    return stopped_until.with([](const auto& until) { return until.has_value(); });
  }
  /// False if there was no stop.
  bool end_stop() {
    return stopped_until.with([](auto& until) { return std::exchange(until, std::nullopt).has_value(); });
  }
  /// Calls that were answered well before the lane's trouble began, by lane.
  std::array<std::atomic<long long>, kLanes.size()> good_before = {};
  /// Failures of our own in a row, by lane.
  std::array<std::atomic<int>, kLanes.size()> internal_failures = {};
  bool answered_since(const SyncState& state, const apple::Service& service) const {
    return service.good_answers() > good_before[static_cast<size_t>(first_lane(state))];
  }

  Guarded<std::string> name;  ///< the account's, when its last run began
  std::atomic<bool> was_idle = true;
  /// No assignment waited when a run was recorded last, and no lane has worked since.
  std::atomic<bool> nothing_waits = false;
  std::atomic<bool> is_worth_logging = false;
};

struct LaneRunner::Stored : AccountState {
  std::optional<Error> broken_rule;  // sync::broken_rule()
};

struct LaneRunner::AtStart : Stored {
  std::shared_ptr<Shared> shared = nullptr;
  bool is_patient = false;  // RunContext::is_patient

  WriteScope scope() const {
    const auto scope = WriteScope::of_run(account);
    return is_patient ? scope.patiently() : scope;
  }

  std::optional<LaneTrouble> trouble(Lane lane) const {
    const auto found = troubles.find(lane);
    return found == troubles.end() ? std::nullopt : std::optional(found->second);
  }
  /// Whether the lane tries first when all are stopped.
  bool probes(Lane lane) const { return lane == first_lane(state); }
};

// How it ended well.
struct LaneRunner::Outcome {
  bool waits = false;          ///< a part of the work is left for another run soon
  std::optional<IdleEnd> end;  ///< to be stored with the record
  bool asked = true;           ///< Sent::asked
};

// Without an epoch: whatever there is.
std::shared_ptr<LaneRunner::Shared> LaneRunner::shared(AccountId account, std::optional<long long> epoch) {
  return shared_.with([&](auto& all) {
    auto& entry = all[account];
    if (!entry || (epoch && entry->epoch != *epoch)) {
      entry = std::make_shared<Shared>();
      entry->epoch = epoch.value_or(0);
      entry->memory.counts = services_.counts().of(account);
    }
    return entry;
  });
}

Result<std::optional<LaneRunner::Stored>> LaneRunner::load(Reader& reader, AccountId account) {
  MUSTER_TRY(auto state, reader.account_state(account));
  if (!state) return std::nullopt;
  Stored stored{std::move(*state), {}};
  MUSTER_TRY(stored.broken_rule, sync::broken_rule(reader, stored));
  return std::optional(std::move(stored));
}

std::optional<Time> LaneRunner::operator()(AccountId id, Lane lane, const RunRequest& run) {
  const Wanted wanted(options_.ends, run.stop);
  auto loaded = store_.read([&](Reader& r) { return load(r, id); });
  if (!loaded) {
    const auto of_account = shared(id, std::nullopt);
    of_account->memory.report.with([&](Report& report) { report.error = loaded.error(); });
    return not_begun(of_account->internal_failures[static_cast<size_t>(lane)], clock_.now(), number_of(id),
                     lane, loaded.error());
  }
  if (!*loaded) return lane == Lane::changes ? erase(id, run.stop) : std::nullopt;
  AtStart start{std::move(**loaded)};
  if (!works(start.account)) return clock_.now() + kLookAgain;
  if (!start.account.token || start.account.paused) return std::nullopt;
  start.shared = shared(id, start.account.epoch);
  start.shared->name.with([&](auto& name) { name = start.account.name.str(); });
  auto& failures = start.shared->internal_failures[static_cast<size_t>(lane)];
  start.is_patient = failures > 0;
  const PatientRuns::Place place(patient_runs_, start.is_patient);
  const bool has_trouble = store_.trouble().has_value();
  if (has_trouble && !place.is_free()) return clock_.now() + account_wait(kMostStorageFailures);
  start.is_patient = start.is_patient && place.is_free();
  if (has_trouble) {
    if (const auto stored = try_to_store(store_, start.account, clock_.now()); !stored)
      return not_begun(failures, clock_.now(), start.account.name.str(), lane, stored.error());
  }
  if (start.shared->was_idle.exchange(false))
    start.shared->memory.report.with([](Report& report) { report = {}; });
  return work(start, lane, run);
}

std::optional<Time> LaneRunner::work(AtStart& start, Lane lane, const RunRequest& run) {
  const Time now = clock_.now();
  auto& memory = start.shared->memory;
  const auto service = services_.of(start.account);
  if (!service) {
    log_failure(start.account.name.str(), lane, service.error());
    return std::nullopt;
  }
  if (start.health.not_before && now < *start.health.not_before) {
    (*service)->set_not_before(start.health.not_before);  // also for what operators ask, after a restart
    memory.report.with([&](Report& report) { report.error = pause_error(*start.health.not_before); });
    return start.health.not_before;
  }
  const auto stopped_until = start.shared->stopped_until.with([](const auto& until) { return until; });
  if (stopped_until && !run.asked) {
    if (!start.probes(lane)) return std::nullopt;
    if (now < *stopped_until) return stopped_until;
  }
  const auto trouble = start.trouble(lane);
  if (trouble && now < trouble->retry_at && !run.asked) return trouble->retry_at;

  std::optional<Millis> retry_in;
  LaneContext context{{.store = store_,
                       .service = **service,
                       .clock = clock_,
                       .account = start.account,
                       .policy = options_.policy,
                       .stop = run.stop,
                       .reconcile_interval = options_.reconcile_interval,
                       .wake_lane = [this, id = start.account.id](Lane other) { wake(id, other); },
                       .may_call = [this, &account = start.account] { return works(account); },
                       .is_patient = start.is_patient},
                      memory,
                      trouble ? trouble->failures : 0,
                      retry_in,
                      options_.read_ahead && !start.is_patient,  // what it would read gets old
                      options_.interval};
  CountedRun counted(*memory.counts, lane, clock_);
  auto outcome = [&]() -> Result<Outcome> {
    const bool asks_for_account = !start.account.apple || begins_full_list(start.state, run.full, now);
    if (lane == Lane::full_list && asks_for_account) MUSTER_TRY(learn_account(context, start.account));
    return run_lane(context, start.state, lane, run);
  }();
  // A write that waited was given up for the stop.
  if (!outcome && outcome.error().is_ours() && run.stop.stop_requested())
    outcome = failure(Code::cancelled, "the run was stopped");
  counted.ends(outcome);
  start.shared->nothing_waits = false;
  remember_clock(store_, start.account, **service);
  if (outcome && lane == Lane::changes) look_for_late(store_, clock_, start.account, memory.looked_for_late);
  if (outcome && lane == Lane::full_list)
    remove_old_entries(store_, clock_, start.account, **service, options_.history_retention, run.stop);
  if (outcome) return record_success(start, lane, run, **service, *outcome);
  return record_failure(start, lane, run, outcome.error(), **service, retry_in);
}

// Whether an assign call broke off, and nobody knows yet what came of it: until then, that a run had nothing
// to send is no news. Nor is it where that cannot be read.
bool LaneRunner::has_open_calls(AccountId account) const {
  const auto open =
      store_.read([&](Reader& r) { return r.next_assignment_time(account, Assignment::State::in_flight); });
  return !open || open->has_value();
}

// Whether a rule turned out to be broken, or works again, since the run began.
bool LaneRunner::rule_broke(const AtStart& start) const {
  const auto now = store_.read([&](Reader& r) { return broken_rule(r, start.account); });
  return now && now->has_value() != start.broken_rule.has_value();
}

Result<LaneRunner::Outcome> LaneRunner::run_lane(const LaneContext& context, const SyncState& state,
                                                 Lane lane, const RunRequest& run) {
  Outcome outcome;
  switch (lane) {
    case Lane::changes: {
      MUSTER_TRY(outcome.end, read_changes(context, state));
    } break;
    case Lane::full_list: {
      MUSTER_TRY(outcome.waits, read_full_list(context, run.full));
    } break;
    case Lane::questions: {
      MUSTER_TRY(ask_questions(context));
    } break;
    case Lane::assignment: {
      MUSTER_TRY(const auto sent, send_assignments(context));
      outcome.waits = sent.waits;
      outcome.asked = sent.asked;
    } break;
  }
  return outcome;
}

// The account is gone. What is left of it goes here, where no other lane of it can be in progress.
std::optional<Time> LaneRunner::erase(AccountId account, std::stop_token stop) {
  const auto erased = erase_account(store_, account, stop);
  if (!erased && erased.error().code != Code::cancelled) {
    log_failure(number_of(account), Lane::changes, erased.error());
    return clock_.now() + kEraseRetry;
  }
  forget(account);
  return std::nullopt;
}

std::optional<Time> LaneRunner::record_success(AtStart& start, Lane lane, const RunRequest& run,
                                               apple::Service& service, const Outcome& outcome) {
  Shared& shared = *start.shared;
  const AccountId id = start.account.id;
  const Time now = clock_.now();
  if (lane == Lane::questions) shared.memory.questions_work = true;
  const bool reads_list = lane == Lane::changes || lane == Lane::full_list;
  if (reads_list) shared.is_worth_logging = true;

  const bool is_open = !outcome.asked && start.troubles.contains(lane) && has_open_calls(id);
  const bool trouble_ends = !is_open && start.troubles.contains(lane);
  const bool was_stopped = start.probes(lane) && shared.end_stop();
  const bool is_stopped = shared.is_stopped();
  std::optional<Result<SyncState>> recorded;
  if (reads_list || trouble_ends || was_stopped || rule_broke(start)) {
    const auto trouble = is_open ? start.trouble(lane) : std::nullopt;
    recorded = record(start, lane, trouble, nullptr, outcome.end, [&](const Stored& stored) {
      if (is_stopped) return stored.health;
      return with_lanes(stored.health, stored.troubles, shared.answered_since(stored.state, service),
                        stored.state, stored.broken_rule, *start.account.token, now);
    });
  }
  if (recorded ? recorded->has_value() : outcome.asked)
    shared.internal_failures[static_cast<size_t>(lane)] = 0;
  if (was_stopped) wake_others(id, lane);
  // An operator who asks wants another attempt of whatever waits for one.
  if (run.asked && lane == Lane::changes && !start.troubles.empty()) {
    const auto due = retry_at_once(start, lane);
    if (due)
      for (const Lane other : *due) wake(id, other);
  }
  if (lane == Lane::changes && start.state.changes.empty())
    wake(id, Lane::full_list);  // that one gives a cursor
  if (reads_list && *recorded) return next_list(**recorded, lane, outcome.waits);
  if (reads_list) return not_recorded(shared, lane, run, recorded->error());
  if (is_open && !outcome.waits) return now + kRetryStep;
  const auto next = next_due(start, lane, outcome.waits);
  if (next) return *next;
  log_failure(start.account.name.str(), lane, next.error());
  return now + account_wait(1);
}

// All lanes that are in trouble, but this one, whose own has just ended. Gives which these are.
Result<std::vector<Lane>> LaneRunner::retry_at_once(const AtStart& start, Lane lane) {
  return store_.write(start.scope(), [&](Writer& writer) -> Result<std::vector<Lane>> {
    std::vector<Lane> due;
    MUSTER_TRY(auto troubles, writer.lane_troubles(start.account.id));
    for (auto& [other, trouble] : troubles) {
      if (other == lane) continue;
      trouble.retry_at = clock_.now();
      MUSTER_TRY(writer.put_lane_trouble(start.account.id, other, trouble));
      due.push_back(other);
    }
    return due;
  });
}

// A run that was stopped is followed by what its stop was for. Otherwise the account changed: read it again.
std::optional<Time> LaneRunner::after_cancelled(const RunRequest& run) const {
  return run.stop.stop_requested() ? std::nullopt : std::optional(clock_.now());
}

// Apple answered, but the end of its list could not be stored: it is read again.
std::optional<Time> LaneRunner::not_recorded(Shared& shared, Lane lane, const RunRequest& run,
                                             const Error& error) const {
  if (error.code == Code::cancelled) return after_cancelled(run);
  shared.memory.report.with([&](Report& report) { report.error = error; });
  return after_own_failure(shared, lane, error);
}

Time LaneRunner::after_own_failure(Shared& shared, Lane lane, const Error& error) const {
  auto& failures = shared.internal_failures[static_cast<size_t>(lane)];
  const bool is_capped = error.code == Code::storage && store_.trouble();
  if (!is_capped || failures < kMostStorageFailures) ++failures;
  return clock_.now() + account_wait(is_capped ? kMostStorageFailures : failures.load());
}

std::optional<Time> LaneRunner::next_list(const SyncState& state, Lane lane, bool waits) const {
  const Time now = clock_.now();
  if (lane == Lane::full_list) return waits ? now : state.next_list;
  return state.changes.empty() ? std::nullopt : std::optional(now + spread(options_.interval));
}

std::optional<Time> LaneRunner::record_failure(AtStart& start, Lane lane, const RunRequest& run,
                                               const Error& error, apple::Service& service,
                                               std::optional<Millis> retry_in) {
  Shared& shared = *start.shared;
  if (error.code == Code::cancelled) return after_cancelled(run);
  shared.memory.report.with([&](Report& report) { report.error = error; });
  log_failure(start.account.name.str(), lane, error);
  if (lane == Lane::questions) shared.memory.questions_work = false;
  const Time now = clock_.now();
  if (error.is_ours()) {  // says nothing of Apple
    start.is_patient = false;
    (void)record(start, lane, start.trouble(lane), &error, {},
                 [](const Stored& stored) { return stored.health; });
    return after_own_failure(shared, lane, error);
  }

  const auto trouble_before = start.trouble(lane);
  const int failures = trouble_before ? trouble_before->failures + 1 : 1;
  // An assign call without an answer costs a question, too: at most 10 calls in a fault's first minute.
  const bool costs_two = lane == Lane::assignment && apple::outcome_unknown(error);
  const int step = costs_two ? failures + 1 : failures;
  Millis wait = retry_in ? *retry_in : account_wait(step);
  if (error.remote.retry_after) wait = std::max(wait, Millis(*error.remote.retry_after));
  LaneTrouble trouble = after_failure(trouble_before, error, now, now + wait);
  if (needs_operator(trouble.state))
    trouble.retry_at = std::max(trouble.retry_at, now + spread(kOperatorWait));
  if (!trouble_before) shared.good_before[static_cast<size_t>(lane)] = service.good_answers();
  const bool stops_all = stops_account(start, lane, error, service);
  // This lane's trouble is no longer that of the account: the others need not wait for its end.
  const bool was_stopped = !stops_all && start.probes(lane) && shared.end_stop();
  const bool is_stopped = !stops_all && shared.is_stopped();
  // As long as Apple asks for; else until the first lane has tried. Before anything is stored, which may take
  // long.
  if (stops_all)
    shared.stopped_until.with([&](auto& stopped) {
      stopped = error.remote.retry_after ? now + *error.remote.retry_after : trouble.retry_at;
    });
  (void)record(start, lane, trouble, &error, {}, [&](const Stored& stored) {
    if (stops_all) return after_attempt(stored.health, failure(error), *start.account.token, now);
    if (is_stopped) return stored.health;
    return with_lanes(stored.health, stored.troubles, shared.answered_since(stored.state, service),
                      stored.state, stored.broken_rule, *start.account.token, now);
  });
  if (stops_all && !start.probes(lane)) wake(start.account.id, first_lane(start.state));
  if (was_stopped) wake_others(start.account.id, lane);
  return trouble.retry_at;
}

// Apple asks for a pause of everything, or rejects the account: that is, each session, or a second lane, too.
bool LaneRunner::stops_account(const AtStart& start, Lane lane, const Error& error,
                               const apple::Service& service) const {
  if (error.remote.retry_after) return true;
  if (!may_concern_account(error)) return false;
  return service.session_is_refused() ||
         std::any_of(start.troubles.begin(), start.troubles.end(), [&](const auto& other) {
           return other.first != lane && needs_operator(other.second.state) &&
                  service.good_answers() == start.shared->good_before[static_cast<size_t>(other.first)];
         });
}

void LaneRunner::wake(AccountId account, Lane lane) const {
  if (wake_) wake_(account, lane);
}

void LaneRunner::wake_others(AccountId account, Lane lane) const {
  for (const Lane other : kLanes)
    if (other != lane) wake(account, other);
}

// The state of the account changes here only, together with the events that tell of it. Other lanes may end
// at the same moment: `new_health` gets what is stored, with this lane's trouble. Returns the state that is
// stored.
Result<SyncState> LaneRunner::record(const AtStart& start, Lane lane,
                                     const std::optional<LaneTrouble>& trouble, const Error* error,
                                     const std::optional<IdleEnd>& end,
                                     const std::function<Health(const Stored&)>& new_health) {
  const Time now = clock_.now();
  const Account& account = start.account;
  Health before, after;
  bool has_events = false, nothing_waits = false;
  long long dropped = 0;
  auto& counts = *start.shared->memory.counts;
  const DayCounts calls = counts.take_calls();
  auto recorded = store_.write(start.scope(), [&](Writer& writer) -> Result<SyncState> {
    MUSTER_TRY(auto found, load(writer, account.id));
    if (!found) return failure(not_current_any_more());
    Stored& stored = *found;
    nothing_waits = stored.waiting == 0;
    stored.record.last_attempt = now;
    if (!error) stored.record.last_success = now;
    stored.record.last_error = error ? error->text() : "";
    if (end) MUSTER_TRY(end->apply_to(stored.state));
    MUSTER_TRY(end ? writer.put_run(account.id, stored.record, stored.state)
                   : writer.put_run_record(account.id, stored.record));
    if (calls.calls > 0) MUSTER_TRY(writer.add_to_day(account.id, now, calls));
    if (trouble != start.trouble(lane)) {
      MUSTER_TRY(writer.put_lane_trouble(account.id, lane, trouble));
      stored.troubles.erase(lane);
      if (trouble) stored.troubles.emplace(lane, *trouble);
    }
    before = stored.health;
    after = new_health(stored);
    mark_reported(before, after, now);
    const auto events = account_events(account, before, after, now);
    if (after.reminded != before.reminded) MUSTER_TRY(tell_token_expiry(writer, account, after, now));
    if (options_.webhook) {
      has_events = !events.empty();
      if (has_events) {
        MUSTER_TRY(dropped, options_.webhook->add(writer, events));
      }
    }
    if (after.state != before.state) MUSTER_TRY(tell_state(writer, account, before, after, now));
    if (after != before) MUSTER_TRY(writer.put_health(account.id, after));
    return std::move(stored.state);
  });
  if (!recorded) {
    counts.give_back(calls);
    if (recorded.error().code != Code::cancelled) log_failure(account.name.str(), lane, recorded.error());
    return recorded;
  }
  start.shared->nothing_waits = nothing_waits;
  log_state(account.name, before, after);
  if (has_events) options_.webhook->added(dropped);
  return recorded;
}

Result<std::optional<Time>> LaneRunner::next_due(const AtStart& start, Lane lane, bool waits) const {
  using State = Assignment::State;
  const AccountId id = start.account.id;
  const Time now = clock_.now();
  return store_.read([&](Reader& r) -> Result<std::optional<Time>> {
    std::optional<Time> next;
    const auto consider = [&](const std::optional<Time>& time) {
      if (time) next = std::min(next.value_or(*time), *time);
    };
    MUSTER_TRY(const auto oldest, r.oldest_waiting_arrival(id));
    start.shared->memory.counts->set_oldest_arrival(oldest);
    switch (lane) {
      case Lane::changes:
      case Lane::full_list: break;  // next_list()
      case Lane::assignment: {
        if (waits) return now + kGather;
        MUSTER_TRY(const auto blocked, blocked_profiles(r, id, now));
        consider(blocked.until);
        MUSTER_TRY(const auto due, r.next_assignment_time(id, State::due, blocked.profiles));
        consider(due);
        MUSTER_TRY(const auto parked, r.next_assignment_time(id, State::parked));
        consider(parked);
        break;
      }
      case Lane::questions: {
        for (const State state : {State::in_flight, State::looking, State::confirming}) {
          MUSTER_TRY(const auto work, r.next_assignment_time(id, state));
          consider(work);
        }
        MUSTER_TRY(const auto question, r.next_question_time(id));
        consider(question);
        break;
      }
    }
    if (next) next = std::max(*next, now + kRetryStep);
    return next;
  });
}

void LaneRunner::on_idle(AccountId account) {
  const auto of_account = shared_.with([&](const auto& all) {
    const auto found = all.find(account);
    return found == all.end() ? nullptr : found->second;
  });
  if (!of_account || of_account->was_idle) return;
  // Looked up here and not by GET /metrics, so that a scrape costs the same however many devices wait; and
  // not by a poll of an account where nothing does.
  const auto waiting = of_account->nothing_waits
                           ? Result<Waiting>(Waiting{})
                           : store_.read([&](Reader& r) { return waiting_of(r, account); });
  if (!waiting) return;
  of_account->memory.counts->set_oldest_arrival(waiting->oldest);
  const Report done = of_account->memory.report.with([&](Report& report) {
    report.waiting = waiting->assignments;
    return report;
  });
  of_account->was_idle = true;
  const bool has_news = done.calls > 0 || done.confirmed > 0;
  if (!of_account->is_worth_logging.exchange(false) && !has_news) return;
  log::info("sync.done", {{"account", of_account->name.with([](const auto& name) { return name; })},
                          {"pages", done.pages},
                          {"devices", done.devices},
                          {"arrivals", done.arrivals},
                          {"left", done.left},
                          {"uncovered", done.uncovered},
                          {"calls", done.calls},
                          {"assigned", done.assigned},
                          {"failed", done.failed},
                          {"confirmed", done.confirmed},
                          {"waiting", done.waiting}});
}

void LaneRunner::forget(AccountId account) {
  shared_.with([&](auto& all) { all.erase(account); });
  services_.forget(account);
}

void LaneRunner::clock_jumped(Millis by, ServerId worker) {
  services_.clock_jumped(by);
  shared_.with([&](auto& all) {
    for (auto& [account, of_account] : all)
      of_account->stopped_until.with([&](auto& until) {
        if (until) *until += by;
      });
  });
  const auto shifted = follow_clock(store_, by, clock_.now(), options_.reconcile_interval, worker);
  if (!shifted) log::error("clock.adjust_failed", {{"by", by.count()}, {"reason", shifted.error().text()}});
}

Report LaneRunner::report(AccountId account) const {
  const auto of_account = shared_.with([&](const auto& all) {
    const auto found = all.find(account);
    return found == all.end() ? nullptr : found->second;
  });
  return of_account ? of_account->memory.report.with([](const Report& report) { return report; }) : Report();
}

}  // namespace muster::sync
