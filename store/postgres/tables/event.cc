#include "store/postgres/tables/writer.h"

namespace muster::postgres {

Result<std::vector<Event>> PostgresReader::oldest_events(size_t limit) {
  return db_.all(
      "SELECT id, account, created_at, body FROM event ORDER BY id LIMIT $1",
      [](const Row& row) {
        return Event{row.as<EventId>(0), row.as<AccountId>(1), row.time(2), row.text(3)};
      },
      limit);
}

Result<long long> PostgresReader::event_count() {
  MUSTER_TRY(const auto count,
             db_.first("SELECT count(*) FROM event", [](const Row& row) { return row.integer(0); }));
  return count.value_or(0);
}

Result<> PostgresWriter::add_event(const Event& event) {
  return db_.run("INSERT INTO event (account, created_at, body) VALUES ($1, $2, $3)", event.account,
                 event.created_at, event.body);
}

Result<> PostgresWriter::remove_event(EventId id) { return db_.run("DELETE FROM event WHERE id = $1", id); }

Result<long long> PostgresWriter::keep_newest_events(size_t count) {
  MUSTER_TRY(
      const auto removed,
      db_.ask("DELETE FROM event WHERE id IN (SELECT id FROM event ORDER BY id DESC OFFSET $1)", count));
  return removed.affected();
}

}  // namespace muster::postgres
