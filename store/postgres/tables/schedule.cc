// The moments of the wall clock that something waits for, when that clock was set.
#include "store/postgres/tables/writer.h"

namespace muster::postgres {

// Others may be writing about accounts at this moment: they are waited for, in an order, and kept out.
Result<> PostgresWriter::lock_all_accounts() {
  return db_.run("SELECT id FROM account ORDER BY id FOR NO KEY UPDATE");
}

// $2: of whose accounts, or 0.
#define OF_WORKER(account) " WHERE ($2 = 0 OR " account " IN (SELECT id FROM account WHERE worker = $2))"

Result<> PostgresWriter::shift_schedules(Millis by, ServerId worker) {
  MUSTER_TRY(lock_all_accounts());
  const auto ms = by.count();
  const auto run = [&](Sql sql) { return db_.run(sql, ms, worker); };
  MUSTER_TRY(
      run("UPDATE sent_batch SET first_try = first_try + $1, last_try = last_try + $1" OF_WORKER("account")));
  MUSTER_TRY(run("UPDATE assignment SET next_try = next_try + $1" OF_WORKER("account")));
  MUSTER_TRY(run("UPDATE question SET next_try = next_try + $1" OF_WORKER("account")));
  MUSTER_TRY(run("UPDATE lane_trouble SET retry_at = retry_at + $1" OF_WORKER("account")));
  MUSTER_TRY(run("UPDATE profile_trouble SET retry_at = retry_at + $1" OF_WORKER("account")));
  MUSTER_TRY(run("UPDATE event SET created_at = created_at + $1" OF_WORKER("account")));
  return run(
      "UPDATE account SET next_list = next_list + $1, refetch_not_before = refetch_not_before + $1, "
      "not_before = not_before + $1, many_missing_since = many_missing_since + $1, "
      "clock_offset = clock_offset + $1, health_told = health_told + $1, "
      "last_success = last_success + $1, last_attempt = last_attempt + $1" OF_WORKER("id"));
}

Result<> PostgresWriter::end_impossible_waits(Time now, const LongestWaits& longest) {
  MUSTER_TRY(lock_all_accounts());
  // A batch is a range of moments, so those of its assignments cannot be changed under it.
  MUSTER_TRY(const auto batches,
             db_.all(
                 "SELECT id FROM sent_batch WHERE last_try > $1",
                 [](const Row& row) { return row.as<SentBatchId>(0); }, now + longest.assignment));
  for (const SentBatchId id : batches) MUSTER_TRY(mark_in_flight(id, now));
  MUSTER_TRY(
      db_.run("UPDATE assignment SET next_try = $1 WHERE next_try > $2", now, now + longest.assignment));
  MUSTER_TRY(db_.run("UPDATE question SET next_try = $1 WHERE next_try > $2", now, now + longest.retry));
  MUSTER_TRY(db_.run("UPDATE lane_trouble SET retry_at = $1 WHERE retry_at > $2", now, now + longest.retry));
  MUSTER_TRY(
      db_.run("UPDATE profile_trouble SET retry_at = $1 WHERE retry_at > $2", now, now + longest.retry));
  MUSTER_TRY(db_.run("UPDATE account SET next_list = $1 WHERE next_list > $2", now, now + longest.next_list));
  MUSTER_TRY(db_.run("UPDATE account SET refetch_not_before = $1 WHERE refetch_not_before > $2", now,
                     now + longest.retry));
  MUSTER_TRY(db_.run("UPDATE account SET not_before = NULL WHERE not_before > $1", now + longest.pause));
  MUSTER_TRY(db_.run("UPDATE event SET created_at = $1 WHERE created_at > $1", now));
  // least() of nothing and a moment is the moment.
  return db_.run(
      "UPDATE account SET "
      "many_missing_since = CASE WHEN many_missing_since > $1 THEN $1 ELSE many_missing_since END, "
      "health_told = CASE WHEN health_told > $1 THEN $1 ELSE health_told END, "
      "last_success = CASE WHEN last_success > $1 THEN $1 ELSE last_success END, "
      "last_attempt = CASE WHEN last_attempt > $1 THEN $1 ELSE last_attempt END",
      now);
}

}  // namespace muster::postgres
