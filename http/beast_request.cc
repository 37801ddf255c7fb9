#include "http/beast_request.h"

namespace muster::http {
namespace {

std::string text(boost::beast::string_view view) { return {view.data(), view.size()}; }

}  // namespace

Request to_request(boost::beast::http::request<boost::beast::http::string_body>&& message, std::string peer) {
  Request request;
  request.method = text(message.method_string());
  request.target = text(message.target());
  for (const auto& field : message) request.headers.add(text(field.name_string()), text(field.value()));
  request.body = std::move(message.body());
  request.peer = std::move(peer);
  return request;
}

}  // namespace muster::http
