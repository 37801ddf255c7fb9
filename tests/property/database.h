// A database that a property fills: one account, the rule `*`, and restarts where the property wants them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "assign/arrival.h"
#include "store/store.h"
#include "tests/support/temp_dir.h"

namespace muster::property {

class Database {
 public:
  Database();

  Store& store() { return *store_; }
  AccountId account() const { return account_; }

  /// Closes the database and opens it again, as another start of the server does.
  void restart();
  /// One page in one transaction.
  void apply(std::vector<DeviceReport> rows, assign::Source source);
  /// What an operator sees of a device: where it is, what Apple shows, which profile it should have, and
  /// which one is still to be assigned. Of one that left only that it did: its last row is sparse, and says
  /// nothing of the rest.
  std::string state(const Serial& serial);

 private:
  test::TempDir directory_;
  std::unique_ptr<Store> store_;
  AccountId account_{};
};

}  // namespace muster::property
