#include "store/sqlite/tables/serials.h"

#include <algorithm>

namespace muster::sqlite {
namespace {

// How many serials are in memory before they go into the index: some 50 bytes each, twice while readers may
// need the last ones. After a crash so many devices are read before the first answer. Measured with a million
// devices: bench/EXPERIMENTS.md.
constexpr size_t kMostRecent = 131'072;
// At the end of the process: a start reads a thousand devices in a millisecond.
constexpr size_t kMany = 4096;
// Reading a serial in the order of the index costs about this part of what looking for one costs.
constexpr long long kReadsALook = 4;

// A run as rows.
class Rows final : public GivenRows {
 public:
  explicit Rows(const SerialRun& run) : run_(run) {}
  size_t size() const override { return run_.size(); }
  void give(size_t row, int column, Column to) const override {
    const SerialPlace serial = run_[row];
    switch (column) {
      case 0: return put(to, serial.owner);
      case 1: return put(to, serial.number);
      case 2: return put(to, serial.place);
      case 3: return put(to, serial.sort);
      default: return;
    }
  }

 private:
  const SerialRun& run_;
};

Error known_already(std::string_view serial) {
  return {
      Code::internal, "the account has a device with the serial " + std::string(serial) + " already", {}, {}};
}

}  // namespace

Result<DeviceId> last_indexed(Database& database) {
  MUSTER_TRY(const auto last, database.first("SELECT last FROM serial_index_end",
                                             [](const Row& row) { return row.as<DeviceId>(0); }));
  return last.value_or(DeviceId{});
}

Result<> index_all_devices(Database& writer) {
  MUSTER_TRY(
      writer.run("INSERT INTO serial_index (owner, number, place, sort) SELECT account, serial, id, kind "
                 "FROM device ORDER BY account, serial"));
  return writer.run(
      "UPDATE serial_index_end SET last = max(last, (SELECT coalesce(max(id), 0) FROM device))");
}

Result<> Serials::load(Database& writer) {
  MUSTER_TRY(now_.indexed, last_indexed(writer));
  now_.indexed_before = now_.indexed;
  SerialRun run;
  const Database::Value values[] = {static_cast<std::int64_t>(now_.indexed)};
  MUSTER_TRY(writer.each_of_built(
      "SELECT account, serial, id, kind FROM device WHERE id > ?", values, [&](const Row& row) {
        run.add({row.as<AccountId>(0), row.text(1), row.as<DeviceId>(2), row.integer(3)});
        return Result<>();
      }));
  run.sort();
  now_.add(std::move(run));
  is_changed_ = true;
  publish();
  commit(true);
  add_function(writer);
  return {};
}

std::optional<SerialRuns> Serials::recent(DeviceId last_indexed) const {
  const auto published = published_.with([](const auto& recent) { return recent; });
  return published->behind(last_indexed);
}

void Serials::begin(Database& writer) {
  if (is_changed_) now_ = *committed_;
  is_changed_ = false;
  resorted_.clear();
  writer.show_recent(now_.runs);
}

void Serials::add_function(Database& writer) {
  sqlite3_create_function_v2(
      writer.handle(), "muster_sort", 3, SQLITE_UTF8, this,
      [](sqlite3_context* context, int, sqlite3_value** arguments) {
        auto& serials = *static_cast<Serials*>(sqlite3_user_data(context));
        const auto before = sqlite3_value_int64(arguments[1]), now = sqlite3_value_int64(arguments[2]);
        if (before != now) serials.resorted_.insert(static_cast<DeviceId>(sqlite3_value_int64(arguments[0])));
        sqlite3_result_int64(context, now);
      },
      nullptr, nullptr, nullptr);
}

void Serials::publish() {
  if (is_changed_)
    published_.with([&](auto& published) { published = std::make_shared<const RecentSerials>(now_); });
}

void Serials::commit(bool succeeded) {
  if (!is_changed_) return;
  published_.with([&](auto& published) {
    if (succeeded)
      committed_ = published;
    else
      published = committed_;
  });
  if (succeeded) is_changed_ = false;
}

std::vector<Serial> Serials::possible(AccountId account, std::span<const Serial> serials) const {
  std::vector<Serial> possible;
  possible.reserve(serials.size());
  std::copy_if(serials.begin(), serials.end(), std::back_inserter(possible),
               [&](const Serial& serial) { return may_have(account, serial.str()); });
  return possible;
}

Result<> Serials::count_missed(Database& writer, size_t missed) {
  if (is_complete_ || missed == 0) return {};
  missed_ += static_cast<long long>(missed);
  MUSTER_TRY(const auto stored, writer.first("SELECT coalesce(max(id), 0) FROM device",
                                             [](const Row& row) { return row.integer(0); }));
  if (missed_ * kReadsALook < *stored) return {};
  for (const char* table : kSerialTables)
    MUSTER_TRY(
        writer.each_of_built(std::string("SELECT owner, number FROM ") + table, {}, [&](const Row& row) {
          filter_.add(row.as<AccountId>(0), row.text(1));
          return Result<>();
        }));
  is_complete_ = true;
  return {};
}

bool Serials::may_have(AccountId account, std::string_view serial) const {
  return !is_complete_ || filter_.may_have(account, serial);
}

Result<> Serials::add(Database& writer, SerialRun run) {
  if (run.empty()) return {};
  run.sort();
  MUSTER_TRY(refuse_known(writer, run));
  if (is_complete_)
    for (size_t i = 0; i < run.size(); ++i) filter_.add(run[i].owner, run[i].number);
  now_.add(std::move(run));
  is_changed_ = true;
  if (now_.size() >= kMostRecent) return index_all(writer);
  writer.show_recent(now_.runs);
  return {};
}

// Looked up only where it may be.
Result<> Serials::refuse_known(Database& writer, const SerialRun& run) const {
  SerialRun possible;
  for (size_t i = 0; i < run.size(); ++i) {
    const SerialPlace serial = run[i];
    if (i > 0 && run.compare(i - 1, run, i) == 0) return failure(known_already(serial.number));
    if (may_have(serial.owner, serial.number)) possible.add(serial);
  }
  if (possible.empty()) return {};
  MUSTER_TRY(const auto known,
             writer.all_over("SELECT c1 FROM given WHERE " DEVICE_OF("c0", "c1") " IS NOT NULL LIMIT 1",
                             Rows(possible), [](const Row& row) { return row.text(0); }));
  if (!known.empty()) return failure(known_already(known.front()));
  return {};
}

Result<> Serials::change_sorts(Database& writer, const SerialRun& changed) {
  bool is_indexed = true;
  for (size_t i = 0; i < changed.size(); ++i) is_indexed = is_indexed && changed[i].place <= now_.indexed;
  if (!is_indexed) MUSTER_TRY(index_all(writer));
  for (size_t i = 0; i < changed.size(); ++i) {
    const SerialPlace serial = changed[i];
    MUSTER_TRY(writer.run("UPDATE serial_index SET sort = ? WHERE owner = ? AND number = ?", serial.sort,
                          serial.owner, serial.number));
  }
  return {};
}

bool Serials::are_many() const { return now_.size() >= kMany; }

Result<> Serials::index_all(Database& writer) {
  const auto all = now_.all();
  if (!all) return {};
  // OR FAIL: else SQLite keeps what each page was before the statement, in memory. A transaction in which it
  // fails is not committed.
  MUSTER_TRY(writer.run_over(
      "INSERT OR FAIL INTO serial_index (owner, number, place, sort) SELECT c0, c1, c2, c3 FROM given",
      Rows(*all)));
  DeviceId last{};
  for (size_t i = 0; i < all->size(); ++i) last = std::max(last, (*all)[i].place);
  MUSTER_TRY(writer.run("UPDATE serial_index_end SET last = ?", last));
  now_.indexed_up_to(last);
  is_changed_ = true;
  writer.show_recent(now_.runs);
  return {};
}

}  // namespace muster::sqlite
