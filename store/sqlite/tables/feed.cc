#include "store/feed.h"

#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

constexpr std::int64_t kShortenEach = 128;  // entries

}  // namespace

Result<std::vector<FeedEntry>> SqliteReader::feed_after(std::int64_t number, size_t limit) {
  return db_.all(
      "SELECT f.id, f.account, f.at, f.type, f.body, coalesce(a.name, '') FROM feed f "
      "LEFT JOIN account a ON a.id = f.account AND a.removed = 0 WHERE f.id > ? ORDER BY f.id LIMIT ?",
      [](const Row& row) {
        return FeedEntry{.position = {row.integer(0), row.time(2)},
                         .account = row.as<AccountId>(1),
                         .account_name = AccountName(row.text(5)),
                         .type = row.as<FeedType>(3),
                         .body = row.text(4)};
      },
      number, limit);
}

Result<std::optional<Time>> SqliteReader::feed_time(std::int64_t number) {
  return db_.first(
      "SELECT at FROM feed WHERE id = ?", [](const Row& row) { return row.time(0); }, number);
}

Result<FeedEnds> SqliteReader::feed_ends() {
  FeedEnds ends;
  MUSTER_TRY(const auto newest,
             db_.first("SELECT id, at FROM feed ORDER BY id DESC LIMIT 1", [](const Row& row) {
               return FeedPosition{row.integer(0), row.time(1)};
             }));
  ends.newest = newest.value_or(FeedPosition{});
  return ends;
}

Result<> SqliteWriter::add_to_feed(const FeedEntry& entry) {
  MUSTER_TRY(const auto id, db_.first(
                                "INSERT INTO feed (account, at, type, body) VALUES (?, ?, ?, ?) RETURNING id",
                                [](const Row& row) { return row.integer(0); }, entry.account,
                                entry.position.at, entry.type, entry.body));
  if (id.value_or(0) % kShortenEach != 0) return {};
  return db_.run(
      "DELETE FROM feed WHERE id <= max(?1, min(?2, coalesce((SELECT min(number) - 1 FROM receiver WHERE status "
      "<> 2), ?2)))",
      *id - kMostBacklog, *id - kFeedLength);
}

Result<> SqliteWriter::number_feed() { return {}; }

}  // namespace muster::sqlite
