// The moments of the wall clock that something waits for, when that clock was set.
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {

Result<> SqliteWriter::shift_schedules(Millis by, ServerId) {
  const auto ms = by.count();
  MUSTER_TRY(db_.run("UPDATE sent_batch SET first_try = first_try + ?1, last_try = last_try + ?1", ms));
  MUSTER_TRY(db_.run("UPDATE assignment SET next_try = next_try + ?", ms));
  MUSTER_TRY(db_.run("UPDATE question SET next_try = next_try + ?", ms));
  MUSTER_TRY(db_.run("UPDATE lane_trouble SET retry_at = retry_at + ?", ms));
  MUSTER_TRY(db_.run("UPDATE profile_trouble SET retry_at = retry_at + ?", ms));
  MUSTER_TRY(db_.run("UPDATE event SET created_at = created_at + ?", ms));
  return db_.run(
      "UPDATE account SET next_list = next_list + ?1, refetch_not_before = refetch_not_before + ?1, "
      "not_before = not_before + ?1, many_missing_since = many_missing_since + ?1, "
      "clock_offset = clock_offset + ?1, health_told = health_told + ?1, "
      "last_success = last_success + ?1, last_attempt = last_attempt + ?1",
      ms);
}

Result<> SqliteWriter::end_impossible_waits(Time now, const LongestWaits& longest) {
  // A batch is a range of moments, so those of its assignments cannot be changed under it.
  MUSTER_TRY(const auto batches,
             db_.all(
                 "SELECT id FROM sent_batch WHERE last_try > ?",
                 [](const Row& row) { return row.as<SentBatchId>(0); }, now + longest.assignment));
  for (const SentBatchId id : batches) MUSTER_TRY(mark_in_flight(id, now));
  MUSTER_TRY(db_.run("UPDATE assignment SET next_try = ? WHERE next_try > ?", now, now + longest.assignment));
  MUSTER_TRY(db_.run("UPDATE question SET next_try = ? WHERE next_try > ?", now, now + longest.retry));
  MUSTER_TRY(db_.run("UPDATE lane_trouble SET retry_at = ? WHERE retry_at > ?", now, now + longest.retry));
  MUSTER_TRY(db_.run("UPDATE profile_trouble SET retry_at = ? WHERE retry_at > ?", now, now + longest.retry));
  MUSTER_TRY(db_.run("UPDATE account SET next_list = ? WHERE next_list > ?", now, now + longest.next_list));
  MUSTER_TRY(db_.run("UPDATE account SET refetch_not_before = ? WHERE refetch_not_before > ?", now,
                     now + longest.retry));
  MUSTER_TRY(db_.run("UPDATE account SET not_before = NULL WHERE not_before > ?", now + longest.pause));
  MUSTER_TRY(db_.run("UPDATE event SET created_at = ?1 WHERE created_at > ?1", now));
  return db_.run(
      "UPDATE account SET many_missing_since = min(many_missing_since, ?1), health_told = min(health_told, ?1), "
      "last_success = min(last_success, ?1), last_attempt = min(last_attempt, ?1)",
      now);
}

}  // namespace muster::sqlite
