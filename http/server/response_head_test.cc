#include "http/server/response_head.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

TEST(ResponseHead, HasTheHeadersInOrderAndThenTheFraming) {
  const Response response{.status = 404, .headers = {{"X-B", "1"}, {"X-A", ""}, {"X-B", "2"}}};
  EXPECT_EQ(response_head(response, {.keep_alive = true, .length = 5}),
            "HTTP/1.1 404 Not Found\r\nX-B: 1\r\nX-A: \r\nX-B: 2\r\nContent-Length: 5\r\n\r\n");
}

TEST(ResponseHead, SaysWhatBecomesOfTheConnection) {
  const Response response;
  EXPECT_EQ(response_head(response, {.keep_alive = true}), "HTTP/1.1 200 OK\r\n\r\n");
  EXPECT_EQ(response_head(response, {.keep_alive = false}), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(response_head(response, {.version = 10, .keep_alive = true}),
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(response_head(response, {.version = 10, .keep_alive = false}), "HTTP/1.0 200 OK\r\n\r\n");
}

TEST(ResponseHead, HasTheUsualFieldsUnlessTheAnswerHasItsOwn) {
  const Headers usual{{"X-A", "usual"}, {"X-B", "usual"}};
  EXPECT_EQ(response_head({.headers = {{"x-a", "own"}}}, {.keep_alive = true}, {&usual, nullptr}),
            "HTTP/1.1 200 OK\r\nx-a: own\r\nX-B: usual\r\n\r\n");
}

TEST(ResponseHead, LetsNoHandlerSayWhereItsBodyEnds) {
  const Response response{
      .headers = {{"content-length", "7"}, {"Transfer-Encoding", "gzip"}, {"connection", "close"}}};
  EXPECT_EQ(response_head(response, {.keep_alive = true, .in_chunks = true}),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
}

}  // namespace
}  // namespace muster::http
