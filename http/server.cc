#include "http/server.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "base/contain.h"
#include "base/kill_point.h"
#include "base/worker_pool.h"
#include "http/beast_request.h"

namespace muster::http {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = net::ip::tcp;
using net::awaitable;

constexpr auto kAsTuple = net::as_tuple(net::use_awaitable);
constexpr size_t kFirstRead = 4 << 10;  // bytes asked for while a connection is idle
constexpr auto kHandshakeTimeout = std::chrono::seconds(10);
constexpr auto kGoodbyeTimeout =
    std::chrono::milliseconds(200);                      // for the TLS farewell, which many never send
constexpr auto kDrainTimeout = std::chrono::seconds(5);  // reading what a refused client still sends
constexpr auto kAcceptPause = std::chrono::milliseconds(50);
constexpr size_t kFilePiece = 64 << 10;
constexpr size_t kDrainLimit = 64 << 20;

// Nobody is there to answer: the connection ended, or was cut for being late.
bool is_gone(beast::error_code error) {
  return error == bhttp::error::end_of_stream || error == beast::error::timeout ||
         error.category() == net::error::get_system_category();
}

bhttp::response<bhttp::string_body> to_message(Response&& response, unsigned version, bool keep_alive) {
  bhttp::response<bhttp::string_body> message;
  message.version(version);
  message.result(static_cast<unsigned>(response.status));
  for (const auto& [name, value] : response.headers) message.insert(name, value);
  message.body() = std::move(response.body);
  message.keep_alive(keep_alive);
  message.prepare_payload();
  return message;
}

}  // namespace

// Threads: one for all input and output (io_), and a pool for handlers. What the sessions share lives on the
// io thread, except `queued_`, and `finished_` with its count, which stop() waits on.
class BeastServer final : public Server {
 public:
  BeastServer(ServerOptions options, std::function<Response(const Request&)> handler)
      : options_(std::move(options)), handler_(std::move(handler)), workers_(options_.workers) {}

  ~BeastServer() override { stop(std::chrono::milliseconds(0)); }

  Result<> listen() {
    if (options_.tls) MUSTER_TRY(load_tls());
    beast::error_code error;
    const std::string host = options_.address.host == "localhost" ? "127.0.0.1" : options_.address.host;
    const auto address =
        host.empty() ? net::ip::address(net::ip::address_v6::any()) : net::ip::make_address(host, error);
    if (error) return failure(Code::invalid, "\"" + options_.address.host + "\" is not an IP address");
    tcp::endpoint endpoint(address, options_.address.port);
    acceptor_.open(endpoint.protocol(), error);
    if (error && host.empty()) {  // a machine without IPv6
      endpoint = tcp::endpoint(net::ip::address_v4::any(), options_.address.port);
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
                     fmt::format("cannot listen on {}:{}: {}", options_.address.host, options_.address.port,
                                 error.message()),
                     in_use ? "Another program uses this port: stop it, or choose another port" : "");
    }
    port_ = acceptor_.local_endpoint().port();
    net::co_spawn(io_, accept_loop(), net::detached);
    thread_ = std::thread([this] {
      while (!contain(Place::handler, [this] { io_.run(); })) {
      }
    });
    return {};
  }

  unsigned short port() const override { return port_; }

  void stop(std::chrono::milliseconds grace) override {
    if (!thread_.joinable()) return;
    net::post(io_, [this] {
      stopping_ = true;
      beast::error_code ignored;
      acceptor_.close(ignored);
      for (auto* connection : connections_)
        if (!connection->busy) connection->stream.close();
    });
    {
      std::unique_lock lock(finish_mutex_);
      finished_.wait_for(lock, grace, [this] { return accept_ended_ && open_ == 0; });
    }
    io_.stop();
    thread_.join();
    // What was not done in time, nor perhaps even begun, ends here: nobody may go on connecting or waiting.
    beast::error_code ignored;
    acceptor_.close(ignored);
    for (auto* connection : connections_) connection->stream.close();
    workers_.join();
  }

 private:
  // What stop() must know of a connection. Lives in its session's coroutine frame; io thread only.
  struct Connection {
    Connection(BeastServer& owner, beast::tcp_stream& tcp) : server(owner), stream(tcp) {
      server.connections_.insert(this);
    }
    ~Connection() { server.connections_.erase(this); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    BeastServer& server;
    beast::tcp_stream& stream;
    bool busy = false;  // a request has begun and its answer is not written yet
  };

  Result<> load_tls() {
    tls_.emplace(net::ssl::context::tls_server);
    beast::error_code error;
    tls_->set_options(net::ssl::context::default_workarounds | net::ssl::context::no_sslv3 |
                          net::ssl::context::no_tlsv1 | net::ssl::context::no_tlsv1_1,
                      error);
    tls_->use_certificate_chain_file(options_.tls->certificate, error);
    if (error)
      return failure(Code::invalid,
                     "cannot use the TLS certificate " + options_.tls->certificate + ": " + error.message(),
                     "It must be a readable PEM file");
    tls_->use_private_key_file(options_.tls->key, net::ssl::context::pem, error);
    if (error)
      return failure(Code::invalid, "cannot use the TLS key " + options_.tls->key + ": " + error.message(),
                     "It must be a readable PEM file with the key of the certificate");
    return {};
  }

  awaitable<void> accept_loop() {
    while (!stopping_) {
      bool counted = false;  // and nobody serves it yet
      try {
        auto [error, socket] = co_await acceptor_.async_accept(kAsTuple);
        if (stopping_) break;
        if (error) {  // out of descriptors, most likely: give others time to end
          net::steady_timer pause(io_, kAcceptPause);
          co_await pause.async_wait(kAsTuple);
          continue;
        }
        if (connections_.size() >= options_.connection_limit) continue;  // closes it
        beast::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        count_open(1);
        counted = true;
        net::co_spawn(io_, serve_connection(std::move(socket)), net::detached);
      } catch (...) {
        contained(Place::handler, std::current_exception(), "accepting a connection");
        if (counted) count_open(-1);
        std::this_thread::sleep_for(kAcceptPause);  // a timer would need what is lacking, most likely memory
      }
    }
    std::lock_guard lock(finish_mutex_);
    accept_ended_ = true;
    finished_.notify_all();
  }

  awaitable<void> serve_connection(tcp::socket socket) {
    try {
      if (tls_) {
        beast::ssl_stream<beast::tcp_stream> stream(beast::tcp_stream(std::move(socket)), *tls_);
        Connection connection(*this, beast::get_lowest_layer(stream));
        beast::get_lowest_layer(stream).expires_after(kHandshakeTimeout);
        auto [error] = co_await stream.async_handshake(net::ssl::stream_base::server, kAsTuple);
        if (!error) {
          co_await serve_requests(stream, connection);
          beast::get_lowest_layer(stream).expires_after(kGoodbyeTimeout);
          co_await stream.async_shutdown(kAsTuple);
        }
      } else {
        beast::tcp_stream stream(std::move(socket));
        Connection connection(*this, stream);
        co_await serve_requests(stream, connection);
        beast::error_code ignored;
        stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
      }
    } catch (...) {
      contained(Place::handler, std::current_exception(), "a connection");
    }
    count_open(-1);
  }

  void count_open(int change) {
    std::lock_guard lock(finish_mutex_);
    open_ += change;
    finished_.notify_all();
  }

  template <class Stream>
  awaitable<void> serve_requests(Stream& stream, Connection& connection) {
    auto& lowest = beast::get_lowest_layer(stream);
    beast::error_code ignored;
    const auto remote = lowest.socket().remote_endpoint(ignored);
    const std::string peer = ignored ? "?" : remote.address().to_string();
    beast::flat_buffer buffer;
    while (!stopping_) {
      bhttp::request_parser<bhttp::string_body> parser;
      parser.header_limit(kHeaderLimit);
      parser.body_limit(options_.body_limit);

      if (buffer.size() == 0) {
        lowest.expires_after(options_.idle_timeout);
        auto [error, n] = co_await stream.async_read_some(buffer.prepare(kFirstRead), kAsTuple);
        if (error) co_return;
        buffer.commit(n);
      }
      connection.busy = true;
      lowest.expires_after(options_.read_timeout);
      auto [error, unused] = co_await bhttp::async_read_header(stream, buffer, parser, kAsTuple);
      if (!error) {
        if (beast::iequals(parser.get()[bhttp::field::expect], "100-continue"))
          co_await net::async_write(stream, net::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")),
                                    kAsTuple);
        auto [body_error, unused_too] = co_await bhttp::async_read(stream, buffer, parser, kAsTuple);
        error = body_error;
      }
      if (error && is_gone(error)) co_return;
      if (error) {
        co_await refuse(stream, buffer, error, connection);
        co_return;
      }

      const bool wants_keep_alive = parser.keep_alive();
      const unsigned version = parser.get().version();
      Request request = to_request(parser.release(), peer);
      const bool is_head = request.method == "HEAD";
      Response response;
      if (auto parsed = parse_target(request.target, request.path, request.query); !parsed)
        response = options_.refuse(400, parsed.error().message);
      else if (queued_ >= options_.queue_limit)
        response = options_.refuse(503, "too many requests are waiting");
      else
        response = co_await call_handler(std::move(request));

      lowest.expires_after(options_.write_timeout);
      if (response.delivery != Response::Delivery::whole) {
        co_await misdeliver(stream, std::move(response));
        co_return;
      }
      if (response.file) {
        co_await send_file(stream, std::move(response), version, is_head);
        co_return;
      }
      const bool keep_alive = wants_keep_alive && !stopping_;
      auto message = to_message(std::move(response), version, keep_alive);
      if (is_head) message.body().clear();  // its length stays announced
      auto [write_error, written] = co_await bhttp::async_write(stream, message, kAsTuple);
      connection.busy = false;
      if (write_error || !keep_alive) co_return;
    }
  }

  awaitable<Response> call_handler(Request request) {
    ++queued_;
    auto start = [this](auto done, Request taken) {
      // std::function must be copied, and what Asio gives cannot be.
      auto shared = std::make_shared<decltype(done)>(std::move(done));
      workers_.post([this, shared, taken = std::move(taken)] {
        --queued_;
        (void)contain(Place::handler, [&] {
          auto response = std::make_shared<Response>(handle(taken));
          auto executor = net::get_associated_executor(*shared);
          net::post(executor, [shared, response] { std::move (*shared)(std::move(*response)); });
        });
      });
    };
    co_return co_await net::async_initiate<const net::use_awaitable_t<>&, void(Response)>(
        std::move(start), net::use_awaitable, std::move(request));
  }

  Response handle(const Request& request) {
    auto response = contain(
        Place::handler,
        [&] {
          kill_point("handler");
          return handler_(request);
        },
        [&] { return request.method + " " + request.path; });
    if (response) return *std::move(response);
    return options_.refuse(500, "internal error");
  }

  // Answers a request that could not be read, then reads on for a while: closing at once would reset the
  // connection and the client, still sending, would never see why.
  template <class Stream>
  awaitable<void> refuse(Stream& stream, beast::flat_buffer& buffer, beast::error_code reason,
                         Connection& connection) {
    Response response;
    if (reason == bhttp::error::body_limit)
      response =
          options_.refuse(413, fmt::format("the body is over the limit of {} bytes", options_.body_limit));
    else if (reason == bhttp::error::header_limit)
      response =
          options_.refuse(431, fmt::format("the headers are over the limit of {} bytes", kHeaderLimit));
    else
      response = options_.refuse(400, "the request is not HTTP: " + reason.message());

    auto& lowest = beast::get_lowest_layer(stream);
    lowest.expires_after(kDrainTimeout);
    const auto message = to_message(std::move(response), 11, false);
    auto [error, written] = co_await bhttp::async_write(stream, message, kAsTuple);
    if (error) co_return;
    connection.busy = false;
    beast::error_code ignored;
    lowest.socket().shutdown(tcp::socket::shutdown_send, ignored);
    for (size_t drained = 0; drained < kDrainLimit;) {
      buffer.clear();
      auto [read_error, n] = co_await lowest.async_read_some(buffer.prepare(64 << 10), kAsTuple);
      if (read_error) co_return;
      drained += n;
    }
  }

  // Piece by piece, each with the time limit of a whole answer: a large file may take long, a client that takes
  // nothing may not. Ends the connection.
  template <class Stream>
  awaitable<void> send_file(Stream& stream, Response response, unsigned version, bool head_only) {
    const auto file = std::move(response.file);
    auto message = to_message(std::move(response), version, false);
    message.content_length(file->size());
    bhttp::response_serializer<bhttp::string_body> serializer(message);
    auto [error, header] = co_await bhttp::async_write_header(stream, serializer, kAsTuple);
    std::vector<char> piece(kFilePiece);
    for (std::uint64_t sent = 0; !error && !head_only && sent < file->size();) {
      const size_t n = file->read(sent, piece.data(), piece.size());
      if (n == 0) break;  // the client sees that bytes are missing
      beast::get_lowest_layer(stream).expires_after(options_.write_timeout);
      auto [piece_error, written] = co_await net::async_write(stream, net::buffer(piece.data(), n), kAsTuple);
      error = piece_error;
      sent += n;
    }
  }

  template <class Stream>
  awaitable<void> misdeliver(Stream& stream, Response response) {
    auto& lowest = beast::get_lowest_layer(stream);
    if (response.delivery == Response::Delivery::cut) {
      std::string raw =
          fmt::format("HTTP/1.1 {} Cut\r\nContent-Length: {}\r\n", response.status, response.body.size());
      for (const auto& [name, value] : response.headers) raw += name + ": " + value + "\r\n";
      raw += "\r\n" + response.body.substr(0, response.body.size() / 2);
      co_await net::async_write(stream, net::buffer(raw), kAsTuple);
    }
    beast::error_code ignored;
    lowest.socket().set_option(net::socket_base::linger(true, 0), ignored);  // close as a reset
    lowest.close();
  }

  // Constant after construction.
  const ServerOptions options_;
  const std::function<Response(const Request&)> handler_;

  // io thread only. Stand before io_: it destroys the coroutines that are left, and they take themselves off.
  bool stopping_ = false;
  std::set<Connection*> connections_;

  net::io_context io_{1};
  std::optional<net::ssl::context> tls_;
  tcp::acceptor acceptor_{io_};
  unsigned short port_ = 0;
  WorkerPool workers_;
  std::thread thread_;
  std::atomic<size_t> queued_{0};

  std::mutex finish_mutex_;
  std::condition_variable finished_;
  int open_ = 0;               // connections; guarded by finish_mutex_
  bool accept_ended_ = false;  // guarded by finish_mutex_
};

Result<std::unique_ptr<Server>> Server::start(ServerOptions options,
                                              std::function<Response(const Request&)> handler) {
  if (!options.refuse)
    options.refuse = [](int status, const std::string& reason) {
      return Response{.status = status, .headers = {{"Content-Type", "text/plain"}}, .body = reason + "\n"};
    };
  auto server = std::make_unique<BeastServer>(std::move(options), std::move(handler));
  MUSTER_TRY(server->listen());
  return server;
}

}  // namespace muster::http
