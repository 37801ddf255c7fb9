// Moves all that a stopped server has stored to another database, and shows that nothing was lost or changed
// on the way.
#pragma once

#include <string>
#include <vector>

#include "store/move/side.h"

namespace muster::move {

/// What both sides have of one table.
struct Comparison {
  std::string table;
  long long rows_from = 0, rows_to = 0;
  std::string digest_from, digest_to;  ///< SHA-256 in hexadecimal digits

  bool agrees() const { return rows_from == rows_to && digest_from == digest_to; }
};

struct Report {
  std::vector<Comparison> tables;

  bool agrees() const;
};

/// Copies all rows in one transaction of the target, reads them back, and commits only if both sides agree:
/// see the report.
Result<Report> move_all(Source& from, Target& to);

}  // namespace muster::move
