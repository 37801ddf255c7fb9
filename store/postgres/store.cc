#include "store/postgres/store.h"

#include <chrono>
#include <thread>

#include "base/os/kill_point.h"
#include "base/threads/wanted.h"
#include "base/time/backoff.h"
#include "store/postgres/schema.h"
#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

using namespace std::chrono_literals;

// The others that were in the way are done after a moment, and the database that failed over is back after
// some.
constexpr int kMostTries = 6;
// How long to ask for the outcome of a commit whose answer was lost. What servers tell each other may be told
// twice.
constexpr Millis kAskForOutcome = 30s, kAskOfSharing = 2s;

// On a full disk, servers may still tell each other that they are there: that ends the store's trouble only
// when nothing has failed for so long.
constexpr auto kCalm = 10s;

// 20 ms, doubling: 0.6 s in all.
void wait_before(int next_try) { std::this_thread::sleep_for(10ms * (1 << (next_try - 1))); }

void lock(Connection& connection, const WriteScope& scope) {
  if (scope.concerns_installation()) (void)connection.run("SELECT 1 FROM installation FOR NO KEY UPDATE");
  if (scope.epoch())
    (void)connection.run("SELECT lock_for_run($1, $2)", scope.account(), *scope.epoch());
  else if (scope.account() != AccountId{})
    (void)connection.run("SELECT 1 FROM account WHERE id = $1 FOR NO KEY UPDATE", scope.account());
}

Error unknown_outcome(const Error& why) {
  return {
      Code::storage,
      "the connection to the database broke while a change was being committed, and its outcome is unknown: " +
          why.message,
      "Look whether the change is there before you repeat it. " + why.hint,
      {}};
}

}  // namespace

Result<> PostgresStore::do_read(FunctionRef<void(Reader&)> fn) {
  Fault fault;  // what fn gives says it, too
  return run_read(
      pool_,
      [&](Connection& connection) {
        PostgresReader reader(connection, keyring_);
        fn(reader);
      },
      fault);
}

Result<> PostgresStore::run_read(Pool& pool, const std::function<void(Connection&)>& fn, Fault& fault) {
  MUSTER_TRY(auto connection, pool.take(fault));
  connection->begin(false);
  MUSTER_TRY(connection->run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  fn(*connection);
  if (connection->fault()) fault = *connection->fault();
  if (connection->fault() && fault.kind != Fault::Kind::lost) {
    connection->forget_fault();
    if (connection->run("ROLLBACK") && connection->settle()) connection.is_sound();
    return {};  // what fn gives says why
  }
  connection->end_with("COMMIT");
  if (!connection->fault()) connection.is_sound();
  return {};
}

// Another server may have upgraded the schema meanwhile.
Result<> PostgresStore::check() {
  Fault fault;
  MUSTER_TRY(auto connection, pool_.take(fault));
  connection->begin(false);
  MUSTER_TRY(const auto version, connection->ask("SELECT version FROM muster_schema"));
  connection.is_sound();
  return check_schema_version(version.size() == 0 ? 0 : version[0].integer(0));
}

// A transaction that is rolled back. It takes no lock of an account, and the triggers that would are told not
// to (schema/accounts.sql).
Result<> PostgresStore::do_try_out(FunctionRef<void(Writer&)> fn) {
  Fault fault;
  MUSTER_TRY(auto connection, pool_.take(fault));
  connection->begin(true);
  MUSTER_TRY(connection->run("BEGIN ISOLATION LEVEL REPEATABLE READ"));
  MUSTER_TRY(connection->run("SET LOCAL muster.trying_out = 'on'"));
  PostgresWriter writer(*connection, keyring_);
  fn(writer);
  std::optional<Error> failed;
  if (!connection->settle()) {
    const Fault happened = connection->fault().value_or(Fault{});
    if (happened.kind == Fault::Kind::lost) return failure(happened.error);
    failed = happened.error;
    connection->forget_fault();
  }
  if (connection->run("ROLLBACK") && connection->settle()) connection.is_sound();
  return failed ? Result<>(failure(*failed)) : Result<>();
}

Result<> PostgresStore::do_write(WriteScope scope, Durability durability, WriteFunction fn) {
  std::optional<PostgresWriter> writer;
  const auto end = run_write(pool_, scope, durability, [&](Connection& connection, Run run) {
    writer.emplace(connection, keyring_, &first_lists_, scope.epoch());
    return fn(*writer, run);
  });
  if (!end) {
    first_lists_.forget(scope.account());  // what it says may be why
    return failure(end.error());
  }
  if (*end == End::kept) writer->committed();
  if (*end == End::kept && writer->has_changed_keys()) keys_changed();
  return {};
}

ConnectionSettings PostgresStore::for_sharing(ConnectionSettings settings) {
  settings.statement_limit = 4s;
  settings.patience = 1s;
  settings.connect_limit = 2s;
  return settings;
}

Result<> PostgresStore::do_transact(const Attempt& fn) {
  return run_write(sharing_pool_, std::nullopt, Durability::now,
                   [&](Connection& connection, Run) { return fn(connection); })
      .map([](End) {});
}

Result<> PostgresStore::do_look(const Attempt& fn) {
  for (int attempt = 1;; ++attempt) {
    Fault fault;
    bool is_good = false;
    const auto read = run_read(
        sharing_pool_, [&](Connection& connection) { is_good = fn(connection); }, fault);
    const bool is_lost = !is_good && fault.kind == Fault::Kind::lost;
    if (!is_lost || attempt == kMostTries || !Wanted::still(false)) return read;
    sharing_pool_.close_resting();
    wait_before(attempt + 1);
  }
}

Result<PostgresStore::End> PostgresStore::run_write(Pool& pool, const std::optional<WriteScope>& scope,
                                                    Durability durability, const ConnectionFunction& fn) {
  const bool is_patient = scope && scope->is_patient();
  std::optional<StorageTrouble::Waiting> waiting;
  for (int attempt = 1;; ++attempt) {
    Fault fault;
    const bool may_repeat = is_patient || attempt < kMostTries;
    const auto end = try_write(pool, scope, durability, fn, may_repeat ? Run::may_repeat : Run::last, fault);
    if (end) {
      const bool is_calm = std::chrono::steady_clock::now() - last_failure_.load() > kCalm;
      if (*end == End::kept && (scope || is_calm)) trouble_.end(waiting.has_value());
      return *end;
    }
    const bool is_passing = fault.kind == Fault::Kind::retry || fault.kind == Fault::Kind::lost;
    const bool may_succeed = is_passing && attempt < kMostTries && Wanted::still(true);
    if (fault.kind == Fault::Kind::lost) pool.close_resting();
    if (!may_succeed) {
      if (end.error().code == Code::storage) {
        last_failure_ = std::chrono::steady_clock::now();
        trouble_.begin(end.error());
      }
      if (is_patient && end.error().code == Code::storage && fault.kind != Fault::Kind::unknown) {
        if (!waiting) waiting.emplace(trouble_);
        if (waiting->may_try_again()) {
          attempt = 0;
          continue;
        }
      }
      if (fault.is_refused) ++refused_writes_;
      return failure(end.error());
    }
    wait_before(attempt + 1);
  }
}

Result<PostgresStore::End> PostgresStore::try_write(Pool& pool, const std::optional<WriteScope>& scope,
                                                    Durability durability, const ConnectionFunction& fn,
                                                    Run run, Fault& fault) {
  MUSTER_TRY(auto lease, pool.take(fault));
  Connection& connection = *lease;
  connection.begin(true);
  const Mark mark{connection.id(), ++marks_};
  std::int64_t is_marked = 0;
  const auto failed = [&]() -> Result<End> {
    fault = connection.fault().value_or(Fault{});
    if (fault.kind == Fault::Kind::lost) return failure(fault.error);
    connection.forget_fault();
    if (connection.run("ROLLBACK") && connection.settle()) lease.is_sound();
    return failure(fault.error);
  };

  (void)connection.run("BEGIN");
  if (durability == Durability::later) (void)connection.run("SET LOCAL synchronous_commit = off");
  if (scope) lock(connection, *scope);
  (void)connection.run_for(is_marked,
                           "INSERT INTO commit_mark (connection, number) VALUES ($1, $2) "
                           "ON CONFLICT (connection) DO UPDATE SET number = excluded.number, at = now() "
                           "RETURNING 1",
                           mark.connection, mark.number);

  connection.flush();  // the lock is had, or waited for, while fn begins

  const bool keep = fn(connection, run);
  if (connection.fault()) return failed();
  if (!keep) {
    if (connection.run("ROLLBACK") && connection.settle()) lease.is_sound();
    return End::undone;
  }
  // The mark must be there, and locked, before the end is asked for.
  if (is_marked == 0 && !connection.settle()) return failed();
  if (scope) kill_point("commit.before");
  (void)connection.run("COMMIT");
  if (!connection.settle()) {
    if (connection.fault()->kind != Fault::Kind::lost) return failed();
    fault = *connection.fault();
    lease.give_up();  // else those who ask might wait for each other's connections
    const auto committed = was_committed(pool, mark, scope ? kAskForOutcome : kAskOfSharing);
    if (!committed) {
      fault.kind = Fault::Kind::unknown;
      return failure(committed.error());
    }
    if (!*committed) return failure(fault.error);
  } else {
    lease.is_sound();
  }
  if (scope) kill_point("commit.after");
  return End::kept;
}

// An unknown outcome is found out, never guessed.
Result<bool> PostgresStore::was_committed(Pool& pool, const Mark& mark, Millis limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    pool.close_resting();
    const auto found = is_there(pool, mark);
    if (found) return *found;
    if (std::chrono::steady_clock::now() > deadline || !Wanted::still(true))
      return failure(unknown_outcome(found.error()));
    std::this_thread::sleep_for(100ms);
  }
}

// Waits for the end of the mark's transaction, if the server has not noticed yet that its client is gone. And
// for the synchronous standby, by a COMMIT: a transaction that was committed when the server was killed can
// be seen when it is back, before the standby has it.
Result<bool> PostgresStore::is_there(Pool& pool, const Mark& mark) {
  Fault fault;
  MUSTER_TRY(auto connection, pool.take(fault));
  connection->begin(false);
  MUSTER_TRY(connection->run("BEGIN"));
  MUSTER_TRY(connection->run("SET LOCAL lock_timeout = '3s'"));
  MUSTER_TRY(const auto found,
             connection->ask("INSERT INTO commit_mark (connection, number) VALUES ($1, 0) "
                             "ON CONFLICT (connection) DO UPDATE SET at = now() RETURNING number",
                             mark.connection));
  MUSTER_TRY(connection->run("COMMIT"));
  MUSTER_TRY(connection->settle());
  connection.is_sound();
  return found[0].integer(0) == mark.number;
}

}  // namespace muster::postgres
