// The port that a server listens on.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include "base/result.h"
#include "http/url.h"

namespace muster::http {

using boost::asio::awaitable;

class Listener {
 public:
  explicit Listener(boost::asio::io_context& io) : acceptor_(io) {}

  /// Code::conflict when the address is in use, Code::invalid when it cannot be used.
  Result<> open(const Address& address);
  unsigned short port() const { return port_; }
  /// The next connection; nothing when there is none to be had now, or the port is closed.
  awaitable<std::optional<boost::asio::ip::tcp::socket>> accept();
  void close();

 private:
  boost::asio::ip::tcp::acceptor acceptor_;
  unsigned short port_ = 0;
};

}  // namespace muster::http
