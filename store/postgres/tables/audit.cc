#include <algorithm>
#include <iterator>

#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

#define AUDIT_COLUMNS \
  "number, at, key, address, said, request, account, action, object, before, after, digest"

AuditEntry read_entry(const Row& row) {
  return {.link = {row.integer(0), row.text(11)},
          .at = row.time(1),
          .actor = {row.text(2), row.text(3), row.text(4), row.text(5), row.text(6)},
          .change = {row.text(7), row.text(8), row.text(9), row.text(10)}};
}

AuditLink read_link(const Row& row) { return {row.integer(0), row.text(1)}; }

// Numbers of entries: from `first` on, before `end`.
struct Numbers {
  std::int64_t first = 0, end = 0;
};
Numbers read_numbers(const Row& row) { return {row.integer(0), row.integer(1) + 1}; }

}  // namespace

// A time is found by its index: in order of number, all that is newer would be read. Not materialized,
// PostgreSQL looks for the first number in that order, too.
Result<std::vector<AuditEntry>> PostgresReader::audit_page(const AuditQuery& query) {
  Numbers numbers{.first = 0, .end = query.before};
  if (query.has_time()) {
    MUSTER_TRY(const auto of_time,
               db_.first("WITH of_time AS MATERIALIZED (SELECT number FROM audit WHERE at >= $1 AND at < $2) "
                         "SELECT coalesce(min(number), 0), coalesce(max(number), -1) FROM of_time",
                         read_numbers, query.since, query.until));
    numbers = {of_time->first, std::min(of_time->end, query.before)};
  }
  return db_.all(
      "SELECT " AUDIT_COLUMNS
      " FROM audit WHERE number >= $8 AND number < $1 AND at >= $2 AND at < $3 AND ($4 = '' OR key = $4 OR said = $4) "
      "AND ($5 = '' OR action = $5 OR left(action, length($5) + 1) = $5 || '.') "
      "AND ($6 = '' OR account = $6) ORDER BY number DESC LIMIT $7",
      read_entry, numbers.end, query.since, query.until, query.who, query.what, query.account, query.limit,
      numbers.first);
}

Result<std::vector<AuditEntry>> PostgresReader::audit_after(std::int64_t number, size_t limit) {
  return db_.all("SELECT " AUDIT_COLUMNS " FROM audit WHERE number > $1 ORDER BY number LIMIT $2", read_entry,
                 number, limit);
}

Result<AuditLink> PostgresReader::audit_start() {
  MUSTER_TRY(const auto start, db_.first("SELECT number, digest FROM audit_start", read_link));
  return start.value_or(AuditLink{});
}

// One chain for all accounts, at the price of one commit at a time: only of what operators change, and this
// lock is a transaction's last, so that a plan over a million devices holds it for its commit only.
Result<AuditLink> PostgresWriter::end_of_audit() {
  MUSTER_TRY(db_.run("SELECT pg_advisory_xact_lock(1299542902)"));
  MUSTER_TRY(auto last,
             db_.first("SELECT number, digest FROM audit ORDER BY number DESC LIMIT 1", read_link));
  if (last) return *std::move(last);
  return audit_start();
}

Result<> PostgresWriter::add_audit(const AuditEntry& entry) {
  const auto& [key, address, said, request, account] = entry.actor;
  const auto& [action, object, before, after] = entry.change;
  return db_.run("INSERT INTO audit (" AUDIT_COLUMNS
                 ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                 entry.link.number, entry.at, key, address, said, request, account, action, object, before,
                 after, entry.link.digest);
}

Result<long long> PostgresWriter::remove_old_audit(Time before, size_t limit) {
  MUSTER_TRY(end_of_audit());
  MUSTER_TRY(const auto first, audit_after(0, limit));
  const auto end =
      std::find_if(first.begin(), first.end(), [&](const AuditEntry& entry) { return entry.at >= before; });
  if (end == first.begin()) return 0;
  const AuditLink& last = std::prev(end)->link;
  MUSTER_TRY(db_.run("UPDATE audit_start SET number = $1, digest = $2", last.number, last.digest));
  MUSTER_TRY(db_.run("DELETE FROM audit WHERE number <= $1", last.number));
  return end - first.begin();
}

}  // namespace muster::postgres
