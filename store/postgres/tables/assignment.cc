#include "model/text/words.h"
#include "store/postgres/tables/sent.h"
#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

#define COLUMNS_WITH_STATE(state)                 \
  "a.device, a.serial, a.account, p.uuid, " state \
  ", a.urgency, a.attempts, a.next_try, a.last_answer, a.created_at"
#define ASSIGNMENT_COLUMNS COLUMNS_WITH_STATE("a.state")
#define ITS_PROFILE " JOIN profile_state p ON p.id = a.profile "

Assignment read_assignment(const Row& row) {
  return Assignment{row.as<DeviceId>(0),
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

// What is due is looked for with this word, so that PostgreSQL sees that the index of what is due may be
// used.
static_assert(static_cast<int>(Assignment::State::due) == 0 &&
              static_cast<int>(Assignment::State::in_flight) == 1);
#define DUE "state = 0"
#define NOT_DUE "state <> 0"
#define STATE_AS_SENT "CASE WHEN a." DUE " AND " IS_SENT("a") " THEN 1 ELSE a.state END"

// Of the account $1 without the profiles $2: each profile for which something is due and in no sent batch,
// with its urgency, the place behind its sent batches, and since when its first device has waited. Each batch
// begins behind those before it, so the last one's end says where the rest begins. What came to lie in front
// of that meanwhile waits until these batches are settled.
//
// One look a profile, however many devices wait: from each profile to the next one behind it.
static_assert(static_cast<int>(Assignment::Urgency::arrival) == 0 &&
              static_cast<int>(Assignment::Urgency::backfill) == 2);
#define WAITING_PROFILES                                                                                      \
  "WITH RECURSIVE walk (urgency, profile) AS ("                                                               \
  "SELECT u, (SELECT min(a.profile) FROM assignment a WHERE a." DUE                                           \
  " AND a.account = $1 AND a.urgency = u) FROM generate_series(0::bigint, 2) u UNION ALL "                    \
  "SELECT w.urgency, (SELECT min(a.profile) FROM assignment a WHERE a." DUE                                   \
  " AND a.account = $1 AND a.urgency = w.urgency AND a.profile > w.profile) FROM walk w "                     \
  "WHERE w.profile IS NOT NULL), "                                                                            \
  "sent AS (SELECT DISTINCT ON (profile, urgency) profile, urgency, last_try, last_device FROM sent_batch "   \
  "WHERE account = $1 ORDER BY profile, urgency, last_try DESC, last_device DESC), "                          \
  "behind AS (SELECT w.urgency, w.profile, coalesce(s.last_try, -9223372036854775807) AS last_try, "          \
  "coalesce(s.last_device, 0) AS last_device FROM walk w LEFT JOIN sent s ON s.profile = w.profile "          \
  "AND s.urgency = w.urgency WHERE w.profile IS NOT NULL AND w.profile NOT IN (SELECT id FROM profile_state " \
  "WHERE account = $1 AND status = '' AND uuid = ANY($2))), "                                                 \
  "waiting AS (SELECT b.*, first.since FROM behind b CROSS JOIN LATERAL (SELECT a.next_try AS since "         \
  "FROM assignment a WHERE a." DUE                                                                            \
  " AND a.account = $1 AND a.urgency = b.urgency AND a.profile = b.profile "                                  \
  "AND (a.next_try, a.device) > (b.last_try, b.last_device) ORDER BY a.next_try, a.device LIMIT 1) first) "

#define BATCH_COLUMNS                                                                                      \
  "s.id, s.account, p.uuid, s.urgency, s.first_try, s.last_try, s.first_device, s.last_device, s.sent_at " \
  "FROM sent_batch s JOIN profile_state p ON p.id = s.profile "

SentBatch read_batch(const Row& row) {
  return SentBatch{.id = row.as<SentBatchId>(0),
                   .account = row.as<AccountId>(1),
                   .profile = ProfileUuid(row.text(2)),
                   .urgency = row.as<Assignment::Urgency>(3),
                   .first_try = row.time(4),
                   .last_try = row.time(5),
                   .first_device = row.as<DeviceId>(6),
                   .last_device = row.as<DeviceId>(7),
                   .sent_at = row.time(8)};
}

}  // namespace

Result<std::vector<Assignment>> PostgresReader::assignments(std::span<const DeviceId> devices) {
  if (devices.empty()) return std::vector<Assignment>();
  return db_.all(
      "SELECT " COLUMNS_WITH_STATE(
          STATE_AS_SENT) " FROM unnest($1) AS given (device) JOIN assignment a ON a.device = given.device" ITS_PROFILE,
      read_assignment, column(devices));
}

Result<std::vector<Assignment>> PostgresReader::next_batch(AccountId account, Time now, size_t limit,
                                                           const std::set<ProfileUuid>& without) {
  return db_.all(
      WAITING_PROFILES
      ", chosen AS (SELECT profile, urgency FROM waiting WHERE since <= $3 ORDER BY urgency, since, profile "
      "LIMIT 1), batch AS (SELECT a.* FROM chosen c JOIN waiting w ON w.profile = c.profile "
      "AND w.urgency >= c.urgency CROSS JOIN LATERAL (SELECT * FROM assignment a WHERE a." DUE
      " AND a.account = $1 AND a.urgency = w.urgency AND a.profile = w.profile AND a.next_try <= $3 "
      "AND (a.next_try, a.device) > (w.last_try, w.last_device) ORDER BY a.next_try, a.device LIMIT $4) a) "
      "SELECT " ASSIGNMENT_COLUMNS " FROM batch a" ITS_PROFILE
      "ORDER BY a.urgency, a.next_try, a.device LIMIT $4",
      read_assignment, account, column(without), now, limit);
}

Result<std::vector<Assignment>> PostgresReader::assignments_in(AccountId account, Assignment::State state,
                                                               Time now, size_t limit) {
  return db_.all(
      "SELECT " ASSIGNMENT_COLUMNS " FROM (SELECT * FROM assignment WHERE " NOT_DUE
      " AND account = $1 AND state = $2 AND next_try <= $3 ORDER BY account, state, next_try, device LIMIT $4) "
      "a" ITS_PROFILE "ORDER BY a.next_try, a.device",
      read_assignment, account, state, now, limit);
}

Result<std::optional<Time>> PostgresReader::next_assignment_time(AccountId account, Assignment::State state,
                                                                 const std::set<ProfileUuid>& without) {
  const auto next =
      state != Assignment::State::due
          ? db_.ask("SELECT min(next_try) FROM assignment WHERE " NOT_DUE " AND account = $1 AND state = $2",
                    account, state)
          : db_.ask(WAITING_PROFILES "SELECT min(since) FROM waiting", account, column(without));
  if (!next) return failure(next.error());
  return (*next)[0].optional_time(0);
}

Result<std::optional<Time>> PostgresReader::oldest_waiting_arrival(AccountId account) {
#define WAITING_OF(which) \
  "(SELECT device, created_at FROM assignment WHERE account = $1 AND " which " LIMIT $2)"
  const auto oldest = db_.ask(
      "SELECT min(a.created_at) FROM (" WAITING_OF(DUE " AND urgency = 0") " UNION ALL " WAITING_OF(
          DUE " AND urgency = 1") " UNION ALL " WAITING_OF(NOT_DUE " AND state = 1") " UNION ALL "
      WAITING_OF(NOT_DUE " AND state = 2") " UNION ALL " WAITING_OF(NOT_DUE " AND state = 3") " UNION ALL "
      WAITING_OF(NOT_DUE " AND state = 4") ") a CROSS JOIN LATERAL (SELECT arrived_at FROM device "
      "WHERE id = a.device " EACH_BY_INDEX ") d WHERE d.arrived_at = a.created_at",
      account, static_cast<std::int64_t>(kMostLookedAt));
  if (!oldest) return failure(oldest.error());
  return (*oldest)[0].optional_time(0);
}

Result<std::vector<SentBatch>> PostgresReader::sent_batches(AccountId account) {
  return db_.all("SELECT " BATCH_COLUMNS "WHERE s.account = $1 ORDER BY s.id", read_batch, account);
}

Result<> PostgresWriter::put_sent_batch(SentBatch& batch) {
  MUSTER_TRY(const auto profile, number_of(batch.account, batch.profile));
  MUSTER_TRY(const auto stored,
             db_.ask("INSERT INTO sent_batch (account, profile, urgency, first_try, last_try, first_device, "
                     "last_device, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
                     batch.account, profile, batch.urgency, batch.first_try, batch.last_try,
                     batch.first_device, batch.last_device, batch.sent_at));
  batch.id = stored[0].as<SentBatchId>(0);
  return {};
}

Result<> PostgresWriter::remove_sent_batch(SentBatchId id) {
  return db_.run("DELETE FROM sent_batch WHERE id = $1", id);
}

// By the row: its moments may have moved with the wall clock since it was made.
Result<> PostgresWriter::mark_in_flight(SentBatchId id, Time now) {
  MUSTER_TRY(
      db_.run("UPDATE assignment a SET state = 1, next_try = $2 FROM sent_batch s WHERE s.id = $1 AND a." DUE
              " AND a.account = s.account AND a.urgency = s.urgency AND a.profile = s.profile "
              "AND (a.next_try, a.device) >= (s.first_try, s.first_device) "
              "AND (a.next_try, a.device) <= (s.last_try, s.last_device)",
              id, now));
  return remove_sent_batch(id);
}

Result<> PostgresWriter::put_assignments(std::span<const Assignment> assignments) {
  if (assignments.empty()) return {};
  std::map<AccountId, std::vector<const Assignment*>> accounts;  // nearly always one
  for (const auto& assignment : assignments) accounts[assignment.account].push_back(&assignment);
  for (const auto& [account, all] : accounts) {
    std::vector<ProfileUuid> profiles;
    for (const auto* assignment : all) profiles.push_back(assignment->profile);
    MUSTER_TRY(const auto numbers, numbers_of(account, profiles));
    const auto of = [&all = all](auto get) {
      return column(all, [get](const Assignment* assignment) { return get(*assignment); });
    };
    MUSTER_TRY(db_.run(
        "INSERT INTO assignment (device, account, profile, serial, state, urgency, attempts, next_try, "
        "last_answer, created_at) SELECT g.device, $1, g.profile, g.serial, g.state, g.urgency, g.attempts, "
        "g.next_try, g.last_answer, g.created_at FROM (SELECT unnest($2) AS device, unnest($3) AS profile, "
        "unnest($4) AS serial, unnest($5) AS state, unnest($6) AS urgency, unnest($7) AS attempts, "
        "unnest($8) AS next_try, unnest($9) AS last_answer, unnest($10) AS created_at) AS g "
        "ON CONFLICT (device) DO UPDATE SET profile = excluded.profile, serial = excluded.serial, "
        "state = excluded.state, urgency = excluded.urgency, attempts = excluded.attempts, "
        "next_try = excluded.next_try, last_answer = excluded.last_answer, created_at = excluded.created_at",
        account, of([](const Assignment& a) { return a.device; }), column(numbers),
        of([](const Assignment& a) { return a.serial; }), of([](const Assignment& a) { return a.state; }),
        of([](const Assignment& a) { return a.urgency; }), of([](const Assignment& a) { return a.attempts; }),
        of([](const Assignment& a) { return a.next_try; }),
        of([](const Assignment& a) { return a.last_answer; }),
        of([](const Assignment& a) { return a.created_at; })));
  }
  return {};
}

Result<> PostgresWriter::update_assignments(std::span<const Assignment> assignments) {
  if (assignments.empty()) return {};
  const auto of = [&](auto get) { return column(assignments, get); };
  return db_.run(
      "UPDATE assignment a SET state = g.state, urgency = g.urgency, attempts = g.attempts, "
      "next_try = g.next_try, last_answer = g.last_answer "
      "FROM (SELECT unnest($1) AS device, unnest($2) AS profile, unnest($3) AS created_at, unnest($4) AS state, "
      "unnest($5) AS urgency, unnest($6) AS attempts, unnest($7) AS next_try, unnest($8) AS last_answer) AS g, "
      "profile_state p WHERE a.device = g.device AND p.id = a.profile "
      "AND p.uuid = g.profile AND a.created_at = g.created_at",
      of([](const Assignment& a) { return a.device; }),
      of([](const Assignment& a) -> const ProfileUuid& { return a.profile; }),
      of([](const Assignment& a) { return a.created_at; }), of([](const Assignment& a) { return a.state; }),
      of([](const Assignment& a) { return a.urgency; }), of([](const Assignment& a) { return a.attempts; }),
      of([](const Assignment& a) { return a.next_try; }),
      of([](const Assignment& a) -> const std::string& { return a.last_answer; }));
}

Result<> PostgresWriter::remove_assignments(std::span<const DeviceId> devices) {
  if (devices.empty()) return {};
  return db_.run("DELETE FROM assignment WHERE device = ANY($1)", column(devices));
}

// Which devices wait is asked once: the assignments change on the way.
Result<long long> PostgresWriter::repoint_waiting(const Rule& rule, Time now) {
  MUSTER_TRY(const auto profile, number_of(rule.account, rule.profile));
  const std::string decision = decision_text(rule);
  MUSTER_TRY(const auto detail, dictionaries_.details.number_of(db_, rule.account, {decision}));
  MUSTER_TRY(
      const auto devices,
      db_.all(
          "SELECT a.device FROM assignment a JOIN device d ON d.id = a.device WHERE a." DUE
          " AND a.account = $1 AND NOT " IS_SENT("a") " AND d.desired_by = $2 "
                                                      "AND d.desired_rule = $3",
          [](const Row& row) { return row.as<DeviceId>(0); }, rule.account, Desired::By::rule, rule.id));
  if (devices.empty()) return 0;
  const Value ids = column(devices);
  MUSTER_TRY(
      db_.run("INSERT INTO history (device, at, kind, detail) SELECT id, $2, $3, $4 FROM unnest($1) id", ids,
              now, HistoryEntry::Kind::decided, detail));
  MUSTER_TRY(db_.run("UPDATE device SET desired_profile = $2, desired_at = $3 WHERE id = ANY($1)", ids,
                     profile, now));
  if (rule.profile.empty()) {
    MUSTER_TRY(db_.run("DELETE FROM assignment WHERE device = ANY($1)", ids));
  } else {
    MUSTER_TRY(
        db_.run("UPDATE assignment SET profile = $2, attempts = 0, next_try = $3, last_answer = '' "
                "WHERE device = ANY($1)",
                ids, profile, now));
  }
  return static_cast<long long>(devices.size());
}

}  // namespace muster::postgres
