#include <algorithm>

#include "store/sqlite/writer.h"

namespace muster::sqlite {
namespace {

#define ASSIGNMENT_COLUMNS                                                                      \
  "a.device, a.serial, a.account, a.profile_uuid, a.state, a.urgency, a.attempts, a.next_try, " \
  "a.last_answer, "                                                                             \
  "a.created_at"
#define ASSIGNMENT_FROM " FROM assignment a "

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
constexpr Assignment::State kSent[] = {Assignment::State::in_flight, Assignment::State::confirming,
                                       Assignment::State::looking};
// What is due is looked for with this word, so that SQLite sees that the index of what is due may be used.
static_assert(static_cast<int>(Assignment::State::due) == 0);
#define DUE "state = 0"
#define SENT "state <> 0"

// Of what is due with one urgency: a profile, and since when its first device has waited.
struct Waiting {
  ProfileUuid profile;
  Time since;
};

// One look a profile, however many devices wait: from each profile to the next one behind it.
Result<std::vector<Waiting>> waiting_profiles(Database& db, AccountId account, Assignment::Urgency urgency) {
  std::vector<Waiting> found;
  for (ProfileUuid behind;;) {
    MUSTER_TRY(
        auto next,
        db.first(
            "SELECT profile_uuid, next_try FROM assignment WHERE " DUE
            " AND account = ? AND urgency = ? AND profile_uuid > ? ORDER BY profile_uuid, next_try LIMIT 1",
            [](const Row& row) {
              return Waiting{ProfileUuid(row.text(0)), row.time(1)};
            },
            account, urgency, behind));
    if (!next) return found;
    behind = next->profile;
    found.push_back(std::move(*next));
  }
}

}  // namespace

// The queries below are walks along assignment_due or assignment_sent that touch what they give and little else, however
// much work waits.

Result<std::vector<Assignment>> SqliteReader::assignments(std::span<const DeviceId> devices) {
  if (devices.empty()) return std::vector<Assignment>();
  const Given rows(devices, [](DeviceId id, int, Column to) { put(to, id); });
  return db_.all_over("SELECT " ASSIGNMENT_COLUMNS " FROM given CROSS JOIN assignment a ON a.device = c0",
                      rows, read_assignment);
}

Result<std::vector<Assignment>> SqliteReader::next_batch(AccountId account, Time now, size_t limit) {
  std::vector<Assignment> batch;
  std::optional<ProfileUuid> profile;
  for (const auto urgency : kUrgencies) {
    if (!profile) {
      MUSTER_TRY(const auto waiting, waiting_profiles(db_, account, urgency));
      const auto first = std::min_element(waiting.begin(), waiting.end(),
                                          [](const auto& a, const auto& b) { return a.since < b.since; });
      if (first == waiting.end() || first->since > now) continue;
      profile = first->profile;
    }
    MUSTER_TRY(auto part,
               db_.all("SELECT " ASSIGNMENT_COLUMNS ASSIGNMENT_FROM "WHERE a." DUE
                       " AND a.account = ? AND a.urgency = ? AND a.profile_uuid = ? AND a.next_try <= ? "
                       "ORDER BY a.next_try, a.device LIMIT ?",
                       read_assignment, account, urgency, *profile, now, limit - batch.size()));
    std::move(part.begin(), part.end(), std::back_inserter(batch));
    if (batch.size() == limit) break;
  }
  return batch;
}

Result<std::vector<Assignment>> SqliteReader::sent_assignments(AccountId account, Assignment::State state,
                                                               Time now, size_t limit) {
  return db_.all(
      "SELECT " ASSIGNMENT_COLUMNS ASSIGNMENT_FROM "WHERE a." SENT
      " AND a.account = ? AND a.state = ? AND a.next_try <= ? ORDER BY a.next_try, a.device LIMIT ?",
      read_assignment, account, state, now, limit);
}

Result<std::optional<Time>> SqliteReader::next_assignment_time(AccountId account) {
  std::optional<Time> earliest;
  const auto consider = [&](Time next) {
    if (!earliest || next < *earliest) earliest = next;
  };
  for (const auto urgency : kUrgencies) {
    MUSTER_TRY(const auto waiting, waiting_profiles(db_, account, urgency));
    for (const auto& profile : waiting) consider(profile.since);
  }
  for (const auto state : kSent) {
    MUSTER_TRY(const auto next, db_.first(
                                    "SELECT next_try FROM assignment WHERE " SENT
                                    " AND account = ? AND state = ? ORDER BY next_try LIMIT 1",
                                    [](const Row& row) { return row.time(0); }, account, state));
    if (next) consider(*next);
  }
  return earliest;
}

Result<> SqliteWriter::put_assignments(std::span<const Assignment> assignments) {
  const Given rows(assignments, [](const Assignment& assignment, int column, Column to) {
    switch (column) {
      case 0: return put(to, assignment.device);
      case 1: return put(to, assignment.account);
      case 2: return put(to, assignment.profile);
      case 3: return put(to, assignment.state);
      case 4: return put(to, assignment.urgency);
      case 5: return put(to, assignment.attempts);
      case 6: return put(to, assignment.next_try);
      case 7: return put(to, assignment.last_answer);
      case 8: return put(to, assignment.created_at);
      case 9: return put(to, assignment.serial);
      default: return;
    }
  });
#define ALL_BUT_THE_PROFILE                                                            \
  "state = excluded.state, urgency = excluded.urgency, attempts = excluded.attempts, " \
  "next_try = excluded.next_try, last_answer = excluded.last_answer, created_at = excluded.created_at "
  // Where the profile stays, as it nearly always does, the row stays in its place.
  return db_.run_over(
      "INSERT INTO assignment (device, account, profile_uuid, state, urgency, attempts, next_try, last_answer, "
      "created_at, serial) SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 FROM given WHERE true "
      "ON CONFLICT (account, profile_uuid, device) DO UPDATE SET " ALL_BUT_THE_PROFILE
      "ON CONFLICT (device) DO UPDATE SET profile_uuid = excluded.profile_uuid, " ALL_BUT_THE_PROFILE,
      rows);
}

// Row by row: over rows in memory SQLite would first gather all that is to be changed, in a table of its own.
Result<> SqliteWriter::update_assignments(std::span<const Assignment> assignments) {
  for (const auto& a : assignments)
    MUSTER_TRY(
        db_.run("UPDATE assignment SET state = ?, urgency = ?, attempts = ?, next_try = ?, last_answer = ? "
                "WHERE account = ? AND profile_uuid = ? AND device = ? AND created_at = ?",
                a.state, a.urgency, a.attempts, a.next_try, a.last_answer, a.account, a.profile, a.device,
                a.created_at));
  return {};
}

Result<> SqliteWriter::remove_assignments(std::span<const DeviceId> devices) {
  const Given rows(devices, [](DeviceId id, int, Column to) { put(to, id); });
  return db_.run_over("DELETE FROM assignment WHERE device IN (SELECT c0 FROM given)", rows);
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
