#include "store/postgres/engine/fault.h"

#include <gtest/gtest.h>

namespace muster::postgres {
namespace {

using Kind = Fault::Kind;

TEST(PostgresFault, SaysWhetherTheSameMaySucceedLater) {
  EXPECT_EQ(fault_of("40001", "x").kind, Kind::retry);
  EXPECT_EQ(fault_of("40P01", "x").kind, Kind::retry);
  EXPECT_EQ(fault_of("57P01", "x").kind, Kind::lost);
  EXPECT_EQ(fault_of("08006", "x").kind, Kind::lost);
  EXPECT_EQ(fault_of("25006", "x").kind, Kind::lost) << "after a fail-over";
  EXPECT_EQ(fault_of("57014", "x").kind, Kind::final);
  EXPECT_EQ(fault_of("53100", "x").kind, Kind::final);
  EXPECT_EQ(fault_of("23505", "x").kind, Kind::final);
}

TEST(PostgresFault, NamesTheReasonAndTheRemedyOnOneLine) {
  const auto full = fault_of("53100", "could not extend file \"base/1/2\": No space left on device\n").error;
  EXPECT_EQ(full.code, Code::storage);
  EXPECT_EQ(full.text(),
            "the database failed: could not extend file \"base/1/2\": No space left on device. "
            "Free some space on the disk of the database server");
  EXPECT_EQ(fault_of("0A000", "unsupported").error.code, Code::internal);
  EXPECT_EQ(fault_of("XX001", "damaged").error.hint,
            "The database is damaged: restore a backup, see docs/postgresql.md");
}

}  // namespace
}  // namespace muster::postgres
