// The PostgreSQL store passes the battery.
#include <gtest/gtest.h>

#include "store/postgres/open.h"
#include "tests/contract/lane_contract.h"
#include "tests/contract/store_contract.h"
#include "tests/support/master_keys.h"
#include "tests/support/postgres_cluster.h"

namespace muster::test {
namespace {

Result<std::unique_ptr<Store>> open_postgres(const std::string& directory) {
  return postgres::open({.url = PostgresCluster::shared().database(directory), .keyring = test_keyring()});
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Postgres, StoreContract, testing::Values(Backend{"postgres", open_postgres}),
                         [](const auto& backend) { return backend.param.name; });
INSTANTIATE_TEST_SUITE_P(Postgres, LaneContract, testing::Values(Backend{"postgres", open_postgres}),
                         [](const auto& backend) { return backend.param.name; });

}  // namespace muster::test
