// The store that tests run on: SQLite in a directory, or what the environment says.
//
//   MUSTER_TEST_DATABASE=postgresql   a database of the test cluster for each directory (postgres_cluster.h)
//   MUSTER_TEST_TWICE=1               each function of a write runs twice (twice_store.h)
#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "store/postgres/open.h"
#include "store/sqlite/open.h"
#include "tests/support/master_keys.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/twice_store.h"

namespace muster::test {

/// The same directory is the same database.
inline Result<std::unique_ptr<Store>> open_store(const std::string& directory) {
  auto opened =
      tests_on_postgres()
          ? postgres::open({.url = PostgresCluster::shared().database(directory), .keyring = test_keyring()})
          : sqlite::open(directory);
  const char* const twice = std::getenv("MUSTER_TEST_TWICE");
  if (!opened || !twice || std::string_view(twice) != "1") return opened;
  return std::unique_ptr<Store>(std::make_unique<TwiceStore>(*std::move(opened)));
}

}  // namespace muster::test
