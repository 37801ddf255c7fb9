// Tables that one connection writes for itself: each is copied into the connection's temporary database
// before it is written the first time, and hides the stored one from then on. So a reader, which cannot
// write, can see what would be.
#pragma once

#include <set>
#include <string>

#include "store/sqlite/engine/database.h"

namespace muster::sqlite {

class Shadows {
 public:
  /// `database` has a view open.
  explicit Shadows(Database& database) : database_(database) {}

  /// Copies a table with its indexes; nothing happens when that was done. Its triggers stay behind.
  Result<> make(const std::string& table);

 private:
  Database& database_;
  std::set<std::string> made_;
};

}  // namespace muster::sqlite
