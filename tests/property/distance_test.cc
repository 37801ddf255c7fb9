// A database on another machine: a page costs the same number of round trips, however many devices it has.
#include <gtest/gtest.h>

#include "base/log/log.h"
#include "store/postgres/open.h"
#include "sync/rules/rules.h"
#include "sync/run/page.h"
#include "tests/support/master_keys.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/temp_dir.h"
#include "tests/support/unix_relay.h"

namespace muster::property {
namespace {

using namespace std::chrono_literals;
using assign::Source;

class FarDatabase {
 public:
  FarDatabase() {
    log::set_level(log::Level::error);
    account_ = *store_->write(installation, [](Writer& w) { return w.create_account(AccountName("a")); });
    Account account;
    account.id = account_;
    EXPECT_TRUE(
        sync::apply_rule(*store_, account, {.filter = "*", .profile = ProfileUuid("P")}, {.now = now_}));
    relay_.put_away(5ms);
  }

  // How often a page of so many devices waits.
  int round_trips(int first, int count, Source source) {
    std::vector<DeviceReport> rows;
    for (int i = first; i < first + count; ++i) {
      DeviceReport row;
      row.serial = Serial("S" + std::to_string(i));
      if (source == Source::sync) row.operation = DeviceReport::Operation::added;
      if (source == Source::sync) row.op_date = now_;
      row.facts.model = "iPad";
      row.facts.assigned_at = now_;
      rows.push_back(std::move(row));
    }
    const sync::PageInput input{
        .account = account_, .account_name = AccountName("a"), .source = source, .now = now_};
    const int before = relay_.round_trips();
    const auto stored =
        store_->write(account_, std::move(rows), [&](Writer& writer, std::vector<DeviceReport> own) {
          return sync::apply_rows(writer, input, std::move(own));
        });
    EXPECT_TRUE(stored) << stored.error().text();
    return relay_.round_trips() - before;
  }

 private:
  std::unique_ptr<Store> open() const {
    const auto url = url_.substr(0, url_.find("host=")) + "host=" + directory_.path();
    return std::move(*postgres::open({.url = url, .keyring = test::test_keyring()}));
  }

  const std::string url_ = test::PostgresCluster::shared().new_database();
  const test::TempDir directory_;
  test::UnixRelay relay_{directory_.path(), test::PostgresCluster::shared().socket()};
  const std::unique_ptr<Store> store_ = open();
  const Time now_ = from_millis(1'772'355'600'000);
  AccountId account_{};
};

TEST(Distance, APageWaitsAsOftenHoweverManyDevicesItHas) {
  if (!test::tests_on_postgres()) GTEST_SKIP() << "there is no way to a file";
  FarDatabase database;
  // For what is known of the account, of the devices and of what follows from them, and for the commit; some
  // go together.
  constexpr int kMost = 4;
  int first = 0;
  for (const Source source : {Source::baseline, Source::refetch, Source::sync}) {
    database.round_trips(first, 1, source);  // statements are prepared, and names get their numbers
    EXPECT_LE(database.round_trips(first + 1, 1, source), kMost);
    EXPECT_LE(database.round_trips(first + 1000, 1000, source), kMost);
    EXPECT_LE(database.round_trips(first + 1000, 1000, source), kMost) << "the same page again";
    first += 10'000;
  }
}

}  // namespace
}  // namespace muster::property
