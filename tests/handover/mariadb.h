// A MariaDB server of a test's own, in a directory that goes with it: on a socket, without a network.
#pragma once

#include <memory>
#include <string>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace muster::test {

class MariaDb {
 public:
  /// Throws when it is not installed or does not start.
  MariaDb();

  /// For -dsn, as the user `nanodep` with a password that has every odd character.
  std::string dsn() const;
  /// Runs SQL as the administrator.
  void run(const std::string& sql) const;

 private:
  std::string socket() const { return directory_.file("s"); }

  const TempDir directory_;
  std::unique_ptr<Process> server_;
};

}  // namespace muster::test
