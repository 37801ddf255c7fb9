#include "tests/e2e/world/raw_call.h"

#include <fmt/format.h>

#include <stdexcept>

#include "base/text/encoding.h"
#include "tests/e2e/world/described_api.h"
#include "tests/support/raw_connection.h"

namespace muster::test {

http::Response send_raw(unsigned short port, const std::string& bytes) {
  RawConnection connection(port);
  connection.send(bytes);
  const std::string all = connection.read_all();
  const size_t end = all.find("\r\n\r\n");
  if (!all.starts_with("HTTP/1.1 ") || end == std::string::npos)
    throw std::runtime_error("no HTTP answer: " + all);
  http::Response response;
  response.status = std::stoi(all.substr(9, 3));
  response.body = all.substr(end + 4);
  for (size_t at = all.find("\r\n") + 2; at < end;) {
    const size_t line_end = all.find("\r\n", at);
    const std::string line = all.substr(at, line_end - at);
    const size_t colon = line.find(": ");
    response.headers.add(line.substr(0, colon), line.substr(colon + 2));
    at = line_end + 2;
  }
  return response;
}

http::Response call_as_mdmctl(unsigned short port, const std::string& method, const std::string& path,
                              const std::string& json, const std::string& key) {
  std::string bytes = fmt::format(
      "{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nUser-Agent: Go-http-client/1.1\r\n", method, path, port);
  if (!json.empty()) bytes += "Transfer-Encoding: chunked\r\n";
  if (!key.empty()) bytes += "Authorization: Basic " + base64_encode("micromdm:" + key) + "\r\n";
  if (!json.empty()) bytes += "Content-Type: application/json; charset=utf-8\r\n";
  bytes += "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n";
  if (!json.empty()) bytes += fmt::format("{:x}\r\n{}\n\r\n0\r\n\r\n", json.size() + 1, json);
  auto answer = send_raw(port, bytes);
  expect_as_described(method, path, answer);
  return answer;
}

}  // namespace muster::test
