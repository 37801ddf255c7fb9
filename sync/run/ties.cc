#include "sync/run/ties.h"

#include <set>
#include <unordered_map>

#include "assign/arrival.h"

namespace muster::sync {
namespace {

using Operation = DeviceReport::Operation;

// The rows of a serial that bear its newest date.
struct Newest {
  std::vector<size_t> rows;
  bool contradict = false;
};

std::unordered_map<Serial, Newest> newest_rows(const std::vector<DeviceReport>& rows) {
  std::unordered_map<Serial, Newest> newest;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].operation == Operation::none || !rows[i].op_date) continue;
    Newest& best = newest[rows[i].serial];
    if (!best.rows.empty() && *rows[best.rows.front()].op_date > *rows[i].op_date) continue;
    if (!best.rows.empty() && *rows[best.rows.front()].op_date < *rows[i].op_date) best = {};
    best.contradict =
        best.contradict || (!best.rows.empty() && assign::is_tie(rows[best.rows.front()], rows[i]));
    best.rows.push_back(i);
  }
  return newest;
}

// What the contradicting rows come to, once Apple has said that the device is there.
Operation operation_of(const std::vector<DeviceReport>& rows, const Newest& newest) {
  for (const size_t i : newest.rows)
    if (rows[i].operation == Operation::added) return Operation::added;
  return Operation::modified;
}

}  // namespace

Result<std::vector<Serial>> find_ties(Reader& reader, AccountId account,
                                      const std::vector<DeviceReport>& rows) {
  const auto newest = newest_rows(rows);
  std::vector<Serial> serials;
  serials.reserve(newest.size());
  std::set<Serial> ties;
  for (const auto& [serial, best] : newest) {
    serials.push_back(serial);
    if (best.contradict) ties.insert(serial);
  }
  MUSTER_TRY(const auto known, reader.devices(account, serials));
  for (const auto& device : known) {
    const DeviceReport& row = rows[newest.at(device.serial).rows.front()];
    if (assign::is_answered(row, device))
      ties.erase(device.serial);
    else if (assign::is_tie(row, device))
      ties.insert(device.serial);
  }
  return std::vector<Serial>(ties.begin(), ties.end());
}

Result<int> hold_ties(Writer& writer, AccountId account, std::vector<DeviceReport>& rows, Time now) {
  MUSTER_TRY(const auto ties, find_ties(writer, account, rows));
  if (ties.empty()) return 0;
  MUSTER_TRY(const auto asked, writer.questions_about(account, Question::Kind::tie, ties));
  std::unordered_map<Serial, Time> asked_about;
  for (const auto& question : asked) asked_about[question.serial] = question.op_date;

  const auto newest = newest_rows(rows);
  std::vector<bool> held(rows.size());
  std::vector<Question> questions;
  for (const auto& serial : ties) {
    const Newest& tied = newest.at(serial);
    for (const size_t i : tied.rows) held[i] = true;
    const Time date = *rows[tied.rows.front()].op_date;
    const auto known = asked_about.find(serial);
    if (known != asked_about.end() && known->second >= date) continue;
    questions.push_back({.account = account,
                         .kind = Question::Kind::tie,
                         .serial = serial,
                         .operation = operation_of(rows, tied),
                         .op_date = date,
                         .since = now,
                         .next_try = now});
  }
  size_t kept = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (held[i]) continue;
    if (kept != i) rows[kept] = std::move(rows[i]);
    ++kept;
  }
  rows.resize(kept);
  MUSTER_TRY(writer.put_questions(questions));
  return static_cast<int>(questions.size());
}

DeviceReport settled_row(const Question& tie, const DeviceReport* report) {
  DeviceReport row;
  if (report) row = *report;
  row.serial = tie.serial;
  row.operation = report ? tie.operation : Operation::deleted;
  row.op_date = tie.op_date;
  row.confirmed = true;
  return row;
}

}  // namespace muster::sync
