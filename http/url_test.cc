#include "http/url.h"

#include <gtest/gtest.h>

#include <iterator>

namespace muster::http {
namespace {

TEST(Target, IsDecoded) {
  std::string path;
  Query query;
  ASSERT_TRUE(parse_target("/a%20b/%C3%BC?x=1&y=a+b%26c&flag&x=2", path, query));
  EXPECT_EQ(path, "/a b/ü");
  EXPECT_EQ(query.get("x"), "1") << "the first one";
  EXPECT_EQ(query.get("y"), "a b&c");
  EXPECT_EQ(query.get("flag"), "");
  EXPECT_FALSE(query.get("z"));
}

// Scripts that add `NAME=VALUE&` for each value leave one behind the last.
TEST(Target, HasNoParameterBetweenTwoAmpersands) {
  std::string path;
  Query query;
  ASSERT_TRUE(parse_target("/a?&x=1&&y=2&", path, query));
  EXPECT_EQ(std::distance(query.begin(), query.end()), 2);
  query = {};
  ASSERT_TRUE(parse_target("/a?", path, query));
  EXPECT_EQ(std::distance(query.begin(), query.end()), 0);
  ASSERT_TRUE(parse_target("/a?=1", path, query));
  EXPECT_EQ(query.get(""), "1") << "that is one, without a name";
}

TEST(Target, MayBeInTheFormThatProxiesGet) {
  std::string path;
  Query query;
  ASSERT_TRUE(parse_target("http://example.com:80/a?x=1", path, query));
  EXPECT_EQ(path, "/a");
  EXPECT_EQ(query.get("x"), "1");
  ASSERT_TRUE(parse_target("https://example.com", path, query));
  EXPECT_EQ(path, "/");
}

TEST(Target, MustBeAPath) {
  for (const char* target : {"", "*", "host:80", "ftp://host/", "a/b", "/%zz", "/%2", "/a b", "/\x01", "/%ff",
                             "/?a=%c3", "/?%80=a"}) {
    std::string path;
    Query query;
    const auto parsed = parse_target(target, path, query);
    ASSERT_FALSE(parsed) << target;
    EXPECT_EQ(parsed.error().code, Code::invalid);
  }
}

TEST(Url, MayHaveAPathAndAQuery) {
  for (const char* url : {"http://a", "https://a:1/b/?c=d#e"}) EXPECT_TRUE(check_url(url)) << url;
  for (const char* url : {"", "a/b", "ftp://a/", "https:///SECRET", "http://a/SE CRET"}) {
    const auto checked = check_url(url);
    ASSERT_FALSE(checked) << url;
    EXPECT_EQ(checked.error().text().find("SE"), std::string::npos) << "it may be a secret";
  }
}

TEST(BaseUrl, IsHttpWithAHost) {
  EXPECT_EQ(parse_base_url("https://mdmenrollment.example.com/"), "https://mdmenrollment.example.com");
  EXPECT_EQ(parse_base_url("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
  EXPECT_EQ(parse_base_url("http://[::1]:8080/sub//"), "http://[::1]:8080/sub");
  for (const char* url : {"", "example.com", "ftp://example.com", "http://", "https:///x", "http://h/?q=1",
                          "http://h/#f", "http://h h/"})
    EXPECT_FALSE(parse_base_url(url)) << url;
}

TEST(BaseUrl, HasNoPasswordNorDoesTheErrorRepeatOne) {
  for (const char* url : {"https://user:SECRET@h", "https://SECRET@h/sub", "https://user:SECRET@h/?q=1",
                          "https://user:SECRET@", "https://user:SECRET@h h/"}) {
    const auto parsed = parse_base_url(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_EQ(parsed.error().code, Code::invalid);
    EXPECT_EQ(parsed.error().text().find("SECRET"), std::string::npos) << parsed.error().text();
  }
  EXPECT_NE(parse_base_url("https://user:SECRET@h").error().hint.find("before the @"), std::string::npos);
}

TEST(Address, StandsInAUrl) {
  EXPECT_EQ(authority_of({.host = "::1", .port = 8080}), "[::1]:8080");
  EXPECT_EQ(authority_of({.host = "127.0.0.1", .port = 80}), "127.0.0.1:80");
  EXPECT_EQ(authority_of({.host = "", .port = 80}), "0.0.0.0:80");
}

TEST(Address, HasAPort) {
  const auto check = [](const char* text, const std::string& host, unsigned short port) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->host, host);
    EXPECT_EQ(address->port, port);
  };
  check(":8080", "", 8080);
  check("127.0.0.1:0", "127.0.0.1", 0);
  check("[::1]:65535", "::1", 65535);
  check("localhost:80", "localhost", 80);
  check(":https", "", 443);
  check("127.0.0.1:http", "127.0.0.1", 80);
  check("[::1]:https", "::1", 443);
  for (const char* text : {"", "localhost", "::1", "::1:80", ":", ":x", ":80x", ":-1", ":65536", "[::1]"})
    EXPECT_FALSE(parse_address(text)) << text;
}

}  // namespace
}  // namespace muster::http
