#include <algorithm>

#include "store/sqlite/engine/dictionary.h"
#include "store/sqlite/tables/sent.h"
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

#define ASSIGNMENT_COLUMNS                                                                                \
  "a.device, a.serial, a.account, a.profile, a.state, a.urgency, a.attempts, a.next_try, a.last_answer, " \
  "a.created_at"
#define ASSIGNMENT_FROM " FROM assignment a "

Result<Assignment> read_assignment(Dictionaries& dictionaries, const Row& row) {
  MUSTER_TRY(auto profile, dictionaries.profile(row.integer(3)));
  return Assignment{row.as<DeviceId>(0),
                    Serial(row.text(1)),
                    row.as<AccountId>(2),
                    std::move(profile),
                    row.as<Assignment::State>(4),
                    row.as<Assignment::Urgency>(5),
                    static_cast<int>(row.integer(6)),
                    row.time(7),
                    row.text(8),
                    row.time(9)};
}

auto reading_assignment(Database& db) {
  return [&db](const Row& row) { return read_assignment(db.dictionaries(), row); };
}

constexpr Assignment::Urgency kUrgencies[] = {Assignment::Urgency::arrival, Assignment::Urgency::retry,
                                              Assignment::Urgency::backfill};
// What is due is looked for with this word, so that SQLite sees that the index of what is due may be used.
static_assert(static_cast<int>(Assignment::State::due) == 0 &&
              static_cast<int>(Assignment::State::in_flight) == 1);
#define DUE "state = 0"
#define NOT_DUE "state <> 0"

#define BATCH_COLUMNS "id, account, profile, urgency, first_try, last_try, first_device, last_device, sent_at"

Result<SentBatch> read_batch(Dictionaries& dictionaries, const Row& row) {
  MUSTER_TRY(auto profile, dictionaries.profile(row.integer(2)));
  return SentBatch{.id = row.as<SentBatchId>(0),
                   .account = row.as<AccountId>(1),
                   .profile = std::move(profile),
                   .urgency = row.as<Assignment::Urgency>(3),
                   .first_try = row.time(4),
                   .last_try = row.time(5),
                   .first_device = row.as<DeviceId>(6),
                   .last_device = row.as<DeviceId>(7),
                   .sent_at = row.time(8)};
}

auto reading_batches(Database& db) {
  return [&db](const Row& row) { return read_batch(db.dictionaries(), row); };
}

// A place in the order in which the assignments of one profile and urgency are sent.
struct Place {
  Time next_try = Time::min();
  DeviceId device{};
  auto operator<=>(const Place&) const = default;
};

// Behind which places what is due of a profile and urgency is in no sent batch. Each batch begins behind
// those before it, so the last one's end says it. What came to lie in front of that meanwhile waits until
// these batches are settled.
using Unsent = std::map<std::pair<ProfileUuid, Assignment::Urgency>, Place>;

Result<Unsent> unsent(SqliteReader& reader, AccountId account) {
  MUSTER_TRY(const auto batches, reader.sent_batches(account));
  Unsent behind;
  for (const auto& batch : batches) {
    Place& place = behind[{batch.profile, batch.urgency}];
    place = std::max(place, {batch.last_try, batch.last_device});
  }
  return behind;
}

// As IS_SENT says it in SQL.
bool is_in_one_of(const std::vector<SentBatch>& batches, const Assignment& assignment) {
  const Place place{assignment.next_try, assignment.device};
  return std::any_of(batches.begin(), batches.end(), [&](const SentBatch& batch) {
    return batch.profile == assignment.profile && batch.urgency == assignment.urgency &&
           Place{batch.first_try, batch.first_device} <= place &&
           place <= Place{batch.last_try, batch.last_device};
  });
}

Place place_in(const Unsent& unsent, const ProfileUuid& profile, Assignment::Urgency urgency) {
  const auto found = unsent.find({profile, urgency});
  return found == unsent.end() ? Place{} : found->second;
}

// Of what is due with one urgency: a profile, and since when its first device has waited.
struct Waiting {
  std::int64_t number;
  ProfileUuid profile;
  Time since;
};

// One look a profile, however many devices wait: from each profile to the next one behind it.
Result<std::vector<Waiting>> waiting_profiles(Database& db, AccountId account, Assignment::Urgency urgency,
                                              const Unsent& unsent, const std::set<ProfileUuid>& without) {
  std::vector<Waiting> found;
  for (std::int64_t behind = 0;;) {
    MUSTER_TRY(auto next,
               db.first(
                   "SELECT profile, next_try FROM assignment WHERE " DUE
                   " AND account = ? AND urgency = ? AND profile > ? ORDER BY profile, next_try LIMIT 1",
                   [&db](const Row& row) -> Result<Waiting> {
                     MUSTER_TRY(auto profile, db.dictionaries().profile(row.integer(0)));
                     return Waiting{row.integer(0), std::move(profile), row.time(1)};
                   },
                   account, urgency, behind));
    if (!next) return found;
    behind = next->number;
    if (without.contains(next->profile)) continue;
    if (const auto sent = unsent.find({next->profile, urgency}); sent != unsent.end()) {
      MUSTER_TRY(const auto first,
                 db.first(
                     "SELECT next_try FROM assignment WHERE " DUE
                     " AND account = ? AND urgency = ? AND profile = ? AND (next_try, device) > (?, ?) "
                     "ORDER BY next_try, device LIMIT 1",
                     [](const Row& row) { return row.time(0); }, account, urgency, next->number,
                     sent->second.next_try, sent->second.device));
      if (!first) continue;
      next->since = *first;
    }
    found.push_back(std::move(*next));
  }
}

}  // namespace

// The queries below are walks along assignment_due or assignment_sent that touch what they give and little
// else, however much work waits.

Result<std::vector<Assignment>> SqliteReader::assignments(std::span<const DeviceId> devices) {
  if (devices.empty()) return std::vector<Assignment>();
  const Given rows(devices, [](DeviceId id, int, Column to) { put(to, id); });
  MUSTER_TRY(auto found,
             db_.all_over("SELECT " ASSIGNMENT_COLUMNS " FROM given CROSS JOIN assignment a ON a.device = c0",
                          rows, reading_assignment(db_)));
  std::map<AccountId, std::vector<SentBatch>> sent;
  for (auto& assignment : found) {
    if (assignment.state != Assignment::State::due) continue;
    if (!sent.contains(assignment.account)) {
      MUSTER_TRY(sent[assignment.account], sent_batches(assignment.account));
    }
    if (is_in_one_of(sent[assignment.account], assignment)) assignment.state = Assignment::State::in_flight;
  }
  return found;
}

Result<std::vector<Assignment>> SqliteReader::next_batch(AccountId account, Time now, size_t limit,
                                                         const std::set<ProfileUuid>& without) {
  MUSTER_TRY(const auto behind, unsent(*this, account));
  std::vector<Assignment> batch;
  std::optional<Waiting> chosen;
  for (const auto urgency : kUrgencies) {
    if (!chosen) {
      MUSTER_TRY(const auto waiting, waiting_profiles(db_, account, urgency, behind, without));
      const auto first = std::min_element(waiting.begin(), waiting.end(),
                                          [](const auto& a, const auto& b) { return a.since < b.since; });
      if (first == waiting.end() || first->since > now) continue;
      chosen = *first;
    }
    const Place after = place_in(behind, chosen->profile, urgency);
    MUSTER_TRY(auto part,
               db_.all("SELECT " ASSIGNMENT_COLUMNS ASSIGNMENT_FROM "WHERE a." DUE
                       " AND a.account = ? AND a.urgency = ? AND a.profile = ? AND a.next_try <= ? "
                       "AND (a.next_try, a.device) > (?, ?) ORDER BY a.next_try, a.device LIMIT ?",
                       reading_assignment(db_), account, urgency, chosen->number, now, after.next_try,
                       after.device, limit - batch.size()));
    std::move(part.begin(), part.end(), std::back_inserter(batch));
    if (batch.size() == limit) break;
  }
  return batch;
}

Result<std::vector<Assignment>> SqliteReader::assignments_in(AccountId account, Assignment::State state,
                                                             Time now, size_t limit) {
  return db_.all(
      "SELECT " ASSIGNMENT_COLUMNS ASSIGNMENT_FROM "WHERE a." NOT_DUE
      " AND a.account = ? AND a.state = ? AND a.next_try <= ? ORDER BY a.next_try, a.device LIMIT ?",
      reading_assignment(db_), account, state, now, limit);
}

Result<std::optional<Time>> SqliteReader::next_assignment_time(AccountId account, Assignment::State state,
                                                               const std::set<ProfileUuid>& without) {
  if (state != Assignment::State::due)
    return db_.first(
        "SELECT next_try FROM assignment WHERE " NOT_DUE
        " AND account = ? AND state = ? ORDER BY next_try LIMIT 1",
        [](const Row& row) { return row.time(0); }, account, state);
  MUSTER_TRY(const auto behind, unsent(*this, account));
  std::optional<Time> earliest;
  for (const auto urgency : kUrgencies) {
    MUSTER_TRY(const auto waiting, waiting_profiles(db_, account, urgency, behind, without));
    for (const auto& profile : waiting)
      if (!earliest || profile.since < *earliest) earliest = profile.since;
  }
  return earliest;
}

Result<std::optional<Time>> SqliteReader::oldest_waiting_arrival(AccountId account) {
  MUSTER_TRY(const auto waiting, assignment_count(account));
  std::optional<Time> oldest;
  if (waiting == 0) return oldest;  // mostly
#define OLDEST_ARRIVAL_OF(which)                                                          \
  "SELECT min(a.created_at) FROM (SELECT device, created_at FROM assignment WHERE " which \
  " LIMIT ?) a "                                                                          \
  "CROSS JOIN device d ON d.id = a.device WHERE d.arrived_at = a.created_at"
  const auto consider = [&](const Result<std::optional<std::optional<Time>>>& found) -> Result<> {
    if (!found) return failure(found.error());
    const auto time = found->value_or(std::nullopt);
    if (time) oldest = std::min(oldest.value_or(*time), *time);
    return {};
  };
  const auto read = [](const Row& row) { return row.optional_time(0); };
  const auto limit = static_cast<std::int64_t>(kMostLookedAt);
  for (const auto urgency : {Assignment::Urgency::arrival, Assignment::Urgency::retry})
    MUSTER_TRY(consider(
        db_.first(OLDEST_ARRIVAL_OF(DUE " AND account = ? AND urgency = ?"), read, account, urgency, limit)));
  using State = Assignment::State;
  for (const auto state : {State::in_flight, State::confirming, State::looking, State::parked})
    MUSTER_TRY(consider(
        db_.first(OLDEST_ARRIVAL_OF(NOT_DUE " AND account = ? AND state = ?"), read, account, state, limit)));
  return oldest;
}

Result<std::vector<SentBatch>> SqliteReader::sent_batches(AccountId account) {
  return db_.all("SELECT " BATCH_COLUMNS " FROM sent_batch WHERE account = ? ORDER BY id",
                 reading_batches(db_), account);
}

Result<> SqliteWriter::put_sent_batch(SentBatch& batch) {
  MUSTER_TRY(const auto profile, db_.dictionaries().number_of(batch.account, batch.profile));
  MUSTER_TRY(db_.run(
      "INSERT INTO sent_batch (account, profile, urgency, first_try, last_try, first_device, last_device, "
      "sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      batch.account, profile, batch.urgency, batch.first_try, batch.last_try, batch.first_device,
      batch.last_device, batch.sent_at));
  batch.id = static_cast<SentBatchId>(db_.last_id());
  return {};
}

Result<> SqliteWriter::remove_sent_batch(SentBatchId id) {
  return db_.run("DELETE FROM sent_batch WHERE id = ?", id);
}

// By the row: its moments may have moved with the wall clock since it was made.
Result<> SqliteWriter::mark_in_flight(SentBatchId id, Time now) {
  MUSTER_TRY(const auto batch,
             db_.first("SELECT " BATCH_COLUMNS " FROM sent_batch WHERE id = ?", reading_batches(db_), id));
  if (!batch) return {};
  MUSTER_TRY(const auto profile, db_.dictionaries().number_of(batch->account, batch->profile));
  MUSTER_TRY(db_.run(
      "UPDATE assignment SET state = ?, next_try = ? WHERE " DUE
      " AND account = ? AND urgency = ? AND profile = ? AND (next_try, device) BETWEEN (?, ?) AND (?, ?)",
      Assignment::State::in_flight, now, batch->account, batch->urgency, profile, batch->first_try,
      batch->first_device, batch->last_try, batch->last_device));
  return remove_sent_batch(id);
}

Result<> SqliteWriter::put_assignments(std::span<const Assignment> assignments) {
  struct Numbered {
    const Assignment* assignment;
    std::int64_t profile;
  };
  std::vector<Numbered> all;
  all.reserve(assignments.size());
  for (const auto& assignment : assignments) {
    MUSTER_TRY(const auto profile, db_.dictionaries().number_of(assignment.account, assignment.profile));
    all.push_back({&assignment, profile});
    counts_.count_assignment(assignment.account);
  }
  const Given rows(all, [](const Numbered& numbered, int column, Column to) {
    const Assignment& assignment = *numbered.assignment;
    switch (column) {
      case 0: return put(to, assignment.device);
      case 1: return put(to, assignment.account);
      case 2: return put(to, numbered.profile);
      case 3: return put(to, assignment.serial);
      case 4: return put(to, assignment.state);
      case 5: return put(to, assignment.urgency);
      case 6: return put(to, assignment.attempts);
      case 7: return put(to, assignment.next_try);
      case 8: return put(to, assignment.last_answer);
      case 9: return put(to, assignment.created_at);
      default: return;
    }
  });
  return counts_.without_listening([&] {
    return db_.run_over(
        "INSERT INTO assignment (device, account, profile, serial, state, urgency, attempts, next_try, last_answer, "
        "created_at) SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 FROM given WHERE true "
        "ON CONFLICT (device) DO UPDATE SET profile = muster_waited(assignment.account, excluded.profile), state = excluded.state, "
        "urgency = excluded.urgency, attempts = excluded.attempts, next_try = excluded.next_try, "
        "last_answer = excluded.last_answer, created_at = excluded.created_at",
        rows);
  });
}

// Row by row: over rows in memory SQLite would first gather all that is to be changed, in a table of its own.
Result<> SqliteWriter::update_assignments(std::span<const Assignment> assignments) {
  for (const auto& a : assignments) {
    MUSTER_TRY(const auto profile, db_.dictionaries().number_of(a.account, a.profile));
    MUSTER_TRY(
        db_.run("UPDATE assignment SET state = ?, urgency = ?, attempts = ?, next_try = ?, last_answer = ? "
                "WHERE device = ? AND profile = ? AND created_at = ?",
                a.state, a.urgency, a.attempts, a.next_try, a.last_answer, a.device, profile, a.created_at));
  }
  return {};
}

// Row by row, for the same reason.
Result<> SqliteWriter::remove_assignments(std::span<const DeviceId> devices) {
  return counts_.without_listening([&]() -> Result<> {
    for (const DeviceId id : devices)
      MUSTER_TRY(db_.run("DELETE FROM assignment WHERE device = ? AND muster_waited(account, 1)", id));
    return {};
  });
}

Result<long long> SqliteWriter::repoint_waiting(const Rule& rule, Time now) {
#define WAITING_OF_RULE                                                                                      \
  "(SELECT a.device FROM assignment a JOIN device d ON d.id = a.device WHERE a.account = ? AND a.state = ? " \
  "AND NOT " IS_SENT("a") " AND d.desired_by = ? AND d.desired_rule = ?)"
  const auto due = Assignment::State::due;
  const auto by = Desired::By::rule;
  MUSTER_TRY(const auto profile, db_.dictionaries().number_of(rule.account, rule.profile));
  MUSTER_TRY(const auto detail, db_.dictionaries().details.number_of(rule.account, {decision_text(rule)}));
  MUSTER_TRY(db_.run(
      "INSERT INTO history (device, at, kind, detail) SELECT id, ?, ?, ? FROM device WHERE id IN " WAITING_OF_RULE,
      now, HistoryEntry::Kind::decided, detail, rule.account, due, by, rule.id));
  const auto devices = static_cast<long long>(db_.changes());
  MUSTER_TRY(db_.run("UPDATE device SET desired_profile = ?, desired_at = ? WHERE id IN " WAITING_OF_RULE,
                     profile, now, rule.account, due, by, rule.id));
  if (rule.profile.empty()) {
    MUSTER_TRY(
        db_.run("DELETE FROM assignment WHERE device IN " WAITING_OF_RULE, rule.account, due, by, rule.id));
  } else {
    MUSTER_TRY(
        db_.run("UPDATE assignment SET profile = ?, attempts = 0, next_try = ?, last_answer = '' "
                "WHERE device IN " WAITING_OF_RULE,
                profile, now, rule.account, due, by, rule.id));
  }
  return devices;
}

}  // namespace muster::sqlite
