#include <algorithm>

#include "store/sqlite/tables/writer.h"

namespace muster::sqlite {
namespace {

constexpr Question::Kind kQuestionKinds[] = {Question::Kind::tie, Question::Kind::missing,
                                             Question::Kind::replacement};

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

Result<std::vector<Question>> SqliteReader::questions(AccountId account, Question::Kind kind, Time now,
                                                      size_t limit) {
  return db_.all("SELECT " QUESTION_COLUMNS
                 " FROM question WHERE account = ? AND kind = ? AND next_try <= ? ORDER BY next_try LIMIT ?",
                 read_question, account, kind, now, limit);
}

Result<std::vector<Question>> SqliteReader::questions_about(AccountId account, Question::Kind kind,
                                                            std::span<const Serial> serials) {
  if (serials.empty()) return std::vector<Question>();
  const Given rows(serials, [](const Serial& serial, int, Column to) { put(to, serial); });
  return db_.all_over("SELECT " QUESTION_COLUMNS
                      " FROM given CROSS JOIN question ON account = ?1 AND kind = ?2 AND serial = c0",
                      rows, read_question, account, kind);
}

Result<std::optional<Time>> SqliteReader::next_question_time(AccountId account) {
  std::optional<Time> earliest;
  for (const auto kind : kQuestionKinds) {
    MUSTER_TRY(const auto next, db_.first(
                                    "SELECT next_try FROM question WHERE account = ? AND kind = ? "
                                    "ORDER BY next_try LIMIT 1",
                                    [](const Row& row) { return row.time(0); }, account, kind));
    if (next) earliest = earliest ? std::min(*earliest, *next) : *next;
  }
  return earliest;
}

Result<> SqliteWriter::put_questions(std::span<const Question> questions) {
  if (questions.empty()) return {};
  const Given rows(questions, [](const Question& question, int column, Column to) {
    switch (column) {
      case 0: return put(to, question.account);
      case 1: return put(to, question.kind);
      case 2: return put(to, question.serial);
      case 3: return put(to, question.operation);
      case 4: return put(to, question.op_date);
      case 5: return put(to, question.since);
      case 6: return put(to, question.next_try);
      case 7: return put(to, question.attempts);
      default: return;
    }
  });
  return db_.run_over("INSERT OR REPLACE INTO question (" QUESTION_COLUMNS
                      ") SELECT c0, c1, c2, c3, c4, c5, c6, c7 FROM given",
                      rows);
}

Result<> SqliteWriter::remove_questions(AccountId account, Question::Kind kind,
                                        std::span<const Serial> serials) {
  if (serials.empty()) return {};
  const Given rows(serials, [](const Serial& serial, int, Column to) { put(to, serial); });
  return db_.run_over(
      "DELETE FROM question WHERE account = ? AND kind = ? AND serial IN (SELECT c0 FROM given)", rows,
      account, kind);
}

}  // namespace muster::sqlite
