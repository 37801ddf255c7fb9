#include "api/access/ended_sessions.h"

#include <gtest/gtest.h>

#include "store/sqlite/open.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_dir.h"

namespace muster::api {
namespace {

Result<> sign_out_of(Store& store, const Session& session) {
  return store.write(installation, [&](Writer& writer) {
    return writer.end_session(digest_of_session(session), session.expires_at, kNow);
  });
}

}  // namespace

TEST(EndedSessions, AreKnownAtOnceAndAfterARestart) {
  const test::TempDir directory;
  ManualClock clock;
  Sessions sessions("change-me-please");
  const ApiKey key{.name = "ci", .id = KeyId("4fQz81LmPa")};
  const auto session = sessions.open(key, "digest", kNow), other = sessions.open(key, "digest", kNow);
  {
    const auto store = *sqlite::open(directory.path());
    EndedSessions ended(*store, clock);
    EXPECT_EQ(ended.contains(session), false);
    EXPECT_EQ(ended.contains(other), false);
    ASSERT_TRUE(sign_out_of(*store, session));
    EXPECT_EQ(ended.contains(session), true) << "what was kept does not count";
    EXPECT_EQ(ended.contains(other), false);
  }
  const auto store = *sqlite::open(directory.path());
  EndedSessions ended(*store, clock);
  EXPECT_EQ(ended.contains(session), true);
  EXPECT_EQ(ended.contains(other), false);
}

}  // namespace muster::api
