#include "http/server/request_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace muster::http {
namespace {

using testing::HasSubstr;

const std::string kInPieces =
    "PUT /a?b HTTP/1.1\r\nHost: x\r\nX-Odd:  y \r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n7;q=1\r\n, world\r\n0\r\n\r\n";

// As a connection does it, with `step` bytes more each time. What is left of `bytes` stays in it.
void put_all(RequestParser& parser, std::string& bytes, size_t step) {
  std::string_view left = bytes;
  for (size_t given = std::min(step, left.size()); !parser.fault() && !parser.is_whole();) {
    const size_t used = parser.put(left.substr(0, given));
    left.remove_prefix(used);
    given -= used;
    if (parser.needs_more() || given == 0) {
      if (given == left.size()) break;
      given = std::min(given + step, left.size());
    }
  }
  bytes = left;
}

TEST(RequestParser, ReadsTheSameHoweverTheBytesCome) {
  for (size_t step = 1; step <= kInPieces.size() + 4; ++step) {
    RequestParser parser;
    std::string bytes = kInPieces + "GET ";
    put_all(parser, bytes, step);
    ASSERT_TRUE(parser.is_whole()) << step;
    EXPECT_EQ(bytes, "GET ") << "which is the next request's";
    const Request head = parser.head();
    EXPECT_EQ(head.method, "PUT");
    EXPECT_EQ(head.target, "/a?b");
    EXPECT_EQ(head.headers.get("x-odd"), "y");
    EXPECT_EQ(parser.version(), 11u);
    EXPECT_TRUE(parser.keep_alive());
    EXPECT_EQ(parser.content_length(), std::nullopt);
    EXPECT_EQ(parser.take_body(), "hello, world");
  }
}

TEST(RequestParser, StopsBehindTheHead) {
  RequestParser parser;
  const std::string head = "POST / HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n";
  EXPECT_EQ(parser.put(head + "abc"), head.size());
  EXPECT_TRUE(parser.has_head());
  EXPECT_FALSE(parser.is_whole());
  EXPECT_FALSE(parser.keep_alive());
  EXPECT_TRUE(parser.expects_continue());
  EXPECT_EQ(parser.content_length(), 3u);
}

TEST(RequestParser, LimitsTheBody) {
  RequestParser announced;
  announced.put("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n");
  EXPECT_FALSE(announced.limit_body(3));
  ASSERT_TRUE(announced.fault());
  EXPECT_EQ(announced.fault()->status, 413);
  EXPECT_THAT(announced.fault()->reason, HasSubstr("3 bytes"));

  for (const size_t limit : {11u, 12u}) {
    RequestParser in_pieces;
    std::string bytes = kInPieces;
    bytes.erase(0, in_pieces.put(bytes));
    ASSERT_TRUE(in_pieces.limit_body(limit));
    put_all(in_pieces, bytes, bytes.size());
    EXPECT_EQ(in_pieces.is_whole(), limit == 12) << limit;
    EXPECT_EQ(in_pieces.fault() ? in_pieces.fault()->status : 0, limit == 12 ? 0 : 413) << limit;
  }
}

TEST(RequestParser, SaysWhatIsWrong) {
  const std::vector<std::tuple<std::string, int, std::string>> cases = {
      {"nonsense\r\n\r\n", 400, "not HTTP"},
      {"GET / HTTP/1.1\r\n\r\n", 400, "no Host"},
      {"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "chunked"},
      {"GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(kHeaderLimit, 'x'), 431, "headers"},
  };
  for (const auto& [bytes, status, reason] : cases) {
    RequestParser parser;
    std::string left = bytes;
    put_all(parser, left, 100);
    ASSERT_TRUE(parser.fault()) << bytes;
    EXPECT_EQ(parser.fault()->status, status);
    EXPECT_THAT(parser.fault()->reason, HasSubstr(reason));
  }
}

TEST(RequestParser, SeesThatTheEndIsMissing) {
  for (const char* bytes : {"GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab"}) {
    RequestParser parser;
    EXPECT_FALSE(parser.has_begun());
    std::string left = bytes;
    put_all(parser, left, left.size());
    EXPECT_TRUE(parser.has_begun());
    EXPECT_FALSE(parser.fault());
    parser.put_end();
    ASSERT_TRUE(parser.fault()) << bytes;
    EXPECT_EQ(parser.fault()->status, 400);
  }
}

}  // namespace
}  // namespace muster::http
