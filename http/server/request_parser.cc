#include "http/server/request_parser.h"

#include <fmt/format.h>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "http/server/request_check.h"

namespace muster::http {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

namespace {

std::string text(beast::string_view view) { return {view.data(), view.size()}; }

RequestFault fault_for(const beast::error_code& error, size_t body_limit) {
  if (error == bhttp::error::body_limit)
    return {413, fmt::format("the body is over the limit of {} bytes", body_limit)};
  if (error == bhttp::error::header_limit)
    return {431, fmt::format("the headers are over the limit of {} bytes", kHeaderLimit)};
  return {400, "the request is not HTTP: " + error.message()};
}

}  // namespace

struct RequestParser::Parser : bhttp::request_parser<bhttp::string_body> {};

RequestParser::RequestParser() : parser_(std::make_unique<Parser>()) {
  parser_->header_limit(kHeaderLimit);
  parser_->body_limit(boost::none);
}

RequestParser::~RequestParser() = default;

size_t RequestParser::put(std::string_view bytes) {
  const bool had_head = has_head();
  beast::error_code error;
  const size_t used = parser_->put({bytes.data(), bytes.size()}, error);
  needs_more_ = error == bhttp::error::need_more;
  if (error && !needs_more_)
    fault_ = fault_for(error, body_limit_);
  else if (!had_head && has_head())
    fault_ = fault_of(parser_->get());
  return used;
}

void RequestParser::put_end() {
  beast::error_code error;
  parser_->put_eof(error);
  if (error) fault_ = fault_for(error, body_limit_);
}

bool RequestParser::has_begun() const { return parser_->got_some(); }
bool RequestParser::has_head() const { return parser_->is_header_done(); }
bool RequestParser::is_whole() const { return parser_->is_done(); }

unsigned RequestParser::version() const { return parser_->get().version(); }
bool RequestParser::keep_alive() const { return parser_->keep_alive(); }

bool RequestParser::expects_continue() const {
  return beast::iequals(parser_->get()[bhttp::field::expect], "100-continue");
}

std::optional<std::uint64_t> RequestParser::content_length() const {
  const auto length = parser_->content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

Request RequestParser::head() const {
  const auto& head = parser_->get();
  Request request;
  request.method = text(head.method_string());
  request.target = text(head.target());
  for (const auto& field : head) request.headers.add(text(field.name_string()), text(field.value()));
  return request;
}

bool RequestParser::limit_body(size_t limit) {
  body_limit_ = limit;
  parser_->body_limit(limit);
  if (content_length().value_or(0) > limit) fault_ = fault_for(bhttp::error::body_limit, limit);
  return !fault_;
}

std::string RequestParser::take_body() { return std::move(parser_->get().body()); }

}  // namespace muster::http
