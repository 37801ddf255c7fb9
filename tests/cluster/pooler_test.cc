// Servers behind PgBouncer: a pooler that keeps sessions works, and others are refused.
#include <gmock/gmock.h>

#include "tests/cluster/servers.h"
#include "tests/support/postgres_parts.h"

namespace muster::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class BehindPgBouncer : public Servers {};

TEST_F(BehindPgBouncer, ServersWorkInSessionMode) {
  const Pooler pooler(PostgresCluster::shared().socket(), "session");
  url_ = pooler.url_of(url_);
  start(2);
  add_accounts();
  ASSERT_TRUE(are_shared(0, {{"server-0", 3}, {"server-1", 3}}));
  add_devices(10);
  for (const auto& name : names_)  // the worker hears of it from another server
    EXPECT_TRUE(ask(0, "POST", "/v1/dep/syncnow?wait=60&account=" + name).at("done").as_bool());
  EXPECT_TRUE(are_assigned(10 * kAccounts));
  EXPECT_EQ(depsim().assigned().serials, 10 * kAccounts);
}

TEST_F(BehindPgBouncer, OtherModesAreRefusedAtStart) {
  for (const char* const mode : {"transaction", "statement"}) {
    const Pooler pooler(PostgresCluster::shared().socket(), mode);
    const auto said = run_badly("muster serve -api-key $APIKEY -tls=false -http-addr 127.0.0.1:0 -depsim " +
                                depsim().url() + " -database '" + pooler.url_of(url_) + "'");
    EXPECT_THAT(said, AllOf(HasSubstr("keeps no sessions"), HasSubstr("pool_mode = session"))) << mode;
  }
}

}  // namespace
}  // namespace muster::test
