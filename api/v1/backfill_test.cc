// The pass over all devices of an account, as the API shows and steers it.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

class BackfillCalls : public test::ApiFixture {
 protected:
  void begin() {
    write([&](Writer& w) {
      return w.put_backfill(
          account_.id,
          {.state = Backfill::State::running, .planned = 5, .changed = 2, .began = clock_.now()});
    });
  }
  test::ApiAnswer act(const std::string& action) {
    return post("/api/v1/backfill", R"({"action":")" + action + "\"}");
  }
};

TEST_F(BackfillCalls, WithoutOneTheStateIsNone) {
  add_work("A", "P");
  EXPECT_EQ(write_json(get("/api/v1/backfill").json), R"({"state":"none","waiting":1})");
}

TEST_F(BackfillCalls, OneThatIsUnderWayShowsItsProgress) {
  begin();
  EXPECT_EQ(write_json(get("/api/v1/backfill").json),
            R"({"state":"running","waiting":0,"planned":5,"changed":2,"began":"2026-03-01T09:00:00Z"})");
}

TEST_F(BackfillCalls, IsPausedResumedAndCancelled) {
  begin();
  EXPECT_EQ(act("pause").text("state"), "paused");
  EXPECT_TRUE(runs().empty());
  EXPECT_EQ(act("resume").text("state"), "running");
  EXPECT_THAT(runs(), IsSupersetOf({Lane::assignment}));
  EXPECT_EQ(act("cancel").text("state"), "none");
}

TEST_F(BackfillCalls, NothingCanBeDoneToNoneAndNoOtherThingToOne) {
  for (const char* action : {"pause", "resume", "cancel"}) EXPECT_EQ(act(action).status, 404) << action;
  begin();
  const auto answer = act("stop");
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.error(), HasSubstr("pause, resume or cancel"));
  EXPECT_EQ(post("/api/v1/backfill", "{}").status, 400);
}

}  // namespace
}  // namespace muster::api
