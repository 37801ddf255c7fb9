// An HTTP/1.1 server over Boost.Beast: a coroutine a connection, handlers on a pool of workers.
//
// Every step has a limit: header size, body size, the time a request may take to arrive, connections at once,
// and requests waiting for a worker. A handler that throws answers 500 and ends nothing else.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "http/message.h"
#include "http/url.h"

namespace muster::http {

struct TlsFiles {
  std::string certificate;  ///< path of a PEM file: the certificate, then its chain
  std::string key;          ///< path of a PEM file
};

struct ServerOptions {
  Address address;                         ///< port 0 takes a free one, see Server::port()
  std::optional<TlsFiles> tls;             ///< HTTPS when set
  size_t body_limit = 8 << 20;             ///< bytes; a larger body is answered by `refuse` with 413
  std::chrono::seconds read_timeout{30};   ///< for one whole request, once its first byte came
  std::chrono::seconds idle_timeout{60};   ///< between two requests of a connection
  std::chrono::seconds write_timeout{60};  ///< for one whole answer
  size_t connection_limit = 1024;          ///< one more is closed at once
  size_t workers = 8;                      ///< handlers that run at the same time
  size_t queue_limit = 256;  ///< requests waiting for a worker; one more is answered by `refuse`, 503
  /// The answer to a request that never reaches the handler: 400 (unreadable), 413, 431, 503; and 500 for one
  /// whose handler threw. A request that does not arrive in time is cut without an answer.
  std::function<Response(int status, const std::string& reason)> refuse;
};

class Server {
 public:
  /// Listens and serves until stop(). `handler` is called on several threads at once and may block.
  /// Code::conflict when the address is in use, Code::invalid for an address or TLS file that cannot be used.
  static Result<std::unique_ptr<Server>> start(ServerOptions options,
                                               std::function<Response(const Request&)> handler);

  virtual ~Server() = default;

  virtual unsigned short port() const = 0;

  /// Takes no more connections, lets requests under way finish for up to `grace`, then cuts them. Handlers
  /// that block must be woken by their owner. Waits for every thread of the server.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace muster::http
