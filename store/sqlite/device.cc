#include "store/sqlite/filter.h"
#include "store/sqlite/writer.h"

namespace muster::sqlite {
namespace {

#define DEVICE_COLUMNS                                                                                      \
  "account, serial, model, description, color, asset_tag, family, os, profile_status, profile_uuid, "       \
  "profile_assign_time, profile_push_time, assigned_by, assigned_at, other, last_operation, last_op_date, " \
  "desired_by, desired_profile, desired_assigner, desired_at, tombstone_reason, tombstone_at, first_seen, " \
  "arrived_at, contested_at"

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
  device.id = row.as<DeviceId>(26);
  return device;
}

std::optional<int> reason_of(const Device& device) {
  if (!device.tombstone) return std::nullopt;
  return static_cast<int>(device.tombstone->reason);
}
std::optional<Time> left_at(const Device& device) {
  if (!device.tombstone) return std::nullopt;
  return device.tombstone->at;
}

// Serials that are in no large order yet: as many as a table of some hundred pages has room for.
constexpr std::int64_t kNewSerials = 32'768;

std::string walk_of(const char* table, const std::string& condition) {
  return std::string("SELECT * FROM (SELECT " DEVICE_COLUMNS ", id FROM ") + table +
         " CROSS JOIN device d ON d.id = place WHERE owner = ? AND number > ? AND " + condition +
         " ORDER BY number LIMIT ?)";
}

// Devices in order of serial. The first so many of either table, and of those the first. The values are twice: account,
// serial behind which to begin, values of the condition, number of devices; and then that number.
std::string walk(const std::string& condition) {
  return walk_of("serial_old", condition) + " UNION ALL " + walk_of("serial_new", condition) +
         " ORDER BY serial LIMIT ?";
}

Result<std::vector<Device>> filtered_page(Database& db, AccountId account, const Serial& after, size_t limit,
                                          const FilterExpression& filter) {
  const Condition covered = condition_for(filter, account);
  std::vector<Database::Value> values;
  for (int table = 0; table < 2; ++table) {
    values.emplace_back(static_cast<std::int64_t>(account));
    values.emplace_back(after.str());
    values.insert(values.end(), covered.values.begin(), covered.values.end());
    values.emplace_back(static_cast<std::int64_t>(limit));
  }
  values.emplace_back(static_cast<std::int64_t>(limit));
  return db.all_of_built(walk(covered.sql), values, read_device);
}

// Whether the account has so many of all devices that reading the whole table is faster than going by its index, which
// jumps from row to row: 0.2 s against 3 s for a million.
Result<bool> has_large_part(Database& db, AccountId account) {
  constexpr std::int64_t kPart = 8;
  const auto number = [](const Row& row) { return row.integer(0); };
  MUSTER_TRY(
      const auto of_account,
      db.first("SELECT count(*) FROM device WHERE account = ? AND tombstone_at IS NULL", number, account));
  MUSTER_TRY(const auto all, db.first("SELECT coalesce(max(id), 0) FROM device", number));
  return of_account.value_or(0) * kPart >= all.value_or(0);
}

// Refused, by NOT NULL, where the serial is in the large table.
Result<> add_serial(Database& db, const Device& device) {
  return db.run(
      "INSERT INTO serial_new VALUES (?1, ?2, "
      "iif(EXISTS (SELECT 1 FROM serial_old WHERE owner = ?1 AND number = ?2), NULL, ?3))",
      device.account, device.serial, device.id);
}

// Into the large table, in its order: a page of it changes once for many of them.
Result<> settle_new_serials(Database& db) {
  MUSTER_TRY(db.run(
      "INSERT OR FAIL INTO serial_old SELECT owner, number, place FROM serial_new ORDER BY owner, number"));
  return db.run("DELETE FROM serial_new");
}

}  // namespace

Result<std::vector<Device>> SqliteReader::devices(AccountId account, std::span<const Serial> serials) {
  std::vector<Device> found;
  found.reserve(serials.size());
  for (const auto& serial : serials) {
    MUSTER_TRY(
        auto device,
        db_.first(
            "SELECT " DEVICE_COLUMNS
            ", id FROM device WHERE id = coalesce((SELECT place FROM serial_new WHERE owner = ?1 AND number = ?2), "
            "(SELECT place FROM serial_old WHERE owner = ?1 AND number = ?2))",
            read_device, account, serial));
    if (device) found.push_back(std::move(*device));
  }
  return found;
}

Result<std::vector<Device>> SqliteReader::device_page(AccountId account, const Serial& after, size_t limit,
                                                      const FilterExpression* filter) {
  if (filter) return filtered_page(db_, account, after, limit, *filter);
  static const std::string sql = walk("d.tombstone_at IS NULL");
  return db_.all(sql, read_device, account, after, limit, account, after, limit, limit);
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

Result<std::optional<Device>> SqliteReader::device(DeviceId id) {
  return db_.first("SELECT " DEVICE_COLUMNS ", id FROM device WHERE id = ?", read_device, id);
}

Result<> SqliteWriter::insert_device(Device& device) {
  const DeviceFacts& facts = device.facts;
  MUSTER_TRY(
      db_.run("INSERT INTO device (" DEVICE_COLUMNS
              ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              device.account, device.serial, facts.model, facts.description, facts.color, facts.asset_tag,
              facts.family, facts.os, facts.profile_status, facts.profile_uuid, facts.profile_assign_time,
              facts.profile_push_time, facts.assigned_by, facts.assigned_at, facts.other,
              device.last_operation, device.last_op_date, device.desired.by, device.desired.profile,
              device.desired.assigner, device.desired.at, reason_of(device), left_at(device),
              device.first_seen, device.arrived_at, device.contested_at));
  device.id = static_cast<DeviceId>(db_.last_id());
  MUSTER_TRY(add_serial(db_, device));
  return static_cast<std::int64_t>(device.id) % kNewSerials == 0 ? settle_new_serials(db_) : Result<>();
}

Result<> SqliteWriter::update_device(const Device& device) {
  const DeviceFacts& facts = device.facts;
  return db_.run(
      "UPDATE device SET model = ?, description = ?, color = ?, asset_tag = ?, family = ?, os = ?, "
      "profile_status = ?, profile_uuid = ?, profile_assign_time = ?, profile_push_time = ?, "
      "assigned_by = ?, assigned_at = ?, other = ?, last_operation = ?, last_op_date = ?, desired_by = ?, "
      "desired_profile = ?, desired_assigner = ?, desired_at = ?, tombstone_reason = ?, tombstone_at = ?, "
      "arrived_at = ?, contested_at = ? WHERE id = ?",
      facts.model, facts.description, facts.color, facts.asset_tag, facts.family, facts.os,
      facts.profile_status, facts.profile_uuid, facts.profile_assign_time, facts.profile_push_time,
      facts.assigned_by, facts.assigned_at, facts.other, device.last_operation, device.last_op_date,
      device.desired.by, device.desired.profile, device.desired.assigner, device.desired.at,
      reason_of(device), left_at(device), device.arrived_at, device.contested_at, device.id);
}

}  // namespace muster::sqlite
