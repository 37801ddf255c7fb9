#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "store/sqlite/engine/dictionary.h"
#include "store/sqlite/engine/rare_facts.h"
#include "store/sqlite/tables/filter.h"
#include "store/sqlite/tables/serials.h"
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

#define DEVICE_COLUMNS                                                                                     \
  "account, serial, tombstone_at, kind, profile, desired_by, desired_profile, desired_rule, desired_at, "  \
  "assigned_at, other, profile_assign_time, profile_push_time, last_operation, last_op_date, first_seen, " \
  "arrived_at, contested_at, baseline, rare"

Result<Device> read_device(Dictionaries& dictionaries, const Row& row) {
  Device device;
  device.account = row.as<AccountId>(0);
  device.serial = Serial(row.text(1));
  if (!row.is_null(2)) device.tombstone = Tombstone{.at = row.time(2)};
  DeviceFacts& facts = device.facts;
  MUSTER_TRY(const auto* const kind, dictionaries.kinds.texts(row.integer(3)));
  facts.model = (*kind)[0];
  facts.description = (*kind)[1];
  facts.color = (*kind)[2];
  facts.family = (*kind)[3];
  facts.os = (*kind)[4];
  facts.assigned_by = (*kind)[5];
  MUSTER_TRY(const auto* const state, dictionaries.profile_states.texts(row.integer(4)));
  facts.profile_status = (*state)[0];
  facts.profile_uuid = ProfileUuid((*state)[1]);
  device.desired.by = row.as<Desired::By>(5);
  MUSTER_TRY(device.desired.profile, dictionaries.profile(row.integer(6)));
  device.desired.rule = row.as<RuleId>(7);
  device.desired.at = row.optional_time(8);
  facts.assigned_at = row.optional_time(9);
  facts.other = row.text(10);
  facts.profile_assign_time = row.optional_time(11);
  facts.profile_push_time = row.optional_time(12);
  device.last_operation = row.as<DeviceReport::Operation>(13);
  device.last_op_date = row.optional_time(14);
  device.first_seen = row.time(15);
  device.arrived_at = row.optional_time(16);
  device.contested_at = row.optional_time(17);
  if (!row.is_null(18)) {
    MUSTER_TRY(const auto* const baseline, dictionaries.profile_states.texts(row.integer(18)));
    device.baseline = ProfileShown{(*baseline)[0], ProfileUuid((*baseline)[1])};
  }
  if (!row.is_null(19)) read_rare_facts(row.text(19), device);
  device.id = row.as<DeviceId>(20);
  return device;
}

auto reading_device(Database& db) {
  return [&db](const Row& row) { return read_device(db.dictionaries(), row); };
}

// A device and the numbers of what it has in common with others.
struct Numbered {
  const Device* device;
  std::int64_t kind, profile, desired_profile;
  std::optional<std::int64_t> baseline;
  std::string rare;
};

Result<Numbered> numbered(Dictionaries& dictionaries, const Device& device) {
  const DeviceFacts& facts = device.facts;
  const AccountId account = device.account;
  Numbered numbered{.device = &device,
                    .kind = 0,
                    .profile = 0,
                    .desired_profile = 0,
                    .baseline = {},
                    .rare = rare_facts(device)};
  MUSTER_TRY(numbered.kind,
             dictionaries.kinds.number_of(account, {facts.model, facts.description, facts.color, facts.family,
                                                    facts.os, facts.assigned_by}));
  MUSTER_TRY(numbered.profile, dictionaries.profile_states.number_of(
                                   account, {facts.profile_status, facts.profile_uuid.str()}));
  MUSTER_TRY(numbered.desired_profile, dictionaries.number_of(account, device.desired.profile));
  const bool is_as_before = device.baseline == ProfileShown{facts.profile_status, facts.profile_uuid};
  if (is_as_before) {
    numbered.baseline = numbered.profile;
  } else if (device.baseline) {
    MUSTER_TRY(numbered.baseline, dictionaries.profile_states.number_of(
                                      account, {device.baseline->status, device.baseline->uuid.str()}));
  }
  return numbered;
}

template <class Devices>
Result<std::vector<Numbered>> all_numbered(Database& db, const Devices& devices) {
  std::vector<Numbered> all;
  all.reserve(devices.size());
  for (const Device* const device : devices) {
    MUSTER_TRY(auto one, numbered(db.dictionaries(), *device));
    all.push_back(std::move(one));
  }
  return all;
}

SerialPlace serial_of(const Numbered& one) {
  return {one.device->account, one.device->serial.str(), one.device->id, one.kind};
}

// The columns in their order, and the id.
void give(const Numbered& numbered, int column, Column to) {
  const Device& device = *numbered.device;
  const DeviceFacts& facts = device.facts;
  switch (column) {
    case 0: return put(to, device.account);
    case 1: return put(to, device.serial);
    case 2: return device.tombstone ? put(to, device.tombstone->at) : to.null();
    case 3: return put(to, numbered.kind);
    case 4: return put(to, numbered.profile);
    case 5: return put(to, device.desired.by);
    case 6: return put(to, numbered.desired_profile);
    case 7: return put(to, device.desired.rule);
    case 8: return put(to, device.desired.at);
    case 9: return put(to, facts.assigned_at);
    case 10: return put(to, facts.other);
    case 11: return put(to, facts.profile_assign_time);
    case 12: return put(to, facts.profile_push_time);
    case 13: return put(to, device.last_operation);
    case 14: return put(to, device.last_op_date);
    case 15: return put(to, device.first_seen);
    case 16: return put(to, device.arrived_at);
    case 17: return put(to, device.contested_at);
    case 18: return put(to, numbered.baseline);
    case 19: return numbered.rare.empty() ? to.null() : put(to, std::string_view(numbered.rare));
    case 20: return put(to, device.id);
    default: return;
  }
}

#define PUT_DEVICES                                                                                             \
  "INSERT INTO device (" DEVICE_COLUMNS                                                                         \
  ", id) SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20 " \
  "FROM given"

// Of the first full list, devices have little else than what Apple shows. A value that is the same for all of
// them costs SQLite a tenth of one that it asks for.
bool is_plain(const Device& device) {
  return device.last_operation == DeviceReport::Operation::none && !device.last_op_date &&
         device.desired == Desired{} && !device.tombstone && !device.arrived_at && !device.contested_at &&
         !device.facts.profile_push_time && rare_facts(device).empty();
}
static_assert(static_cast<int>(DeviceReport::Operation::none) == 0);
static_assert(static_cast<int>(Desired{}.by) == 0 && static_cast<int>(Desired{}.rule) == 0);
#define PUT_PLAIN_DEVICES                                                                                     \
  "INSERT INTO device (account, serial, kind, profile, assigned_at, other, profile_assign_time, first_seen, " \
  "baseline, id, last_operation, desired_by, desired_profile, desired_rule) SELECT c0, c1, c3, c4, c9, "      \
  "c10, c11, c15, c18, c20, 0, 0, 0, 0 FROM given"

// The ids of devices in order of serial, of those of which the tables of serials tell that the filter may
// cover them. SQLite merges the tables, all of them in that order. The values are there for each table:
// account, serial behind which to begin, values of the condition.
std::string walk(const Condition& of_index) {
  std::string sql;
  for (const char* table : kSerialTables)
    sql += std::string(sql.empty() ? "" : " UNION ALL ") + "SELECT place, number FROM " + table +
           " WHERE owner = ? AND number > ? AND " + of_index.sql;
  return sql + " ORDER BY number";
}

struct Walked {
  std::vector<Device> found = {};
  bool is_given_up = false;  // there may be more
};

// Devices in order of serial, looked up some hundred at a time as long as more are wanted, but `most` or a
// few more.
Result<Walked> page_by_walk(Database& db, AccountId account, const Serial& after, size_t limit,
                            const SplitCondition& condition, size_t most) {
  constexpr size_t kAtOnce = 256;
  constexpr size_t kLeastAtOnce = 32;
  std::vector<Database::Value> values;
  for (size_t table = 0; table < std::size(kSerialTables); ++table) {
    values.emplace_back(static_cast<std::int64_t>(account));
    values.emplace_back(after.str());
    values.insert(values.end(), condition.of_index.values.begin(), condition.of_index.values.end());
  }
  const std::string look_up =
      "SELECT " DEVICE_COLUMNS
      ", id FROM given CROSS JOIN device d ON id = c0 WHERE tombstone_at IS NULL AND " +
      condition.of_device.sql + " LIMIT ?";
  Walked walked;
  auto& found = walked.found;
  std::vector<DeviceId> next;
  size_t looked_at = 0;
  const auto look = [&]() -> Result<> {
    auto look_up_values = condition.of_device.values;
    look_up_values.emplace_back(static_cast<std::int64_t>(limit - found.size()));
    const Given rows(next, [](DeviceId id, int, Column to) { put(to, id); });
    MUSTER_TRY(auto devices, db.all_of_built_over(look_up, rows, look_up_values, reading_device(db)));
    std::move(devices.begin(), devices.end(), std::back_inserter(found));
    looked_at += next.size();
    next.clear();
    return {};
  };
  MUSTER_TRY(db.each_of_built(walk(condition.of_index), values, [&](const Row& row) -> Result<bool> {
    next.push_back(row.as<DeviceId>(0));
    if (next.size() < std::clamp(limit - found.size(), kLeastAtOnce, kAtOnce)) return true;
    MUSTER_TRY(look());
    walked.is_given_up = found.size() < limit && looked_at >= most;
    return found.size() < limit && !walked.is_given_up;
  }));
  if (!next.empty()) MUSTER_TRY(look());
  return walked;
}

// The same by a look at all devices in the order in which they are stored.
Result<std::vector<Device>> page_of_all(Database& db, AccountId account, const Serial& after, size_t limit,
                                        const FilterExpression& filter) {
  Condition covered = condition_for(filter, account);
  covered.values.emplace_back(after.str());
  covered.values.emplace_back(static_cast<std::int64_t>(limit));
  return db.all_of_built("SELECT " DEVICE_COLUMNS ", id FROM " + std::string(kAllDevices) + " WHERE " +
                             covered.sql + " AND serial > ? ORDER BY serial LIMIT ?",
                         covered.values, reading_device(db));
}

}  // namespace

Result<std::vector<Device>> SqliteReader::devices(AccountId account, std::span<const Serial> serials) {
  if (serials.empty()) return std::vector<Device>();
  const Given rows(serials, [](const Serial& serial, int, Column to) { put(to, serial); });
  return db_.all_over("SELECT " DEVICE_COLUMNS
                      ", id FROM given CROSS JOIN device ON id = " DEVICE_OF("?1", "c0"),
                      rows, reading_device(db_), account);
}

Result<std::vector<Device>> SqliteReader::devices(std::span<const DeviceId> ids) {
  const Given rows(ids, [](DeviceId id, int, Column to) { put(to, id); });
  return db_.all_over("SELECT " DEVICE_COLUMNS ", id FROM given CROSS JOIN device ON id = c0", rows,
                      reading_device(db_));
}

Result<std::vector<Device>> SqliteReader::devices_anywhere(std::span<const Serial> serials) {
  if (serials.empty()) return std::vector<Device>();
  const Given rows(serials, [](const Serial& serial, int, Column to) { put(to, serial); });
  return db_.all_over(
      "SELECT " DEVICE_COLUMNS
      ", id FROM given CROSS JOIN (SELECT id AS holder FROM account WHERE removed = 0) CROSS JOIN device ON "
      "id = " DEVICE_OF("holder", "c0") " WHERE tombstone_at IS NULL",
      rows, reading_device(db_));
}

Result<std::vector<Device>> SqliteReader::device_page(AccountId account, const Serial& after, size_t limit,
                                                      const FilterExpression* filter) {
  constexpr size_t kAny = std::numeric_limits<size_t>::max();
  if (limit == 0) return std::vector<Device>();
  if (!filter) {
    MUSTER_TRY(auto page, page_by_walk(db_, account, after, limit, {{"1", {}}, {"1", {}}}, kAny));
    return std::move(page.found);
  }
  MUSTER_TRY(const auto covered, counted_at_most(db_, account, *filter));
  if (covered == 0) return std::vector<Device>();
  // When so many were looked up in vain that looking at all would have cost no more, few are covered: that
  // comes next.
  MUSTER_TRY(const auto all, db_.first("SELECT coalesce(max(id), 0) FROM device",
                                       [](const Row& row) { return row.integer(0); }));
  MUSTER_TRY(auto page, page_by_walk(db_, account, after, limit, split_condition(*filter, account),
                                     static_cast<size_t>(*all / kStepsAJump)));
  if (!page.is_given_up) return std::move(page.found);
  return page_of_all(db_, account, after, limit, *filter);
}

#define LISTED_IN(table)               \
  "SELECT number, profile FROM " table \
  " CROSS JOIN device d ON d.id = place WHERE owner = ?1 AND number > ?2 AND d.tombstone_at IS NULL"

Result<std::vector<ListedDevice>> SqliteReader::listed_page(AccountId account, const Serial& after,
                                                            size_t limit) {
  return db_.all(
      LISTED_IN("serial_recent") " UNION ALL " LISTED_IN("serial_index") " ORDER BY number LIMIT ?3",
      [this](const Row& row) -> Result<ListedDevice> {
        MUSTER_TRY(const auto* const state, db_.dictionaries().profile_states.texts(row.integer(1)));
        return ListedDevice{Serial(row.text(0)), (*state)[0]};
      },
      account, after, limit);
}

// By indexes alone: a device itself is read from somewhere else on the disk for each row that is skipped.
#define NUMBERS_IN(table)                                                                          \
  "SELECT number FROM " table                                                                      \
  " WHERE owner = ?1 AND number > ?2 AND NOT EXISTS (SELECT 1 FROM device INDEXED BY device_gone " \
  "WHERE account = owner AND serial = number AND tombstone_at IS NOT NULL)"

Result<std::optional<Serial>> SqliteReader::serial_behind(AccountId account, const Serial& after,
                                                          long long count) {
  return db_.first(
      NUMBERS_IN("serial_recent") " UNION ALL " NUMBERS_IN(
          "serial_index") " ORDER BY number LIMIT 1 OFFSET ?3",
      [](const Row& row) { return Serial(row.text(0)); }, account, after, count - 1);
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
  return db_.all_of_built(sql + " ORDER BY serial LIMIT ?", values, reading_device(db_));
}

Result<std::vector<Device>> SqliteReader::not_enrolled_page(AccountId account,
                                                            std::span<const GivenBetween> rules,
                                                            const Serial& after, size_t limit,
                                                            const FilterExpression* filter) {
  if (rules.empty()) return std::vector<Device>();
  Condition condition = not_enrolled_condition(account, rules, filter);
  MUSTER_TRY(const auto from, from_devices_of(db_, account));
  condition.values.emplace_back(after.str());
  condition.values.emplace_back(static_cast<std::int64_t>(limit));
  return db_.all_of_built("SELECT " DEVICE_COLUMNS ", id FROM " + from + " WHERE " + condition.sql +
                              " AND serial > ? ORDER BY serial LIMIT ?",
                          condition.values, reading_device(db_));
}

Result<long long> SqliteReader::device_count(AccountId account, const FilterExpression& filter) {
  MUSTER_TRY(const auto known, counted(db_, account, filter));
  if (known) return *known;
  const Condition covered = condition_for(filter, account);
  MUSTER_TRY(const auto from, from_devices_of(db_, account));
  MUSTER_TRY(const auto counts,
             db_.all_of_built("SELECT count(*) FROM " + from + " WHERE " + covered.sql, covered.values,
                              [](const Row& row) { return row.integer(0); }));
  return counts.at(0);
}

Result<std::vector<DeviceId>> SqliteReader::device_ids(AccountId account) {
  MUSTER_TRY(const auto from, from_devices_of(db_, account));
  const Database::Value values[] = {static_cast<std::int64_t>(account)};
  return db_.all_of_built(
      "SELECT d.id FROM " + from + " WHERE d.account = ? AND d.tombstone_at IS NULL ORDER BY d.id", values,
      [](const Row& row) { return row.as<DeviceId>(0); });
}

Result<std::vector<Device>> SqliteWriter::devices(AccountId account, std::span<const Serial> serials) {
  auto rest = serials_.possible(account, serials);
  std::vector<Device> found;
  if (const auto behind = order_.expected(account)) {
    MUSTER_TRY(
        auto candidates,
        db_.all_of(rest.size(), "SELECT " DEVICE_COLUMNS ", id FROM device WHERE id > ? ORDER BY id LIMIT ?",
                   reading_device(db_), *behind, rest.size()));
    const auto possible = std::exchange(rest, {});
    ListOrder::match(possible, std::move(candidates), account, found, rest);
  }
  MUSTER_TRY(auto others, SqliteReader::devices(account, rest));
  order_.learn(account, found.empty() ? others : found);
  if (found.empty())
    found = std::move(others);
  else
    found.insert(found.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
  MUSTER_TRY(serials_.count_missed(db_, serials.size() - found.size()));
  return found;
}

Result<DeviceId> SqliteWriter::next_device_id() {
  if (given_id_ != 0) return static_cast<DeviceId>(++given_id_);
  // No id is used again: what is in memory of a device that was deleted must not lead to another one
  // (recent_serials.h).
  MUSTER_TRY(
      const auto next,
      db_.first("SELECT max(last, (SELECT coalesce(max(id), 0) FROM device)) + 1 FROM serial_index_end",
                [](const Row& row) { return row.integer(0); }));
  given_id_ = *next;
  return static_cast<DeviceId>(given_id_);
}

Result<> SqliteWriter::insert_devices(std::span<Device* const> devices) {
  MUSTER_TRY(const auto all, all_numbered(db_, devices));
  SerialRun serials;
  for (const auto& one : all) serials.add(serial_of(one));
  for (const auto& device : all) counts_.count(*device.device, device.profile, device.kind);
  const Given rows(all, give);
  const bool plain =
      std::all_of(devices.begin(), devices.end(), [](const Device* device) { return is_plain(*device); });
  MUSTER_TRY(take_enrollments_along(devices));
  return counts_.without_listening([&]() -> Result<> {
    if (auto added = serials_.add(db_, std::move(serials)); !added) {
      db_.count_failed_write();
      return added;
    }
    return plain ? db_.run_over(PUT_PLAIN_DEVICES, rows) : db_.run_over(PUT_DEVICES, rows);
  });
}

// By the form of a statement that inserts, because the one that is made for this goes over the rows twice.
Result<> SqliteWriter::update_devices(std::span<const Device* const> devices) {
  MUSTER_TRY(const auto all, all_numbered(db_, devices));
  for (const auto& device : all) counts_.count(*device.device, device.profile, device.kind);
  const Given rows(all, give);
  MUSTER_TRY(counts_.without_listening([&] {
    return db_.run_over(
        PUT_DEVICES
        " WHERE true ON CONFLICT (id) DO UPDATE SET profile = muster_was(device.account, device.tombstone_at, "
        "device.profile, device.desired_by, device.arrived_at, device.contested_at, device.kind, device.desired_rule, excluded.profile), "
        "tombstone_at = excluded.tombstone_at, kind = muster_sort(device.id, device.kind, excluded.kind), desired_by = excluded.desired_by, desired_profile = excluded.desired_profile, "
        "desired_rule = excluded.desired_rule, desired_at = excluded.desired_at, "
        "assigned_at = excluded.assigned_at, other = excluded.other, "
        "profile_assign_time = excluded.profile_assign_time, profile_push_time = excluded.profile_push_time, "
        "last_operation = excluded.last_operation, last_op_date = excluded.last_op_date, "
        "arrived_at = excluded.arrived_at, contested_at = excluded.contested_at, rare = excluded.rare",
        rows);
  }));
  MUSTER_TRY(follow_with_enrollments(devices));
  const auto resorted = serials_.take_resorted();
  if (resorted.empty()) return {};
  SerialRun changed;
  for (const auto& one : all)
    if (resorted.contains(one.device->id)) changed.add(serial_of(one));
  return serials_.change_sorts(db_, changed);
}

}  // namespace muster::sqlite
