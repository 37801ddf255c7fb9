#include "http/server/beast_request.h"

namespace muster::http {
namespace {

std::string text(boost::beast::string_view view) { return {view.data(), view.size()}; }

}  // namespace

Request to_request(const boost::beast::http::request_header<>& head, std::string peer) {
  Request request;
  request.method = text(head.method_string());
  request.target = text(head.target());
  for (const auto& field : head) request.headers.add(text(field.name_string()), text(field.value()));
  request.peer = std::move(peer);
  return request;
}

}  // namespace muster::http
