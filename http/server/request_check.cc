#include "http/server/request_check.h"

#include <boost/beast/core/string.hpp>
#include <iterator>

namespace muster::http {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

std::optional<RequestFault> fault_of(const bhttp::request_header<>& head) {
  const bool is_http_1_1 = head.version() == 11;
  const auto count = [&](bhttp::field name) {
    const auto [begin, end] = head.equal_range(name);
    return std::distance(begin, end);
  };
  const auto hosts = count(bhttp::field::host);
  if (is_http_1_1 && hosts != 1)
    return RequestFault{400,
                        hosts == 0 ? "the request has no Host header" : "the request has two Host headers"};
  const auto codings = count(bhttp::field::transfer_encoding);
  if (codings == 0) return std::nullopt;
  if (!is_http_1_1) return RequestFault{400, "Transfer-Encoding needs HTTP/1.1"};
  if (count(bhttp::field::content_length) > 0)
    return RequestFault{400, "the request has both Transfer-Encoding and Content-Length"};
  if (codings > 1 || !beast::iequals(head[bhttp::field::transfer_encoding], "chunked"))
    return RequestFault{501, "the only Transfer-Encoding that is understood is chunked"};
  return std::nullopt;
}

}  // namespace muster::http
