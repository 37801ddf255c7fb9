#include <algorithm>
#include <iterator>
#include <utility>

#include "store/sqlite/filter.h"
#include "store/sqlite/serials.h"
#include "store/sqlite/writer.h"

namespace muster::sqlite {
namespace {

#define DEVICE_COLUMNS                                                                                      \
  "account, serial, model, description, color, asset_tag, family, os, profile_status, profile_uuid, "       \
  "profile_assign_time, profile_push_time, assigned_by, assigned_at, other, last_operation, last_op_date, " \
  "desired_by, desired_profile, desired_assigner, desired_at, tombstone_reason, tombstone_at, first_seen, " \
  "arrived_at, contested_at, arrival_due_before, asked_after"

Device read_device(const Row& row) {
  Device device;
  device.account = row.as<AccountId>(0);
  device.serial = Serial(row.text(1));
  device.facts = {.model = row.text(2),
                  .description = row.text(3),
                  .color = row.text(4),
                  .asset_tag = row.text(5),
                  .family = row.text(6),
                  .os = row.text(7),
                  .profile_status = row.text(8),
                  .profile_uuid = ProfileUuid(row.text(9)),
                  .profile_assign_time = row.optional_time(10),
                  .profile_push_time = row.optional_time(11),
                  .assigned_by = row.text(12),
                  .assigned_at = row.optional_time(13),
                  .other = row.text(14)};
  device.last_operation = row.as<DeviceReport::Operation>(15);
  device.last_op_date = row.optional_time(16);
  device.desired = {row.as<Desired::By>(17), ProfileUuid(row.text(18)), row.as<AssignerId>(19),
                    row.optional_time(20)};
  if (!row.is_null(21)) device.tombstone = Tombstone{row.as<Tombstone::Reason>(21), row.time(22)};
  device.first_seen = row.time(23);
  device.arrived_at = row.optional_time(24);
  device.contested_at = row.optional_time(25);
  device.arrival_due_before = row.optional_time(26);
  device.asked_after = row.optional_time(27);
  device.id = row.as<DeviceId>(28);
  return device;
}

// The columns in their order, and the id.
void give(const Device& device, int column, Column to) {
  const DeviceFacts& facts = device.facts;
  switch (column) {
    case 0: return put(to, device.account);
    case 1: return put(to, device.serial);
    case 2: return put(to, facts.model);
    case 3: return put(to, facts.description);
    case 4: return put(to, facts.color);
    case 5: return put(to, facts.asset_tag);
    case 6: return put(to, facts.family);
    case 7: return put(to, facts.os);
    case 8: return put(to, facts.profile_status);
    case 9: return put(to, facts.profile_uuid);
    case 10: return put(to, facts.profile_assign_time);
    case 11: return put(to, facts.profile_push_time);
    case 12: return put(to, facts.assigned_by);
    case 13: return put(to, facts.assigned_at);
    case 14: return put(to, facts.other);
    case 15: return put(to, device.last_operation);
    case 16: return put(to, device.last_op_date);
    case 17: return put(to, device.desired.by);
    case 18: return put(to, device.desired.profile);
    case 19: return put(to, device.desired.assigner);
    case 20: return put(to, device.desired.at);
    case 21: return device.tombstone ? put(to, device.tombstone->reason) : to.null();
    case 22: return device.tombstone ? put(to, device.tombstone->at) : to.null();
    case 23: return put(to, device.first_seen);
    case 24: return put(to, device.arrived_at);
    case 25: return put(to, device.contested_at);
    case 26: return put(to, device.arrival_due_before);
    case 27: return put(to, device.asked_after);
    case 28: return put(to, device.id);
    default: return;
  }
}

#define PUT_DEVICES                                                                                                   \
  "INSERT INTO device (" DEVICE_COLUMNS                                                                               \
  ", id) SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, " \
  "c22, c23, c24, c25, c26, c27, c28 FROM given"

// Of the first full list, devices have little else than what Apple shows. A value that is the same for all of them costs
// SQLite a tenth of one that it asks for.
bool is_plain(const Device& device) {
  return device.last_operation == DeviceReport::Operation::none && !device.last_op_date &&
         device.desired == Desired{} && !device.tombstone && !device.arrived_at && !device.contested_at &&
         !device.arrival_due_before && !device.asked_after;
}
static_assert(static_cast<int>(DeviceReport::Operation::none) == 0);
static_assert(static_cast<int>(Desired{}.by) == 0 && static_cast<int>(Desired{}.assigner) == 0);
#define PUT_PLAIN_DEVICES                                                                                      \
  "INSERT INTO device (account, serial, model, description, color, asset_tag, family, os, profile_status, "    \
  "profile_uuid, profile_assign_time, profile_push_time, assigned_by, assigned_at, other, first_seen, id, "    \
  "last_operation, desired_by, desired_profile, desired_assigner) SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8, " \
  "c9, c10, c11, c12, c13, c14, c23, c28, 0, 0, '', 0 FROM given"

std::string walk_of(const char* table, const std::string& condition) {
  return std::string("SELECT " DEVICE_COLUMNS ", id, number FROM ") + table +
         " CROSS JOIN device d ON d.id = place WHERE owner = ? AND number > ? AND " + condition;
}

// Devices in order of serial. SQLite merges the tables, all of them in that order, and stops as soon as it has enough. The
// values are there for each table: account, serial behind which to begin, values of the condition; and then the number of
// devices.
std::string walk(const std::string& condition) {
  std::string sql;
  for (const char* table : kSerialTables)
    sql += (sql.empty() ? "" : " UNION ALL ") + walk_of(table, condition);
  return sql + " ORDER BY number LIMIT ?";
}

Result<std::vector<Device>> filtered_page(Database& db, AccountId account, const Serial& after, size_t limit,
                                          const Condition& condition) {
  std::vector<Database::Value> values;
  for (size_t table = 0; table < std::size(kSerialTables); ++table) {
    values.emplace_back(static_cast<std::int64_t>(account));
    values.emplace_back(after.str());
    values.insert(values.end(), condition.values.begin(), condition.values.end());
  }
  values.emplace_back(static_cast<std::int64_t>(limit));
  return db.all_of_built(walk(condition.sql), values, read_device);
}

// Whether the account has so many of all devices that reading the whole table is faster than going by its index, which
// jumps from row to row: 0.2 s against 3 s for a million.
Result<bool> has_large_part(Database& db, AccountId account) {
  constexpr std::int64_t kPart = 8;
  const auto number = [](const Row& row) { return row.integer(0); };
  MUSTER_TRY(const auto of_account,
             db.first("SELECT number FROM kept_count WHERE account = ? AND kind = ? AND profile = ''", number,
                      account, KeptCounts::Kind::devices));
  MUSTER_TRY(const auto all, db.first("SELECT coalesce(max(id), 0) FROM device", number));
  return of_account.value_or(0) * kPart >= all.value_or(0);
}

}  // namespace

Result<std::vector<Device>> SqliteReader::devices(AccountId account, std::span<const Serial> serials) {
  if (serials.empty()) return std::vector<Device>();
  const Given rows(serials, [](const Serial& serial, int, Column to) { put(to, serial); });
  return db_.all_over("SELECT " DEVICE_COLUMNS
                      ", id FROM given CROSS JOIN device ON id = " DEVICE_OF("?1", "c0"),
                      rows, read_device, account);
}

Result<std::vector<Device>> SqliteReader::devices(std::span<const DeviceId> ids) {
  const Given rows(ids, [](DeviceId id, int, Column to) { put(to, id); });
  return db_.all_over("SELECT " DEVICE_COLUMNS ", id FROM given CROSS JOIN device ON id = c0", rows,
                      read_device);
}

Result<std::vector<Device>> SqliteReader::device_page(AccountId account, const Serial& after, size_t limit,
                                                      const FilterExpression* filter) {
  if (!filter) return filtered_page(db_, account, after, limit, {"d.tombstone_at IS NULL", {}});
  Condition wanted;
  add_serial_condition(wanted, *filter, account, "number");
  const Condition covered = condition_for(*filter, account);
  wanted.sql += covered.sql;
  wanted.values.insert(wanted.values.end(), covered.values.begin(), covered.values.end());
  return filtered_page(db_, account, after, limit, wanted);
}

#define LISTED_IN(table)                      \
  "SELECT number, profile_status FROM " table \
  " CROSS JOIN device d ON d.id = place WHERE owner = ?1 AND number > ?2 AND d.tombstone_at IS NULL"

Result<std::vector<ListedDevice>> SqliteReader::listed_page(AccountId account, const Serial& after,
                                                            size_t limit, long long skip) {
  return db_.all(
      LISTED_IN("serial_recent") " UNION ALL " LISTED_IN(
          "serial_index") " ORDER BY number LIMIT ?3 OFFSET ?4",
      [](const Row& row) {
        return ListedDevice{Serial(row.text(0)), row.text(1)};
      },
      account, after, limit, skip);
}

// By the index of just these: the words of the condition are its own.
Result<std::vector<Device>> SqliteReader::uncovered_page(AccountId account, const Serial& after, size_t limit,
                                                         const FilterExpression* filter) {
  std::string sql =
      "SELECT " DEVICE_COLUMNS
      ", id FROM device d INDEXED BY device_uncovered WHERE account = ? AND serial > ? AND desired_by = 0 "
      "AND arrived_at IS NOT NULL AND tombstone_at IS NULL";
  std::vector<Database::Value> values{static_cast<std::int64_t>(account), after.str()};
  if (filter) {
    const Condition covered = condition_for(*filter, account);
    sql += " AND " + covered.sql;
    values.insert(values.end(), covered.values.begin(), covered.values.end());
  }
  values.emplace_back(static_cast<std::int64_t>(limit));
  return db_.all_of_built(sql + " ORDER BY serial LIMIT ?", values, read_device);
}

Result<long long> SqliteReader::device_count(AccountId account, const FilterExpression& filter) {
  const Condition covered = condition_for(filter, account);
  MUSTER_TRY(const bool large, has_large_part(db_, account));
  MUSTER_TRY(const auto counts,
             db_.all_of_built(std::string("SELECT count(*) FROM device d ") + (large ? "NOT INDEXED " : "") +
                                  "WHERE " + covered.sql,
                              covered.values, [](const Row& row) { return row.integer(0); }));
  return counts.at(0);
}

Result<std::vector<DeviceId>> SqliteReader::device_ids(AccountId account) {
  return db_.all(
      "SELECT id FROM device WHERE account = ? AND tombstone_at IS NULL",
      [](const Row& row) { return row.as<DeviceId>(0); }, account);
}

Result<std::vector<Device>> SqliteWriter::devices(AccountId account, std::span<const Serial> serials) {
  auto rest = serials_.possible(account, serials);
  std::vector<Device> found;
  if (const auto behind = order_.expected(account)) {
    MUSTER_TRY(auto candidates,
               db_.all("SELECT " DEVICE_COLUMNS ", id FROM device WHERE id > ? ORDER BY id LIMIT ?",
                       read_device, *behind, rest.size()));
    const auto possible = std::exchange(rest, {});
    ListOrder::match(possible, std::move(candidates), account, found, rest);
  }
  MUSTER_TRY(auto others, SqliteReader::devices(account, rest));
  order_.learn(account, found.empty() ? others : found);
  found.insert(found.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
  MUSTER_TRY(serials_.count_missed(db_, serials.size() - found.size()));
  return found;
}

Result<DeviceId> SqliteWriter::next_device_id() {
  // No id is used again: what is in memory of a device that was deleted must not lead to another one (recent_serials.h).
  MUSTER_TRY(
      const auto next,
      db_.first("SELECT max(last, (SELECT coalesce(max(id), 0) FROM device)) + 1 FROM serial_index_end",
                [](const Row& row) { return row.as<DeviceId>(0); }));
  return *next;
}

Result<> SqliteWriter::insert_devices(std::span<Device* const> devices) {
  const Given rows(devices, [](const Device* device, int column, Column to) { give(*device, column, to); });
  if (auto added = serials_.add(db_, devices); !added) {
    db_.count_failed_write();
    return added;
  }
  for (const Device* device : devices) counts_.count_new(*device);
  const bool plain =
      std::all_of(devices.begin(), devices.end(), [](const Device* device) { return is_plain(*device); });
  return counts_.without_listening(
      [&] { return plain ? db_.run_over(PUT_PLAIN_DEVICES, rows) : db_.run_over(PUT_DEVICES, rows); });
}

// By the form of a statement that inserts, because the one that is made for this goes over the rows twice.
Result<> SqliteWriter::update_devices(std::span<const Device* const> devices) {
  const Given rows(devices, [](const Device* device, int column, Column to) { give(*device, column, to); });
  return db_.run_over(
      PUT_DEVICES
      " WHERE true ON CONFLICT (id) DO UPDATE SET model = excluded.model, description = excluded.description, "
      "color = excluded.color, asset_tag = excluded.asset_tag, family = excluded.family, os = excluded.os, "
      "profile_status = excluded.profile_status, profile_uuid = excluded.profile_uuid, "
      "profile_assign_time = excluded.profile_assign_time, profile_push_time = excluded.profile_push_time, "
      "assigned_by = excluded.assigned_by, assigned_at = excluded.assigned_at, other = excluded.other, "
      "last_operation = excluded.last_operation, last_op_date = excluded.last_op_date, "
      "desired_by = excluded.desired_by, desired_profile = excluded.desired_profile, "
      "desired_assigner = excluded.desired_assigner, desired_at = excluded.desired_at, "
      "tombstone_reason = excluded.tombstone_reason, tombstone_at = excluded.tombstone_at, "
      "arrived_at = excluded.arrived_at, contested_at = excluded.contested_at, "
      "arrival_due_before = excluded.arrival_due_before, asked_after = excluded.asked_after",
      rows);
}

}  // namespace muster::sqlite
