#include <algorithm>

#include "store/sqlite/writer.h"

namespace muster::sqlite {
namespace {

#define ASSIGNMENT_COLUMNS                                                                      \
  "a.device, d.serial, a.account, a.profile_uuid, a.state, a.urgency, a.attempts, a.next_try, " \
  "a.last_answer, "                                                                             \
  "a.created_at"
#define ASSIGNMENT_FROM " FROM assignment a JOIN device d ON d.id = a.device "

Assignment read_assignment(const Row& row) {
  return {row.as<DeviceId>(0),
          Serial(row.text(1)),
          row.as<AccountId>(2),
          ProfileUuid(row.text(3)),
          row.as<Assignment::State>(4),
          row.as<Assignment::Urgency>(5),
          static_cast<int>(row.integer(6)),
          row.time(7),
          row.text(8),
          row.time(9)};
}

constexpr Assignment::Urgency kUrgencies[] = {Assignment::Urgency::arrival, Assignment::Urgency::retry,
                                              Assignment::Urgency::backfill};
constexpr Assignment::State kStates[] = {Assignment::State::due, Assignment::State::in_flight,
                                         Assignment::State::confirming, Assignment::State::looking};

}  // namespace

// The queries below fix account, state and urgency and range over next_try, so that each is one walk along
// assignment_work that touches what it gives and little else, however much work waits.

Result<std::optional<Assignment>> SqliteReader::assignment(DeviceId device) {
  return db_.first("SELECT " ASSIGNMENT_COLUMNS ASSIGNMENT_FROM "WHERE a.device = ?", read_assignment,
                   device);
}

Result<std::vector<Assignment>> SqliteReader::next_batch(AccountId account, Time now, size_t limit) {
  std::vector<Assignment> batch;
  std::optional<ProfileUuid> profile;
  for (const auto urgency : kUrgencies) {
    if (!profile) {
      MUSTER_TRY(profile,
                 db_.first(
                     "SELECT profile_uuid FROM assignment WHERE account = ? AND state = ? AND urgency = ? "
                     "AND next_try <= ? ORDER BY next_try LIMIT 1",
                     [](const Row& row) { return ProfileUuid(row.text(0)); }, account, Assignment::State::due,
                     urgency, now));
      if (!profile) continue;
    }
    MUSTER_TRY(auto part,
               db_.all("SELECT " ASSIGNMENT_COLUMNS ASSIGNMENT_FROM
                       "WHERE a.account = ? AND a.state = ? AND a.urgency = ? AND a.next_try <= ? AND "
                       "a.profile_uuid = ? ORDER BY a.next_try, a.device LIMIT ?",
                       read_assignment, account, Assignment::State::due, urgency, now, *profile,
                       limit - batch.size()));
    std::move(part.begin(), part.end(), std::back_inserter(batch));
    if (batch.size() == limit) break;
  }
  return batch;
}

Result<std::vector<Assignment>> SqliteReader::assignments(AccountId account, Assignment::State state,
                                                          Time now, size_t limit) {
  std::vector<Assignment> found;
  for (const auto urgency : kUrgencies) {
    MUSTER_TRY(auto part, db_.all("SELECT " ASSIGNMENT_COLUMNS ASSIGNMENT_FROM
                                  "WHERE a.account = ? AND a.state = ? AND a.urgency = ? AND a.next_try <= ? "
                                  "ORDER BY a.next_try, a.device LIMIT ?",
                                  read_assignment, account, state, urgency, now, limit - found.size()));
    std::move(part.begin(), part.end(), std::back_inserter(found));
    if (found.size() == limit) break;
  }
  return found;
}

Result<std::optional<Time>> SqliteReader::next_assignment_time(AccountId account) {
  std::optional<Time> earliest;
  for (const auto state : kStates) {
    for (const auto urgency : kUrgencies) {
      MUSTER_TRY(const auto next, db_.first(
                                      "SELECT next_try FROM assignment WHERE account = ? AND state = ? AND "
                                      "urgency = ? ORDER BY next_try LIMIT 1",
                                      [](const Row& row) { return row.time(0); }, account, state, urgency));
      if (next && (!earliest || *next < *earliest)) earliest = next;
    }
  }
  return earliest;
}

Result<long long> SqliteReader::assignment_count(AccountId account) {
  MUSTER_TRY(const auto count,
             db_.first(
                 "SELECT count(*) FROM assignment WHERE account = ?",
                 [](const Row& row) { return static_cast<long long>(row.integer(0)); }, account));
  return count.value_or(0);
}

Result<> SqliteWriter::put_assignment(const Assignment& assignment) {
  return db_.run(
      "INSERT INTO assignment (device, account, profile_uuid, state, urgency, attempts, next_try, "
      "last_answer, "
      "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (device) DO UPDATE SET "
      "profile_uuid = excluded.profile_uuid, state = excluded.state, urgency = excluded.urgency, "
      "attempts = excluded.attempts, next_try = excluded.next_try, last_answer = excluded.last_answer, "
      "created_at = excluded.created_at",
      assignment.device, assignment.account, assignment.profile, assignment.state, assignment.urgency,
      assignment.attempts, assignment.next_try, assignment.last_answer, assignment.created_at);
}

Result<> SqliteWriter::remove_assignment(DeviceId device) {
  return db_.run("DELETE FROM assignment WHERE device = ?", device);
}

Result<long long> SqliteWriter::repoint_waiting(const Assigner& rule, Time now) {
#define WAITING_OF_RULE                                                                                      \
  "(SELECT a.device FROM assignment a JOIN device d ON d.id = a.device WHERE a.account = ? AND a.state = ? " \
  "AND d.desired_by = ? AND d.desired_assigner = ?)"
  const auto due = Assignment::State::due;
  const auto by = Desired::By::assigner;
  MUSTER_TRY(db_.run(
      "INSERT INTO history (device, at, kind, detail) SELECT id, ?, ?, ? FROM device WHERE id IN " WAITING_OF_RULE,
      now, HistoryEntry::Kind::decided, decision_text(rule), rule.account, due, by, rule.id));
  const auto devices = static_cast<long long>(db_.changes());
  MUSTER_TRY(db_.run("UPDATE device SET desired_profile = ?, desired_at = ? WHERE id IN " WAITING_OF_RULE,
                     rule.profile, now, rule.account, due, by, rule.id));
  if (rule.profile.empty()) {
    MUSTER_TRY(
        db_.run("DELETE FROM assignment WHERE device IN " WAITING_OF_RULE, rule.account, due, by, rule.id));
  } else {
    MUSTER_TRY(
        db_.run("UPDATE assignment SET profile_uuid = ?, attempts = 0, next_try = ?, last_answer = '' "
                "WHERE device IN " WAITING_OF_RULE,
                rule.profile, now, rule.account, due, by, rule.id));
  }
  return devices;
}

}  // namespace muster::sqlite
