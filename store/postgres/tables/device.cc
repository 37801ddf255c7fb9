#include <algorithm>

#include "model/device_flags.h"
#include "store/postgres/tables/filter.h"
#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

#define DEVICE_COLUMNS                                                                                         \
  "d.id, d.account, d.serial, d.tombstone_at, d.tombstone_reason, k.model, k.description, k.color, k.family, " \
  "k.os, k.assigned_by, p.status, p.uuid, d.desired_by, w.uuid, d.desired_rule, d.desired_at, "                \
  "d.assigned_at, d.other, d.profile_assign_time, d.profile_push_time, d.last_operation, d.last_op_date, "     \
  "d.first_seen, d.arrived_at, d.contested_at, d.baseline, b.status, b.uuid, d.arrival_due_before, "           \
  "d.asked_after, d.asset_tag"
// Behind `device d`.
#define DEVICE_TEXTS                                                        \
  " JOIN kind k ON k.id = d.kind JOIN profile_state p ON p.id = d.profile " \
  "LEFT JOIN profile_state w ON w.id = d.desired_profile LEFT JOIN profile_state b ON b.id = d.baseline "

Device read_device(const Row& row) {
  Device device;
  device.id = row.as<DeviceId>(0);
  device.account = row.as<AccountId>(1);
  device.serial = Serial(row.text(2));
  if (!row.is_null(3)) device.tombstone = Tombstone{row.as<Tombstone::Reason>(4), row.time(3)};
  DeviceFacts& facts = device.facts;
  facts.model = row.text(5);
  facts.description = row.text(6);
  facts.color = row.text(7);
  facts.family = row.text(8);
  facts.os = row.text(9);
  facts.assigned_by = row.text(10);
  facts.profile_status = row.text(11);
  facts.profile_uuid = ProfileUuid(row.text(12));
  device.desired = {row.as<Desired::By>(13), ProfileUuid(row.text(14)), row.as<RuleId>(15),
                    row.optional_time(16)};
  facts.assigned_at = row.optional_time(17);
  facts.other = row.text(18);
  facts.profile_assign_time = row.optional_time(19);
  facts.profile_push_time = row.optional_time(20);
  device.last_operation = row.as<DeviceReport::Operation>(21);
  device.last_op_date = row.optional_time(22);
  device.first_seen = row.time(23);
  device.arrived_at = row.optional_time(24);
  device.contested_at = row.optional_time(25);
  if (!row.is_null(26)) device.baseline = ProfileShown{row.text(27), ProfileUuid(row.text(28))};
  device.arrival_due_before = row.optional_time(29);
  device.asked_after = row.optional_time(30);
  facts.asset_tag = row.text(31);
  return device;
}

// The devices in order of serial, behind one of them. `condition` has its values already.
Result<std::vector<Device>> page(Connection& db, AccountId account, const Serial& after, size_t limit,
                                 Condition condition) {
  std::string sql =
      "SELECT " DEVICE_COLUMNS " FROM (SELECT * FROM device d WHERE d.account = " + condition.value(account) +
      " AND d.serial > " + condition.value(after) + " AND (" + condition.sql +
      ") ORDER BY d.account, d.serial LIMIT " + condition.value(limit) +
      ") d" DEVICE_TEXTS "ORDER BY d.serial";
  MUSTER_TRY(const auto rows, db.ask_built(sql, condition.values));
  return rows.each(read_device);
}

// A device with the numbers of what it has in common with others.
struct Numbered {
  const Device* device;
  std::int64_t kind, profile, desired_profile;
  std::optional<std::int64_t> baseline;
};

Result<std::vector<Numbered>> all_numbered(Connection& db, Dictionaries& dictionaries,
                                           std::span<const Device* const> devices) {
  std::vector<Dictionary<KindTable>::Views> kinds;
  std::vector<Dictionary<ProfileStateTable>::Views> states;  // shown, desired and baseline of each device
  for (const Device* const device : devices) {
    const DeviceFacts& facts = device->facts;
    kinds.push_back({facts.model, facts.description, facts.color, facts.family, facts.os, facts.assigned_by});
    states.push_back({facts.profile_status, facts.profile_uuid.str()});
    if (!device->desired.profile.empty()) states.push_back({"", device->desired.profile.str()});
    if (device->baseline) states.push_back({device->baseline->status, device->baseline->uuid.str()});
  }
  const AccountId account = devices.front()->account;
  MUSTER_TRY(const auto kind_numbers, dictionaries.kinds.numbers_of(db, account, kinds));
  MUSTER_TRY(const auto state_numbers, dictionaries.profile_states.numbers_of(db, account, states));
  std::vector<Numbered> all;
  all.reserve(devices.size());
  auto state = state_numbers.begin();
  for (size_t i = 0; i < devices.size(); ++i) {
    Numbered numbered{devices[i], kind_numbers[i], *state++, 0, {}};
    if (!devices[i]->desired.profile.empty()) numbered.desired_profile = *state++;
    if (devices[i]->baseline) numbered.baseline = *state++;
    all.push_back(numbered);
  }
  return all;
}

// Calls fn(devices of one account) for each account; nearly always there is one.
template <class Devices, class Fn>
Result<> by_account(const Devices& devices, Fn&& fn) {
  std::map<AccountId, std::vector<const Device*>> accounts;
  for (const Device* const device : devices) accounts[device->account].push_back(device);
  for (const auto& [account, of_account] : accounts)
    MUSTER_TRY(fn(std::span<const Device* const>(of_account)));
  return {};
}

// A list with more devices than that is worth remembering (FirstLists).
constexpr size_t kManySerials = 100;

// The columns that change with a device, as arrays; `$1`, `$2`, ... of a statement.
Values changing_columns(const std::vector<Numbered>& all) {
  const auto of_device = [&](auto get) {
    return column(all, [get](const Numbered& numbered) { return get(*numbered.device); });
  };
  const auto text_of_device = [&](auto get) {
    return column(all,
                  [get](const Numbered& numbered) -> const std::string& { return get(*numbered.device); });
  };
  const auto when = [](const std::optional<Tombstone>& tombstone) {
    return tombstone ? std::optional(tombstone->at) : std::nullopt;
  };
  return values_of(of_device([](const Device& d) { return d.id; }),
                   column(all, [](const Numbered& n) { return n.kind; }),
                   column(all, [](const Numbered& n) { return n.profile; }),
                   column(all, [](const Numbered& n) { return n.desired_profile; }),
                   of_device([](const Device& d) { return d.desired.rule; }),
                   of_device([](const Device& d) { return d.desired.by; }),
                   of_device([](const Device& d) { return d.desired.at; }),
                   of_device([](const Device& d) { return d.last_operation; }),
                   of_device([](const Device& d) { return d.last_op_date; }), of_device([](const Device& d) {
                     return d.tombstone ? static_cast<std::int64_t>(d.tombstone->reason) : std::int64_t{0};
                   }),
                   of_device([&](const Device& d) { return when(d.tombstone); }),
                   text_of_device([](const Device& d) -> const std::string& { return d.facts.other; }),
                   of_device([](const Device& d) { return d.facts.assigned_at; }),
                   of_device([](const Device& d) { return d.facts.profile_assign_time; }),
                   of_device([](const Device& d) { return d.facts.profile_push_time; }),
                   of_device([](const Device& d) { return d.arrived_at; }),
                   of_device([](const Device& d) { return d.contested_at; }),
                   of_device([](const Device& d) { return d.arrival_due_before; }),
                   of_device([](const Device& d) { return d.asked_after; }),
                   text_of_device([](const Device& d) -> const std::string& { return d.facts.asset_tag; }),
                   of_device([](const Device& d) { return is_migrating(d.facts.other); }),
                   of_device([](const Device& d) { return is_replacement(d.facts.other); }));
}
// Arrays are taken apart as columns of a SELECT: in its FROM, PostgreSQL would copy each of them first.
#define CHANGING_GIVEN                                                                                \
  "unnest($1) AS id, unnest($2) AS kind, unnest($3) AS profile, unnest($4) AS desired_profile, "      \
  "unnest($5) AS desired_rule, unnest($6) AS desired_by, unnest($7) AS desired_at, "                  \
  "unnest($8) AS last_operation, unnest($9) AS last_op_date, unnest($10) AS tombstone_reason, "       \
  "unnest($11) AS tombstone_at, unnest($12) AS other, unnest($13) AS assigned_at, "                   \
  "unnest($14) AS profile_assign_time, unnest($15) AS profile_push_time, unnest($16) AS arrived_at, " \
  "unnest($17) AS contested_at, unnest($18) AS arrival_due_before, unnest($19) AS asked_after, "      \
  "unnest($20) AS asset_tag, unnest($21) AS migrating, unnest($22) AS replacement"
#define CHANGING_COLUMNS                                                                                       \
  "id, kind, profile, desired_profile, desired_rule, desired_by, desired_at, last_operation, "                 \
  "last_op_date, tombstone_reason, tombstone_at, other, assigned_at, profile_assign_time, profile_push_time, " \
  "arrived_at, contested_at, arrival_due_before, asked_after, asset_tag, migrating, replacement"

}  // namespace

Result<std::vector<Device>> PostgresReader::devices(AccountId account, std::span<const Serial> serials) {
  if (serials.empty()) return std::vector<Device>();
  return db_.all("SELECT " DEVICE_COLUMNS
                 " FROM unnest($2) AS given (serial) CROSS JOIN LATERAL (SELECT * FROM device WHERE "
                 "account = $1 AND serial = given.serial " EACH_BY_INDEX ") AS d" DEVICE_TEXTS,
                 read_device, account, column(serials));
}

Result<std::vector<Device>> PostgresReader::devices(std::span<const DeviceId> ids) {
  if (ids.empty()) return std::vector<Device>();
  return db_.all("SELECT " DEVICE_COLUMNS
                 " FROM unnest($1) AS given (id) JOIN device d ON d.id = given.id" DEVICE_TEXTS,
                 read_device, column(ids));
}

Result<std::vector<Device>> PostgresReader::devices_anywhere(std::span<const Serial> serials) {
  if (serials.empty()) return std::vector<Device>();
  return db_.all("SELECT " DEVICE_COLUMNS
                 " FROM unnest($1) AS given (serial) CROSS JOIN (SELECT id AS holder FROM account WHERE "
                 "removed = 0) AS a CROSS JOIN LATERAL (SELECT * FROM device WHERE account = a.holder AND "
                 "serial = given.serial AND tombstone_at IS NULL " EACH_BY_INDEX ") AS d" DEVICE_TEXTS,
                 read_device, column(serials));
}

Result<std::vector<Device>> PostgresReader::device_page(AccountId account, const Serial& after, size_t limit,
                                                        const FilterExpression* filter) {
  if (!filter) return page(db_, account, after, limit, {"d.tombstone_at IS NULL", {}});
  return page(db_, account, after, limit, condition_for(*filter, account));
}

Result<std::vector<ListedDevice>> PostgresReader::listed_page(AccountId account, const Serial& after,
                                                              size_t limit) {
  return db_.all(
      "SELECT d.serial, p.status FROM (SELECT serial, profile FROM device WHERE account = $1 AND serial > $2 "
      "AND tombstone_at IS NULL ORDER BY account, serial LIMIT $3) d "
      "JOIN profile_state p ON p.id = d.profile ORDER BY d.serial",
      [](const Row& row) {
        return ListedDevice{Serial(row.text(0)), row.text(1)};
      },
      account, after, limit);
}

// An index of those that are gone, as SQLite has it, would make it slower: the anti-join took three times as
// long.
Result<std::optional<Serial>> PostgresReader::serial_behind(AccountId account, const Serial& after,
                                                            long long count) {
  return db_.first(
      "SELECT serial FROM device WHERE account = $1 AND serial > $2 AND tombstone_at IS NULL "
      "ORDER BY account, serial LIMIT 1 OFFSET $3",
      [](const Row& row) { return Serial(row.text(0)); }, account, after, count - 1);
}

// By the index of just these: the words of the condition are its own.
Result<std::vector<Device>> PostgresReader::uncovered_page(AccountId account, const Serial& after,
                                                           size_t limit, const FilterExpression* filter) {
  Condition condition;
  if (filter) condition = condition_for(*filter, account);
  condition.sql = "d.desired_by = 0 AND d.arrived_at IS NOT NULL AND d.tombstone_at IS NULL" +
                  (filter ? " AND " + condition.sql : std::string());
  return page(db_, account, after, limit, std::move(condition));
}

Result<std::vector<Device>> PostgresReader::not_enrolled_page(AccountId account,
                                                              std::span<const GivenBetween> rules,
                                                              const Serial& after, size_t limit,
                                                              const FilterExpression* filter) {
  if (rules.empty()) return std::vector<Device>();
  return page(db_, account, after, limit, not_enrolled_condition(account, rules, filter));
}

Result<long long> PostgresReader::device_count(AccountId account, const FilterExpression& filter) {
  const Condition covered = condition_for(filter, account);
  MUSTER_TRY(const auto rows,
             db_.ask_built("SELECT count(*) FROM device d WHERE " + covered.sql, covered.values));
  return rows[0].integer(0);
}

Result<std::vector<DeviceId>> PostgresReader::device_ids(AccountId account) {
  MUSTER_TRY(const auto rows,
             db_.ask_built("SELECT id FROM device WHERE account = $1 AND tombstone_at IS NULL ORDER BY id",
                           values_of(account)));
  return rows.each([](const Row& row) { return row.as<DeviceId>(0); });
}

// What is new on a page needs ids: they come with the answer.
Result<std::vector<Device>> PostgresWriter::devices(AccountId account, std::span<const Serial> serials) {
  if (serials.size() > 1) MUSTER_TRY(ids_.prefetch(db_));
  if (!first_lists_ || !epoch_) return PostgresReader::devices(account, serials);
  const auto known = first_lists_->may_have(account, *epoch_, serials);
  MUSTER_TRY(auto found, PostgresReader::devices(account, known));
  if (found.empty() && known.size() > kManySerials && !first_lists_->is_known(account, *epoch_)) {
    MUSTER_TRY(const auto has_any,
               db_.ask("SELECT EXISTS (SELECT 1 FROM device WHERE account = $1)", account));
    if (has_any[0].integer(0) == 0) first_lists_->begin(account, *epoch_);
  }
  return found;
}

Result<DeviceId> PostgresWriter::next_device_id() { return ids_.next(db_); }

Result<> PostgresWriter::insert_devices(std::span<Device* const> devices) {
  return by_account(devices, [&](std::span<const Device* const> of_account) -> Result<> {
    MUSTER_TRY(const auto all, all_numbered(db_, dictionaries_, of_account));
    Values values = changing_columns(all);
    const auto add = [&](Value value) { values.push_back(std::move(value)); };
    add(column(all, [](const Numbered& n) -> const Serial& { return n.device->serial; }));
    add(column(all, [](const Numbered& n) { return n.device->first_seen; }));
    add(column(all, [](const Numbered& n) { return n.baseline; }));
    add(encode(plain(of_account.front()->account)));
    const AccountId account = of_account.front()->account;
    if (first_lists_ && epoch_) first_lists_->add(account, *epoch_, of_account);
    if (first_lists_ && !epoch_) first_lists_->forget(account);
    MUSTER_TRY(take_enrollments_along(account, of_account));
    // The account is looked up for what a reference from each device would check: without it the column is
    // null.
    return db_.run_with(
        "INSERT INTO device (" CHANGING_COLUMNS
        ", serial, first_seen, baseline, account) SELECT g.id, kind, profile, desired_profile, desired_rule, "
        "desired_by, desired_at, last_operation, last_op_date, tombstone_reason, tombstone_at, other, assigned_at, "
        "profile_assign_time, profile_push_time, arrived_at, contested_at, arrival_due_before, asked_after, "
        "asset_tag, migrating <> 0, replacement <> 0, serial, first_seen, baseline, "
        "(SELECT id FROM account WHERE id = $26) FROM (SELECT " CHANGING_GIVEN
        ", unnest($23) AS serial, unnest($24) AS first_seen, unnest($25) AS baseline) AS g",
        values);
  });
}

Result<> PostgresWriter::update_devices(std::span<const Device* const> devices) {
  return by_account(devices, [&](std::span<const Device* const> of_account) -> Result<> {
    MUSTER_TRY(const auto all, all_numbered(db_, dictionaries_, of_account));
    MUSTER_TRY(follow_with_enrollments(of_account.front()->account, of_account));
    return db_.run_with(
        "UPDATE device d SET kind = g.kind, profile = g.profile, desired_profile = g.desired_profile, "
        "desired_rule = g.desired_rule, desired_by = g.desired_by, desired_at = g.desired_at, "
        "last_operation = g.last_operation, last_op_date = g.last_op_date, "
        "tombstone_reason = g.tombstone_reason, tombstone_at = g.tombstone_at, other = g.other, "
        "assigned_at = g.assigned_at, profile_assign_time = g.profile_assign_time, "
        "profile_push_time = g.profile_push_time, arrived_at = g.arrived_at, contested_at = g.contested_at, "
        "arrival_due_before = g.arrival_due_before, asked_after = g.asked_after, asset_tag = g.asset_tag, "
        "migrating = g.migrating <> 0, replacement = g.replacement <> 0 FROM (SELECT " CHANGING_GIVEN
        ") AS g WHERE d.id = g.id",
        changing_columns(all));
  });
}

Result<std::vector<std::int64_t>> PostgresWriter::numbers_of(AccountId account,
                                                             const std::vector<ProfileUuid>& profiles) {
  std::vector<Dictionary<ProfileStateTable>::Views> views;
  for (const auto& profile : profiles)
    if (!profile.empty()) views.push_back({"", profile.str()});
  MUSTER_TRY(const auto found, dictionaries_.profile_states.numbers_of(db_, account, views));
  std::vector<std::int64_t> numbers;
  auto number = found.begin();
  for (const auto& profile : profiles) numbers.push_back(profile.empty() ? 0 : *number++);
  return numbers;
}

Result<std::int64_t> PostgresWriter::number_of(AccountId account, const ProfileUuid& profile) {
  MUSTER_TRY(const auto numbers, numbers_of(account, {profile}));
  return numbers.front();
}

}  // namespace muster::postgres
