#include "store/postgres/tables/writer.h"

namespace muster::postgres {
namespace {

static_assert(static_cast<int>(Question::Kind::tie) == 0 && static_cast<int>(Question::Kind::missing) == 1 &&
              static_cast<int>(Question::Kind::replacement) == 2);

Question read_question(const Row& row) {
  return {.account = row.as<AccountId>(0),
          .kind = row.as<Question::Kind>(1),
          .serial = Serial(row.text(2)),
          .operation = row.as<DeviceReport::Operation>(3),
          .op_date = row.time(4),
          .since = row.time(5),
          .next_try = row.time(6),
          .attempts = static_cast<int>(row.integer(7))};
}

#define QUESTION_COLUMNS "account, kind, serial, operation, op_date, since, next_try, attempts"

}  // namespace

Result<std::vector<Question>> PostgresReader::questions(AccountId account, Question::Kind kind, Time now,
                                                        size_t limit) {
  return db_.all(
      "SELECT " QUESTION_COLUMNS
      " FROM question WHERE account = $1 AND kind = $2 AND next_try <= $3 ORDER BY next_try LIMIT $4",
      read_question, account, kind, now, limit);
}

Result<std::vector<Question>> PostgresReader::questions_about(AccountId account, Question::Kind kind,
                                                              std::span<const Serial> serials) {
  if (serials.empty()) return std::vector<Question>();
  return db_.all(
      "SELECT " QUESTION_COLUMNS
      " FROM unnest($3) AS given (known) CROSS JOIN LATERAL (SELECT * FROM question WHERE account = $1 "
      "AND kind = $2 AND serial = given.known " EACH_BY_INDEX ") AS q",
      read_question, account, kind, column(serials));
}

Result<std::optional<Time>> PostgresReader::next_question_time(AccountId account) {
  MUSTER_TRY(const auto next,
             db_.ask("SELECT least((SELECT min(next_try) FROM question WHERE account = $1 AND kind = 0), "
                     "(SELECT min(next_try) FROM question WHERE account = $1 AND kind = 1), "
                     "(SELECT min(next_try) FROM question WHERE account = $1 AND kind = 2))",
                     account));
  return next[0].optional_time(0);
}

Result<> PostgresWriter::put_questions(std::span<const Question> questions) {
  if (questions.empty()) return {};
  return db_.run("INSERT INTO question (" QUESTION_COLUMNS
                 ") SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) "
                 "ON CONFLICT (account, kind, serial) DO UPDATE SET operation = excluded.operation, "
                 "op_date = excluded.op_date, since = excluded.since, next_try = excluded.next_try, "
                 "attempts = excluded.attempts",
                 column(questions, [](const Question& q) { return q.account; }),
                 column(questions, [](const Question& q) { return q.kind; }),
                 column(questions, [](const Question& q) -> const Serial& { return q.serial; }),
                 column(questions, [](const Question& q) { return q.operation; }),
                 column(questions, [](const Question& q) { return q.op_date; }),
                 column(questions, [](const Question& q) { return q.since; }),
                 column(questions, [](const Question& q) { return q.next_try; }),
                 column(questions, [](const Question& q) { return q.attempts; }));
}

Result<> PostgresWriter::remove_questions(AccountId account, Question::Kind kind,
                                          std::span<const Serial> serials) {
  if (serials.empty()) return {};
  return db_.run("DELETE FROM question WHERE account = $1 AND kind = $2 AND serial = ANY($3)", account, kind,
                 column(serials));
}

}  // namespace muster::postgres
