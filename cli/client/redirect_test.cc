#include "cli/client/redirect.h"

#include <gtest/gtest.h>

namespace muster::cli {
namespace {

TEST(Redirect, ResolvesRelativeAndAbsoluteLocations) {
  EXPECT_EQ("http://a:81/y?z=1", resolve_redirect("http://a:81/x/b?q=2", "/y?z=1")->url);
  EXPECT_EQ("http://a:81/x/c", resolve_redirect("http://a:81/x/b", "c")->url);
  EXPECT_EQ("https://a/x", resolve_redirect("http://a/x", "https://a/x#top")->url);
}

TEST(Redirect, LetsTheKeyStayWithItsHostOnly) {
  EXPECT_TRUE(resolve_redirect("http://a/x", "/y")->may_carry_key);
  EXPECT_TRUE(resolve_redirect("http://a/x", "https://A/x")->may_carry_key);
  EXPECT_TRUE(resolve_redirect("http://a:8080/x", "https://a:8443/x")->may_carry_key);
  EXPECT_FALSE(resolve_redirect("https://a/x", "http://a/x")->may_carry_key);
  EXPECT_FALSE(resolve_redirect("https://a/x", "https://a.example.org/x")->may_carry_key);
  EXPECT_FALSE(resolve_redirect("https://a/x", "//b/x")->may_carry_key);
}

TEST(Redirect, RefusesWhatCannotBeAsked) {
  EXPECT_FALSE(resolve_redirect("https://a/x", "file:///etc/passwd"));
  EXPECT_FALSE(resolve_redirect("https://a/x", "ht tp://"));
}

}  // namespace
}  // namespace muster::cli
