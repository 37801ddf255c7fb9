// MicroMDM's call that requests a sync, and what Muster adds to it.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;

class SyncNow : public test::ApiFixture {
 protected:
  SyncNow() {
    SyncState state;
    state.changes = Cursor("c0");
    state.baseline_done = true;
    put_state(state);
    apple_.on("POST /devices/sync",
              test::page({{.serial = "A", .operation = "added", .date = clock_.now()}}, "c1"));
    apple_.on("POST /server/devices", test::page({{.serial = "A"}}, "l1"));
    apple_.on("GET /account", test::answer_json({{"server_uuid", "U"}}));
  }
};

TEST_F(SyncNow, AnswersAtOnceWithNothing) {
  const auto answer = post("/v1/dep/syncnow", "");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.response.body, "");
  EXPECT_THAT(runs(), ElementsAre(Lane::changes));
}

TEST_F(SyncNow, WithFullTheFullListIsReadToo) {
  post("/v1/dep/syncnow?full=1", "");
  EXPECT_THAT(runs(), ElementsAre(Lane::changes, Lane::full_list));
}

TEST_F(SyncNow, GivesTheResultToWhoWaits) {
  lanes_work_ = true;
  const auto answer = post("/v1/dep/syncnow?wait=30", "");
  EXPECT_EQ(answer["done"], true);
  EXPECT_EQ(answer.number("pages"), 1);
  EXPECT_EQ(answer.number("devices"), 1);
  EXPECT_EQ(answer.number("arrivals"), 1);
  EXPECT_EQ(answer.number("uncovered"), 1);
  EXPECT_EQ(answer.number("waiting"), 0);
  EXPECT_EQ(answer["full"], false);
  EXPECT_FALSE(answer.has("error"));
}

TEST_F(SyncNow, WhoComesBackForASyncStartsNoOther) {
  lanes_work_ = true;
  const auto sync_id = post("/v1/dep/syncnow?wait=30", "").number("sync_id");
  (void)runs();
  const auto again = post("/v1/dep/syncnow?wait=30&sync_id=" + std::to_string(sync_id), "");
  EXPECT_EQ(again.number("sync_id"), sync_id);
  EXPECT_EQ(again["done"], true);
  EXPECT_TRUE(runs().empty());
}

TEST_F(SyncNow, TellsWhatWentWrong) {
  lanes_work_ = true;
  apple_.on("POST /devices/sync", test::answer_word(403, "T_C_NOT_SIGNED"));
  const auto answer = post("/v1/dep/syncnow?wait=30", "");
  EXPECT_EQ(answer["done"], true);
  EXPECT_EQ(answer.text("apple_code"), "T_C_NOT_SIGNED");
  EXPECT_FALSE(answer.text("error").empty());
  EXPECT_THAT(answer.text("remedy"), HasSubstr("terms"));
}

TEST_F(SyncNow, WaitsForNothingWhenTheServerEnds) {
  stopping_.request_stop();
  EXPECT_EQ(post("/v1/dep/syncnow?wait=300", "").status, 200);
}

TEST_F(SyncNow, APausedAccountAndOneWithoutATokenAreToldSo) {
  write([&](Writer& w) { return w.put_paused(account_.id, true); });
  const auto paused = post("/v1/dep/syncnow", "");
  EXPECT_EQ(paused.status, 409);
  EXPECT_THAT(paused.error(), HasSubstr("-paused=false"));
  write([](Writer& w) { return w.create_account(AccountName("bare")); });
  EXPECT_EQ(post("/v1/dep/syncnow?account=bare", "").status, 503);
  EXPECT_TRUE(runs().empty());
}

TEST_F(SyncNow, ParametersThatCannotBeAreRefused) {
  for (const char* query : {"wait=301", "wait=-1", "wait=soon", "sync_id=x", "full=perhaps"})
    EXPECT_EQ(post(std::string("/v1/dep/syncnow?") + query, "").status, 400) << query;
  EXPECT_TRUE(runs().empty());
}

}  // namespace
}  // namespace muster::api
