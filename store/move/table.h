// What is moved between the backends: the tables that both have, with the columns that both have. What only
// one of them has is derived from these by that side (sqlite_side.cc, postgres_side.cc).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace muster::move {

struct Table {
  enum class Kind {
    rows,     ///< moved; empty in a new database
    one_row,  ///< moved; in place of the row of a new database
    counts,   ///< counted by each backend from the other tables: compared only
  };
  const char* name;
  std::string_view columns;  ///< separated by ", "
  const char* order;         ///< columns by which the rows are in order, each once
  Kind kind = Kind::rows;
  /// Those of its rows that are compared, in SQL; "" for all.
  const char* compared = "";

  /// Whether the database gives new rows their ids.
  bool has_ids() const { return columns.starts_with("id, "); }
  std::vector<std::string> column_names() const;
  /// The place of a column, from 0. Must be there.
  size_t place_of(std::string_view column) const;
};

/// In an order in which each comes behind those that it refers to.
std::span<const Table> tables();

}  // namespace muster::move
