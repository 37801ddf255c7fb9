#include "cli/output/ago.h"

#include <gtest/gtest.h>

namespace muster::cli {
namespace {

using namespace std::chrono_literals;

TEST(Ago, OneNumberAndItsUnit) {
  EXPECT_EQ(span_of(-5s), "0 s");
  EXPECT_EQ(span_of(119'999ms), "119 s");
  EXPECT_EQ(span_of(2min), "2 min");
  EXPECT_EQ(span_of(119min), "119 min");
  EXPECT_EQ(span_of(2h), "2 h");
  EXPECT_EQ(span_of(47h), "47 h");
  EXPECT_EQ(span_of(48h), "2 days");
}

TEST(Ago, PastAndFuture) {
  const std::string now = "2026-03-01T10:00:00Z";
  EXPECT_EQ(seen_from(now, "2026-03-01T09:55:00Z"), "5 min ago");
  EXPECT_EQ(seen_from(now, "2026-03-01T10:00:41Z"), "in 41 s");
  EXPECT_EQ(seen_from(now, now), "now");
}

TEST(Ago, WhatCannotBeReadIsLeftAsItIs) {
  EXPECT_EQ(seen_from("2026-03-01T10:00:00Z", ""), "");
  EXPECT_EQ(seen_from("", "2026-03-01T10:00:00Z"), "2026-03-01T10:00:00Z");
}

}  // namespace
}  // namespace muster::cli
