// What servers that share a PostgreSQL database tell each other.
#include "store/shared_store.h"

#include <gmock/gmock.h>

#include "store/postgres/open.h"
#include "tests/support/eventually.h"
#include "tests/support/master_keys.h"
#include "tests/support/postgres_cluster.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Millis kLeaseTime = 1h;

class SharedStoreTest : public testing::Test {
 protected:
  AccountId make_account(const std::string& name) {
    return *store_->write(installation, [&](Writer& w) { return w.create_account(AccountName(name)); });
  }
  SharedStore& shared() { return *store_->shared(); }
  ServerShare renew(ServerId server) {
    auto share = shared().renew(server, kLeaseTime, true);
    EXPECT_TRUE(share) << share.error().text();
    return share.value_or(ServerShare{});
  }
  ServerId join(const std::string& name) { return *shared().join(name, "0.1.0", kLeaseTime); }
  void end_right_of(ServerId server) {
    PostgresCluster::query(
        url_, "UPDATE server SET alive_until = clock_timestamp() - interval '1 second' WHERE id = " +
                  std::to_string(static_cast<long long>(server)));
  }

  const std::string url_ = PostgresCluster::shared().new_database();
  const std::unique_ptr<Store> store_ = *postgres::open({.url = url_, .keyring = test_keyring()});
};

TEST_F(SharedStoreTest, AServerTakesItsFairShareAndTheNextOneTheRest) {
  const auto a = make_account("a"), b = make_account("b"), c = make_account("c");
  const auto one = join("one");
  EXPECT_THAT(renew(one).accounts, ElementsAre(a, b, c)) << "it is alone";
  const auto two = join("two");
  EXPECT_EQ(renew(one).fair, 2u);
  EXPECT_THAT(renew(two).accounts, IsEmpty()) << "until the other one gives some back";
  ASSERT_TRUE(shared().release(one, std::span(&c, 1)));
  EXPECT_THAT(renew(two).accounts, ElementsAre(c));
  const auto servers = *shared().servers();
  ASSERT_THAT(servers, SizeIs(2));
  EXPECT_EQ(servers[0].name, "one");
  EXPECT_EQ(servers[0].accounts, 2);
  EXPECT_TRUE(servers[1].is_alive);
}

TEST_F(SharedStoreTest, WhatASilentServerWorkedGoesToTheOthersAndItsWritesAreRefused) {
  const auto a = make_account("a");
  const auto one = join("one"), two = join("two");
  renew(one);
  const auto known = **store_->read([&](Reader& r) { return r.account(a); });
  EXPECT_EQ(known.worker, one);
  end_right_of(one);
  EXPECT_THAT(renew(two).accounts, ElementsAre(a));
  const auto written =
      store_->write(WriteScope::of_run(known), [&](Writer& w) { return w.put_paused(a, true); });
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::cancelled);
  EXPECT_EQ(shared().refused_writes(), 1);
  EXPECT_FALSE((*store_->read([&](Reader& r) { return r.account(a); }))->paused);
  EXPECT_THAT(renew(one).accounts, IsEmpty()) << "it is back, and the other one has it";
  const auto operators = store_->write(a, [&](Writer& w) { return w.put_paused(a, true); });
  EXPECT_TRUE(operators) << "an operator's write takes the account's lock only";
}

TEST_F(SharedStoreTest, ANewTokenEndsWhatARunKnows) {
  const auto a = make_account("a");
  const auto known = **store_->read([&](Reader& r) { return r.account(a); });
  ASSERT_TRUE(store_->write(a, [&](Writer& w) { return w.put_token(a, {"ck", "cs", "at", "as", {}}); }));
  EXPECT_EQ(
      store_->write(WriteScope::of_run(known), [&](Writer& w) { return w.put_paused(a, true); }).error().code,
      Code::cancelled);
}

TEST_F(SharedStoreTest, AServerThatLeavesFreesItsAccountsAtOnce) {
  const auto a = make_account("a");
  const auto one = join("one"), two = join("two");
  renew(one);
  ASSERT_TRUE(shared().leave(one));
  EXPECT_THAT(renew(two).accounts, ElementsAre(a));
  EXPECT_EQ(shared().renew(one, kLeaseTime, false).error().code, Code::not_found) << "it must join again";
}

TEST_F(SharedStoreTest, OneServerSendsEvents) {
  const auto one = join("one"), two = join("two");
  EXPECT_TRUE(renew(one).sends_events);
  EXPECT_FALSE(renew(two).sends_events);
  EXPECT_TRUE(renew(one).sends_events) << "still";
  end_right_of(one);
  EXPECT_TRUE(renew(two).sends_events);
  EXPECT_FALSE(renew(one).sends_events);
}

TEST_F(SharedStoreTest, ARequestReachesTheWorkerAndItsResultComesBack) {
  const auto a = make_account("a"), b = make_account("b");
  const auto one = join("one"), two = join("two");
  renew(one);
  renew(two);
  const auto request = *shared().request(b, WorkRequest::Kind::full_sync);
  EXPECT_THAT(*shared().requests_of(one), IsEmpty());
  EXPECT_THAT(*shared().requests_of(two), ElementsAre(WorkRequest{request, b, WorkRequest::Kind::full_sync}));
  EXPECT_EQ(*shared().result_of(b, request), std::nullopt);
  end_right_of(two);
  EXPECT_THAT(renew(one).accounts, ElementsAre(a, b));
  EXPECT_THAT(*shared().requests_of(one), SizeIs(1)) << "its next worker finds it";
  ASSERT_TRUE(shared().finish(request, "done"));
  EXPECT_EQ(*shared().result_of(b, request), "done");
  EXPECT_THAT(*shared().requests_of(one), IsEmpty());
  EXPECT_EQ(shared().result_of(b, static_cast<RequestId>(99)).error().code, Code::not_found);
  EXPECT_EQ(shared().result_of(a, request).error().code, Code::not_found) << "it is of another account";
}

TEST_F(SharedStoreTest, ProgressIsShownWhileItIsFresh) {
  const auto a = make_account("a");
  const Progress told{a, true, "half"};
  ASSERT_TRUE(shared().put_progress(std::span(&told, 1)));
  const auto found = *shared().progress(1h);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].report, "half");
  EXPECT_TRUE(found[0].is_running);
  PostgresCluster::query(url_, "UPDATE progress SET at = at - interval '2 hours'");
  EXPECT_THAT(*shared().progress(1h), IsEmpty());
}

TEST_F(SharedStoreTest, NewsReachAServerAtOnce) {
  const auto a = make_account("a");
  const auto news = shared().news_stand();
  EXPECT_TRUE(news->wait(0ms).requests) << "what was told before it listened";
  ASSERT_TRUE(shared().request(a, WorkRequest::Kind::sync));
  NewsStand::News heard;
  EXPECT_TRUE(eventually([&] {
    const auto more = news->wait(1s);
    heard.requests = heard.requests || more.requests;
    return heard.requests;
  }));
  make_account("b");
  EXPECT_TRUE(eventually([&] { return news->wait(1s).accounts; }));
  news->wake();
  const auto began = std::chrono::steady_clock::now();
  news->wait(1h);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 1h);
}

TEST_F(SharedStoreTest, AnErasedAccountLeavesNothingBehind) {
  const auto a = make_account("a");
  const auto one = join("one");
  renew(one);
  ASSERT_TRUE(shared().request(a, WorkRequest::Kind::sync));
  const Progress told{a, true, "half"};
  ASSERT_TRUE(shared().put_progress(std::span(&told, 1)));
  ASSERT_TRUE(store_->write(installation, [&](Writer& w) { return w.remove_account(a); }));
  const auto share = renew(one);
  EXPECT_THAT(share.accounts, ElementsAre(a));
  EXPECT_THAT(share.removed, ElementsAre(a)) << "its worker erases it";
  EXPECT_TRUE(*store_->write(a, [&](Writer& w) { return w.erase_account(a); }));
  EXPECT_THAT(renew(one).accounts, IsEmpty());
}

}  // namespace
}  // namespace muster::test
