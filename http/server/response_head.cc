#include "http/server/response_head.h"

#include <fmt/format.h>

#include <boost/beast/http/status.hpp>

#include "base/text/strings.h"

namespace muster::http {
namespace {

namespace bhttp = boost::beast::http;

bool is_framing(std::string_view name) {
  return equals_ignoring_case(name, "Connection") || equals_ignoring_case(name, "Content-Length") ||
         equals_ignoring_case(name, "Transfer-Encoding");
}

}  // namespace

std::string response_head(const Response& response, const Framing& framing,
                          std::initializer_list<const Headers*> usual) {
  const auto reason = bhttp::obsolete_reason(bhttp::int_to_status(static_cast<unsigned>(response.status)));
  std::string head = fmt::format("HTTP/1.{} {} {}\r\n", framing.version % 10, response.status,
                                 std::string_view(reason.data(), reason.size()));
  const auto add = [&](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  for (const auto& [name, value] : response.headers)
    if (!is_framing(name)) add(name, value);
  for (const Headers* fields : usual) {
    if (!fields) continue;
    for (const auto& [name, value] : *fields)
      if (!response.headers.has(name)) add(name, value);
  }
  if (framing.version == 11 && !framing.keep_alive) add("Connection", "close");
  if (framing.version == 10 && framing.keep_alive) add("Connection", "keep-alive");
  constexpr int kNoContent = 204;  // has no length, not even 0 (RFC 9110 section 8.6)
  if (framing.length && response.status != kNoContent) add("Content-Length", std::to_string(*framing.length));
  if (framing.in_chunks) add("Transfer-Encoding", "chunked");
  return head += "\r\n";
}

}  // namespace muster::http
