#include "http/server/listener.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace muster::http {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

Result<> Listener::open(const Address& wanted) {
  error_code error;
  const std::string host = wanted.host == "localhost" ? "127.0.0.1" : wanted.host;
  const auto address =
      host.empty() ? net::ip::address(net::ip::address_v6::any()) : net::ip::make_address(host, error);
  if (error) return failure(Code::invalid, "\"" + wanted.host + "\" is not an IP address");
  tcp::endpoint endpoint(address, wanted.port);
  acceptor_.open(endpoint.protocol(), error);
  if (error && host.empty()) {  // a machine without IPv6
    endpoint = tcp::endpoint(net::ip::address_v4::any(), wanted.port);
    acceptor_.open(endpoint.protocol(), error);
  }
  if (!error) acceptor_.set_option(net::socket_base::reuse_address(true), error);
  if (!error && host.empty() && endpoint.protocol() == tcp::v6())
    acceptor_.set_option(net::ip::v6_only(false), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(net::socket_base::max_listen_connections, error);
  if (error) {
    const bool in_use = error == net::error::address_in_use;
    return failure(in_use ? Code::conflict : Code::invalid,
                   fmt::format("cannot listen on {}:{}: {}", wanted.host, wanted.port, error.message()),
                   in_use ? "Another program uses this port: stop it, or choose another port" : "");
  }
  port_ = acceptor_.local_endpoint().port();
  return {};
}

awaitable<std::optional<tcp::socket>> Listener::accept() {
  auto [error, socket] = co_await acceptor_.async_accept(net::as_tuple(net::use_awaitable));
  if (error) co_return std::nullopt;
  co_return std::move(socket);
}

void Listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
}

}  // namespace muster::http
