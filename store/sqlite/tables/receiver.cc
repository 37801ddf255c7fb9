// Webhooks. URL and secrets are sealed already (store/secrets.h).
#include <fmt/ranges.h>

#include "base/text/strings.h"
#include "store/sqlite/engine/dictionary.h"
#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

#define RECEIVER_COLUMNS                                                                                    \
  "id, name, url, secret, old_secret, old_secret_until, format, topics, accounts, created_at, created_by, " \
  "status, status_reason, revision, number, number_at, part, failures, failing_for, failing_since, "        \
  "next_try, last_success, last_failure, attempts, delivered, failed, dead, lost"

Receiver read_receiver(const Row& row) {
  Receiver receiver{.id = row.as<ReceiverId>(0),
                    .name = row.text(1),
                    .url = row.text(2),
                    .secret = row.text(3),
                    .old_secret = row.text(4),
                    .old_secret_until = row.optional_time(5),
                    .format = row.as<Receiver::Format>(6),
                    .topics = split_list(row.text(7), ' '),
                    .created_at = row.time(9),
                    .created_by = row.text(10),
                    .status = row.as<Receiver::Status>(11),
                    .status_reason = row.text(12),
                    .revision = row.integer(13),
                    .progress = {.position = {row.integer(14), row.time(15)},
                                 .part = static_cast<int>(row.integer(16)),
                                 .failures = static_cast<int>(row.integer(17)),
                                 .failing_for = Millis(row.integer(18)),
                                 .failing_since = row.optional_time(19),
                                 .next_try = row.optional_time(20),
                                 .last_success = row.optional_time(21),
                                 .last_failure = row.text(22),
                                 .attempts = row.integer(23),
                                 .delivered = row.integer(24),
                                 .failed = row.integer(25),
                                 .dead = row.integer(26),
                                 .lost = row.integer(27)}};
  for (auto& account : split_list(row.text(8), ' ')) receiver.accounts.emplace_back(std::move(account));
  return receiver;
}

Delivery read_delivery(const Row& row) {
  return {.number = row.integer(0),
          .at = row.time(1),
          .message = row.text(2),
          .type = row.text(3),
          .events = row.integer(4),
          .status = static_cast<int>(row.integer(5)),
          .took = Millis(row.integer(6)),
          .answer = row.text(7)};
}

DeadLetter read_dead_letter(const Row& row) {
  return {.number = row.integer(0),
          .at = row.time(1),
          .message = row.text(2),
          .type = row.text(3),
          .reason = row.text(4),
          .body = row.text(5),
          .is_due = row.integer(6) != 0};
}

std::string names_of(const std::vector<AccountName>& accounts) {
  std::string names;
  for (const auto& account : accounts) names += (names.empty() ? "" : " ") + account.str();
  return names;
}

std::optional<std::string> old_secret_of(const Receiver& receiver) {
  return receiver.old_secret.empty() ? std::nullopt : std::optional(receiver.old_secret);
}

}  // namespace

Result<std::vector<Receiver>> SqliteReader::stored_receivers() {
  return db_.all("SELECT " RECEIVER_COLUMNS " FROM receiver ORDER BY name", read_receiver);
}

Result<std::vector<Delivery>> SqliteReader::deliveries(ReceiverId receiver, long long before, size_t limit) {
  return db_.all(
      "SELECT number, at, message, type, events, status, took, answer FROM delivery "
      "WHERE receiver = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3",
      read_delivery, receiver, before, limit);
}

Result<std::vector<DeadLetter>> SqliteReader::dead_letters(ReceiverId receiver, long long after,
                                                           size_t limit) {
  return db_.all(
      "SELECT number, at, message, type, reason, '', due FROM dead_letter "
      "WHERE receiver = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
      read_dead_letter, receiver, after, limit);
}

Result<std::optional<DeadLetter>> SqliteReader::next_dead_letter(ReceiverId receiver) {
  return db_.first(
      "SELECT number, at, message, type, reason, body, due FROM dead_letter "
      "WHERE receiver = ?1 AND due = 1 ORDER BY number LIMIT 1",
      read_dead_letter, receiver);
}

Result<long long> SqliteReader::dead_letter_count(ReceiverId receiver) {
  MUSTER_TRY(const auto count,
             db_.first(
                 "SELECT count(*) FROM dead_letter WHERE receiver = ?1",
                 [](const Row& row) { return static_cast<long long>(row.integer(0)); }, receiver));
  return count.value_or(0);
}

Result<std::vector<NumberedHistory>> SqliteReader::numbered_history(AccountId account, std::int64_t first,
                                                                    std::int64_t last, size_t limit) {
  return db_.all(
      "SELECT h.id, h.device, h.at, h.kind, h.detail FROM history h CROSS JOIN device d ON d.id = h.device "
      "WHERE h.id >= ?1 AND h.id <= ?2 AND d.account = ?3 ORDER BY h.id LIMIT ?4",
      [this](const Row& row) -> Result<NumberedHistory> {
        NumberedHistory numbered{row.integer(0),
                                 {row.as<DeviceId>(1), row.time(2), row.as<HistoryEntry::Kind>(3), {}}};
        if (row.integer(4) == 0) return numbered;
        MUSTER_TRY(const auto* const texts, db_.dictionaries().details.texts(row.integer(4)));
        numbered.entry.detail = texts->front();
        return numbered;
      },
      first, last, account, limit);
}

// Its place in the feed is written when it is new; then put_progress() does.
Result<> SqliteWriter::put_stored_receiver(const Receiver& receiver) {
  has_replaced_secrets_ = true;
  const auto& at = receiver.progress;
  return db_.run(
      "INSERT INTO receiver (" RECEIVER_COLUMNS
      ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, "
      "?22, ?23, ?24, ?25, ?26, ?27, ?28) ON CONFLICT (id) DO UPDATE SET url = excluded.url, "
      "secret = excluded.secret, old_secret = excluded.old_secret, "
      "old_secret_until = excluded.old_secret_until, format = excluded.format, topics = excluded.topics, "
      "accounts = excluded.accounts, status = excluded.status, status_reason = excluded.status_reason, "
      "revision = receiver.revision + 1, number = excluded.number, number_at = excluded.number_at, "
      "part = excluded.part, failures = excluded.failures, failing_for = excluded.failing_for, "
      "failing_since = excluded.failing_since, next_try = excluded.next_try",
      receiver.id, receiver.name, receiver.url, receiver.secret, old_secret_of(receiver),
      receiver.old_secret_until, receiver.format, fmt::format("{}", fmt::join(receiver.topics, " ")),
      names_of(receiver.accounts), receiver.created_at, receiver.created_by, receiver.status,
      receiver.status_reason, receiver.revision, at.position.number, at.position.at, at.part, at.failures,
      at.failing_for.count(), at.failing_since, at.next_try, at.last_success, at.last_failure, at.attempts,
      at.delivered, at.failed, at.dead, at.lost);
}

Result<> SqliteWriter::put_stored_receiver_secrets(const Receiver& receiver) {
  has_replaced_secrets_ = true;
  return db_.run("UPDATE receiver SET url = ?1, secret = ?2, old_secret = ?3 WHERE id = ?4", receiver.url,
                 receiver.secret, old_secret_of(receiver), receiver.id);
}

Result<> SqliteWriter::remove_receiver(ReceiverId receiver) {
  has_replaced_secrets_ = true;
  MUSTER_TRY(db_.run("DELETE FROM delivery WHERE receiver = ?1", receiver));
  MUSTER_TRY(db_.run("DELETE FROM dead_letter WHERE receiver = ?1", receiver));
  return db_.run("DELETE FROM receiver WHERE id = ?1", receiver);
}

// This process is the only one.
Result<bool> SqliteWriter::claim_receiver(ReceiverId, std::int64_t, Millis) { return true; }

Result<bool> SqliteWriter::put_progress(const Receiver& receiver, std::int64_t /*sender*/,
                                        std::span<const Delivery> deliveries,
                                        std::span<const DeadLetter> dead_letters) {
  const auto& at = receiver.progress;
  MUSTER_TRY(
      db_.run("UPDATE receiver SET number = ?3, number_at = ?4, part = ?5, failures = ?6, failing_for = ?7, "
              "failing_since = ?8, next_try = ?9, last_success = ?10, last_failure = ?11, attempts = ?12, "
              "delivered = ?13, failed = ?14, dead = ?15, lost = ?16 WHERE id = ?1 AND revision = ?2",
              receiver.id, receiver.revision, at.position.number, at.position.at, at.part, at.failures,
              at.failing_for.count(), at.failing_since, at.next_try, at.last_success, at.last_failure,
              at.attempts, at.delivered, at.failed, at.dead, at.lost));
  if (db_.changes() == 0) return false;
  for (const auto& delivery : deliveries)
    MUSTER_TRY(
        db_.run("INSERT INTO delivery (receiver, number, at, message, type, events, status, took, answer) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                receiver.id, delivery.number, delivery.at, delivery.message, delivery.type, delivery.events,
                delivery.status, delivery.took.count(), delivery.answer));
  for (const auto& letter : dead_letters)
    MUSTER_TRY(db_.run(
        "INSERT INTO dead_letter (receiver, number, at, message, type, reason, body, due) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)",
        receiver.id, letter.number, letter.at, letter.message, letter.type, letter.reason, letter.body));
  if (!deliveries.empty())
    MUSTER_TRY(db_.run("DELETE FROM delivery WHERE receiver = ?1 AND number <= ?2", receiver.id,
                       at.attempts - kKeptDeliveries));
  if (!dead_letters.empty())
    MUSTER_TRY(
        db_.run("DELETE FROM dead_letter WHERE receiver = ?1 AND number <= (SELECT number FROM dead_letter "
                "WHERE receiver = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
                receiver.id, kKeptDeadLetters));
  return true;
}

Result<long long> SqliteWriter::dead_letters_due(ReceiverId receiver) {
  MUSTER_TRY(db_.run("UPDATE dead_letter SET due = 1 WHERE receiver = ?1", receiver));
  return static_cast<long long>(db_.changes());
}

Result<> SqliteWriter::keep_dead_letter(ReceiverId receiver, long long number) {
  return db_.run("UPDATE dead_letter SET due = 0 WHERE receiver = ?1 AND number = ?2", receiver, number);
}

Result<> SqliteWriter::remove_dead_letter(ReceiverId receiver, long long number) {
  return db_.run("DELETE FROM dead_letter WHERE receiver = ?1 AND number = ?2", receiver, number);
}

}  // namespace muster::sqlite
