#include "store/move/move.h"

#include <algorithm>

#include "base/os/kill_point.h"
#include "store/move/digest.h"

namespace muster::move {
namespace {

Result<> copy(const Table& table, Source& from, Target& to, Digest& digest) {
  MUSTER_TRY(to.begin(table));
  MUSTER_TRY(from.read(table, [&](Cells row) -> Result<> {
    digest.add(row);
    return to.put(row);
  }));
  MUSTER_TRY(to.end());
  MUSTER_TRY(const auto last, from.last_id(table));
  return to.put_last_id(table, last);
}

Result<> read(const Table& table, Source& side, Digest& digest) {
  return side.read(table, [&](Cells row) -> Result<> {
    digest.add(row);
    return {};
  });
}

}  // namespace

bool Report::agrees() const {
  return std::all_of(tables.begin(), tables.end(), [](const auto& table) { return table.agrees(); });
}

Result<Report> move_all(Source& from, Target& to) {
  Report report;
  for (const auto& table : tables()) {
    Digest digest;
    if (table.kind == Table::Kind::counts)
      MUSTER_TRY(read(table, from, digest));
    else
      MUSTER_TRY(copy(table, from, to, digest));
    report.tables.push_back(
        {.table = table.name, .rows_from = digest.rows(), .digest_from = digest.finish(), .digest_to = {}});
    kill_point("move.table");
  }
  MUSTER_TRY(to.finish());
  auto compared = report.tables.begin();
  for (const auto& table : tables()) {
    Digest digest;
    MUSTER_TRY(read(table, to, digest));
    compared->rows_to = digest.rows();
    compared->digest_to = digest.finish();
    ++compared;
  }
  if (!report.agrees()) return report;
  kill_point("commit.before");
  MUSTER_TRY(to.commit());
  kill_point("commit.after");
  return report;
}

}  // namespace muster::move
