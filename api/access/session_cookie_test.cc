#include "api/access/session_cookie.h"

#include <gtest/gtest.h>

namespace muster::api {
namespace {

http::Request with(const char* name, const std::string& value) {
  http::Request request;
  request.method = "PUT";
  request.headers.add(name, value);
  return request;
}

}  // namespace

TEST(SessionCookie, IsReadAsItWasSet) {
  for (const bool secure : {false, true}) {
    const auto set = session_cookie("key.1.abc", std::chrono::hours(12), secure);
    const auto pair = set.substr(0, set.find(';'));
    EXPECT_EQ(session_text_in(with("Cookie", pair)), "key.1.abc");
    EXPECT_EQ(session_text_in(with("Cookie", "theme=dark; " + pair + "; x=1")), "key.1.abc");
    EXPECT_NE(set.find("HttpOnly; SameSite=Strict"), std::string::npos) << set;
    EXPECT_NE(set.find("Max-Age=43200"), std::string::npos) << set;
    EXPECT_EQ(set.ends_with("; Secure"), secure) << set;
  }
}

TEST(SessionCookie, IsNothingElse) {
  EXPECT_EQ(session_text_in({}), std::nullopt);
  for (const char* cookie :
       {"", "muster_session", "muster_session=", "other=key.1.abc", ";;=;", "=muster_session"})
    EXPECT_EQ(session_text_in(with("Cookie", cookie)), std::nullopt) << cookie;
}

// A page that could set a plain cookie must not replace the secure one.
TEST(SessionCookie, TheSecureOneComesFirst) {
  EXPECT_EQ(session_text_in(with("Cookie", "muster_session=other; __Host-muster_session=own")), "own");
  EXPECT_EQ(session_text_in(with("Cookie", "__Host-muster_session=own; muster_session=other")), "own");
}

TEST(SessionCookie, AChangeNeedsTheTokenOfThatSession) {
  EXPECT_TRUE(shows_csrf_token(with(kCsrfHeader, csrf_token_of("own")), "own"));
  EXPECT_FALSE(shows_csrf_token({}, "own"));
  EXPECT_FALSE(shows_csrf_token(with(kCsrfHeader, ""), "own"));
  EXPECT_FALSE(shows_csrf_token(with(kCsrfHeader, csrf_token_of("other")), "own"));
}

TEST(SessionCookie, TellsWhoseRequestItIs) {
  EXPECT_FALSE(is_of_another_site({}));
  for (const char* own : {"same-origin", "none"})
    EXPECT_FALSE(is_of_another_site(with("Sec-Fetch-Site", own)));
  for (const char* foreign : {"same-site", "cross-site", "?"})
    EXPECT_TRUE(is_of_another_site(with("Sec-Fetch-Site", foreign)));
}

TEST(SessionCookie, TellsAScriptFromAReader) {
  EXPECT_FALSE(is_of_script({}));
  EXPECT_FALSE(is_of_script(with("Sec-Fetch-Mode", "navigate")));
  EXPECT_TRUE(is_of_script(with("Sec-Fetch-Mode", "cors")));
  EXPECT_TRUE(is_of_script(with(kCsrfHeader, "")));
}

}  // namespace muster::api
