#include "store/storage_trouble.h"

#include <gtest/gtest.h>

#include "base/threads/wanted.h"

namespace muster {
namespace {

const Error kFull{Code::storage, "the disk is full", "Free some space", {}};

TEST(StorageTrouble, EndsWithAWriteThatIsStored) {
  StorageTrouble trouble;
  EXPECT_FALSE(trouble.present());
  trouble.begin(kFull);
  ASSERT_TRUE(trouble.present());
  EXPECT_EQ(trouble.present()->message, "the disk is full");
  trouble.end(false);
  EXPECT_FALSE(trouble.present());
}

TEST(StorageTrouble, StaysWhileAWriteWaits) {
  StorageTrouble trouble;
  trouble.begin(kFull);
  const StorageTrouble::Waiting one(trouble);
  {
    const StorageTrouble::Waiting other(trouble);
    trouble.end(false);
    trouble.end(true);  // that of `other`
    EXPECT_TRUE(trouble.present());
  }
  trouble.end(false);
  EXPECT_TRUE(trouble.present());
  trouble.end(true);
  EXPECT_FALSE(trouble.present());
}

TEST(StorageTrouble, AWriteThatIsNotWantedAnyMoreDoesNotWait) {
  StorageTrouble trouble;
  const StorageTrouble::Waiting waiting(trouble);
  std::stop_source stop;
  const Wanted wanted({}, stop.get_token());
  stop.request_stop();
  EXPECT_FALSE(waiting.may_try_again());
}

}  // namespace
}  // namespace muster
