// Rows of another program's database, each a map from a column's name to its text.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace muster::cli {

/// Without the columns that are null.
using DatabaseRow = std::map<std::string, std::string>;

class Database {
 public:
  virtual ~Database() = default;
  /// Dates come in UTC. Code::not_found when a table is not there; no message has a password.
  virtual Result<std::vector<DatabaseRow>> rows(const std::string& sql) = 0;
};

/// `dsn`: as libpq takes it, a URL or `host=... dbname=...`.
Result<std::unique_ptr<Database>> open_postgres(const std::string& dsn);
/// `dsn`: as Go's driver takes it, `user:password@tcp(host:3306)/database?tls=true`.
Result<std::unique_ptr<Database>> open_mysql(const std::string& dsn);

}  // namespace muster::cli
