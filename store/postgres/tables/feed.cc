#include "store/feed.h"

#include "store/postgres/tables/writer.h"

namespace muster::postgres {

Result<std::vector<FeedEntry>> PostgresReader::feed_after(std::int64_t number, size_t limit) {
  return db_.all(
      "SELECT f.number, f.account, f.at, f.type, f.body, coalesce(a.name, '') FROM feed f "
      "LEFT JOIN account a ON a.id = f.account AND a.removed = 0 WHERE f.number > $1 ORDER BY f.number LIMIT $2",
      [](const Row& row) {
        return FeedEntry{.position = {row.integer(0), row.time(2)},
                         .account = row.as<AccountId>(1),
                         .account_name = AccountName(row.text(5)),
                         .type = row.as<FeedType>(3),
                         .body = row.text(4)};
      },
      number, limit);
}

Result<std::optional<Time>> PostgresReader::feed_time(std::int64_t number) {
  return db_.first(
      "SELECT at FROM feed WHERE number = $1", [](const Row& row) { return row.time(0); }, number);
}

Result<FeedEnds> PostgresReader::feed_ends() {
  MUSTER_TRY(
      const auto ends,
      db_.first(
          "SELECT coalesce(newest.number, 0), "
          "coalesce(newest.at, 0), (EXISTS (SELECT 1 FROM feed WHERE number IS NULL))::int "
          "FROM (SELECT 1) AS always LEFT JOIN "
          "(SELECT number, at FROM feed WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1) AS newest "
          "ON true",
          [](const Row& row) {
            return FeedEnds{.newest = {row.integer(0), row.time(1)}, .has_unnumbered = row.integer(2) != 0};
          }));
  return ends.value_or(FeedEnds{});
}

Result<> PostgresWriter::add_to_feed(const FeedEntry& entry) {
  return db_.run("INSERT INTO feed (account, at, type, body) VALUES ($1, $2, $3, $4)", entry.account,
                 entry.position.at, entry.type, entry.body);
}

Result<> PostgresWriter::number_feed() { return db_.run("SELECT number_feed()"); }

}  // namespace muster::postgres
