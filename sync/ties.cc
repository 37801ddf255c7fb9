#include "sync/ties.h"

#include <algorithm>
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
  std::vector<Serial> serials, ties;
  serials.reserve(newest.size());
  for (const auto& [serial, best] : newest) {
    if (best.contradict)
      ties.push_back(serial);
    else
      serials.push_back(serial);
  }
  MUSTER_TRY(const auto known, reader.devices(account, serials));
  for (const auto& device : known)
    if (assign::is_tie(rows[newest.at(device.serial).rows.front()], device)) ties.push_back(device.serial);
  std::sort(ties.begin(), ties.end());
  return ties;
}

void settle_ties(std::vector<DeviceReport>& rows, const std::vector<Serial>& ties,
                 const std::map<Serial, apple::DeviceDetails>& details) {
  const auto newest = newest_rows(rows);
  std::vector<bool> dropped(rows.size());
  for (const auto& serial : ties) {
    const auto found = details.find(serial);
    if (found == details.end()) continue;
    const apple::DeviceDetails& answer = found->second;
    const bool is_there = answer.response_status == "SUCCESS";
    const bool is_gone = answer.response_status == "NOT_ACCESSIBLE" || answer.response_status == "NOT_FOUND";
    if (!is_there && !is_gone) continue;

    const Newest& tied = newest.at(serial);
    DeviceReport& row = rows[tied.rows.front()];
    row.operation = is_there ? operation_of(rows, tied) : Operation::deleted;
    if (is_there) row.facts = answer.report.facts;
    row.confirmed = true;
    for (size_t i = 1; i < tied.rows.size(); ++i) dropped[tied.rows[i]] = true;
  }
  size_t kept = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (dropped[i]) continue;
    if (kept != i) rows[kept] = std::move(rows[i]);
    ++kept;
  }
  rows.resize(kept);
}

}  // namespace muster::sync
