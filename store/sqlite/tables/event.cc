#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {

Result<std::vector<Event>> SqliteReader::oldest_events(size_t limit) {
  return db_.all(
      "SELECT id, account, created_at, body FROM event ORDER BY id LIMIT ?",
      [](const Row& row) {
        return Event{row.as<EventId>(0), row.as<AccountId>(1), row.time(2), row.text(3)};
      },
      limit);
}

Result<long long> SqliteReader::event_count() {
  MUSTER_TRY(const auto count,
             db_.first("SELECT count(*) FROM event", [](const Row& row) { return row.integer(0); }));
  return count.value_or(0);
}

Result<> SqliteWriter::add_event(const Event& event) {
  return db_.run("INSERT INTO event (account, created_at, body) VALUES (?, ?, ?)", event.account,
                 event.created_at, event.body);
}

Result<> SqliteWriter::remove_event(EventId id) { return db_.run("DELETE FROM event WHERE id = ?", id); }

Result<long long> SqliteWriter::keep_newest_events(size_t count) {
  MUSTER_TRY(db_.run(
      "DELETE FROM event WHERE id IN (SELECT id FROM event ORDER BY id DESC LIMIT -1 OFFSET ?)", count));
  return static_cast<long long>(db_.changes());
}

}  // namespace muster::sqlite
