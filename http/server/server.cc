#include "http/server/server.h"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
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

#include "base/log/log.h"
#include "base/os/kill_point.h"
#include "base/threads/background.h"
#include "base/threads/contain.h"
#include "base/threads/wanted.h"
#include "base/threads/worker_pool.h"
#include "http/server/beast_request.h"
#include "http/server/beast_response.h"
#include "http/server/request_check.h"
#include "http/server/tls_context.h"

namespace muster::http {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = net::ip::tcp;
using net::awaitable;

constexpr auto kAsTuple = net::as_tuple(net::use_awaitable);
constexpr size_t kFirstRead = 4 << 10;  // bytes asked for while a connection is idle
constexpr size_t kBodyRead = 64 << 10;  // and of a body
constexpr auto kLookForClients =
    std::chrono::milliseconds(250);  // that hung up while their request is worked on
constexpr auto kHandshakeTimeout = std::chrono::seconds(10);
constexpr auto kGoodbyeTimeout =
    std::chrono::milliseconds(200);                      // for the TLS farewell, which many never send
constexpr auto kDrainTimeout = std::chrono::seconds(5);  // reading what a refused client still sends
constexpr auto kAcceptPause = std::chrono::milliseconds(50);
constexpr size_t kFilePiece = 64 << 10;
constexpr int kUnsent = 128 << 10;
// Of a body that is refused, so much is read; more is left in the kernel's hands, which makes the client wait. A program that
// sends all before it reads gets to see the reason, where it was admitted.
constexpr size_t kDrainOfStrangers = 256 << 10, kDrainOfAdmitted = 64 << 20;

// Nobody is there to answer: the connection ended, or was cut for being late.
bool is_gone(beast::error_code error) {
  return error == bhttp::error::end_of_stream || error == beast::error::timeout ||
         error.category() == net::error::get_system_category();
}

// Whether the other side has ended its half of the connection, as a client does that hangs up. What it sent before may still
// be unread.
bool hung_up(int socket) {
  pollfd look{.fd = socket, .events = POLLRDHUP, .revents = 0};
  return ::poll(&look, 1, 0) > 0 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

// Threads: one for all input and output (io_), and a pool for handlers. What the sessions share lives on the
// io thread, except `queued_`, and `finished_` with its count, which stop() waits on.
class BeastServer final : public Server {
 public:
  BeastServer(ServerOptions options, std::function<Response(const Request&)> handler)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        connections_(options_.connections, *options_.counts),
        workers_(options_.workers),
        streaming_(options_.streams, work_in_background) {}

  ~BeastServer() override { stop(std::chrono::milliseconds(0)); }

  Result<> listen() {
    if (options_.tls) {
      MUSTER_TRY(tls_, load_tls(*options_.tls));
    }
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

  Result<> reload_tls() override {
    if (!options_.tls) return {};
    MUSTER_TRY(auto loaded, load_tls(*options_.tls));
    net::post(io_, [this, loaded = std::move(loaded)]() mutable { tls_ = std::move(loaded); });
    return {};
  }

  void stop(std::chrono::milliseconds grace) override {
    if (!thread_.joinable()) return;
    net::post(io_, [this] {
      stopping_ = true;
      beast::error_code ignored;
      acceptor_.close(ignored);
      connections_.close_waiting();
    });
    {
      std::unique_lock lock(finish_mutex_);
      finished_.wait_for(lock, grace, [this] { return accept_ended_ && open_ == 0; });
    }
    ends_.request_stop();
    io_.stop();
    thread_.join();
    // What was not done in time, nor perhaps even begun, ends here: nobody may go on connecting or waiting.
    beast::error_code ignored;
    acceptor_.close(ignored);
    connections_.close_all();
    workers_.join();
    streaming_.join();
  }

 private:
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
        beast::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        // Else the kernel keeps megabytes for a slow client, and does not say that it takes something for as long.
        socket.set_option(net::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>(kUnsent),
                          ignored);
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
      beast::error_code ignored;
      const auto remote = socket.remote_endpoint(ignored);
      const std::string peer = ignored ? "?" : remote.address().to_string();
      if (tls_) {
        const auto tls = tls_;  // of this connection, also when another certificate comes
        beast::ssl_stream<beast::tcp_stream> stream(beast::tcp_stream(std::move(socket)), *tls);
        auto& lowest = beast::get_lowest_layer(stream);
        const auto place = connections_.admit(peer, [&] { lowest.close(); });
        if (place) {
          lowest.expires_after(kHandshakeTimeout);
          auto [error] = co_await stream.async_handshake(net::ssl::stream_base::server, kAsTuple);
          if (!error) {
            co_await serve_requests(stream, *place, peer);
            lowest.expires_after(kGoodbyeTimeout);
            co_await stream.async_shutdown(kAsTuple);
          }
        }
      } else {
        beast::tcp_stream stream(std::move(socket));
        const auto place = connections_.admit(peer, [&] { stream.close(); });
        if (place) {
          co_await serve_requests(stream, *place, peer);
          stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
        }
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

  // The bytes of a request's body, or those that it may have, for as long as it is worked on.
  class BodyRoom {
   public:
    BodyRoom(BeastServer& server, size_t size) : server_(server), size_(size) { server_.bodies_ += size_; }
    ~BodyRoom() { server_.bodies_ -= size_; }
    BodyRoom(const BodyRoom&) = delete;
    BodyRoom& operator=(const BodyRoom&) = delete;

   private:
    BeastServer& server_;
    const size_t size_;
  };

  template <class Stream>
  awaitable<void> serve_requests(Stream& stream, Connections::Place& place, const std::string& peer) {
    auto& lowest = beast::get_lowest_layer(stream);
    beast::flat_buffer buffer;
    while (!stopping_) {
      bhttp::request_parser<bhttp::string_body> parser;
      parser.header_limit(kHeaderLimit);
      parser.body_limit(boost::none);  // told of behind the head

      if (buffer.size() == 0) {
        lowest.expires_after(options_.idle_timeout);
        auto [error, n] = co_await stream.async_read_some(buffer.prepare(kFirstRead), kAsTuple);
        if (error) co_return;
        buffer.commit(n);
      }
      lowest.expires_after(options_.read_timeout);
      auto [error, unused] = co_await bhttp::async_read_header(stream, buffer, parser, kAsTuple);
      if (error && is_gone(error)) co_return;
      if (error) {
        co_await refuse(stream, buffer, refusal_for(error), place, kDrainOfStrangers);
        co_return;
      }
      if (const auto fault = fault_of(parser.get())) {
        co_await refuse(stream, buffer, options_.refuse(fault->status, fault->reason), place,
                        kDrainOfStrangers);
        co_return;
      }
      place.works();
      const bool wants_keep_alive = parser.keep_alive();
      const unsigned version = parser.get().version();
      Request request = to_request(parser.get(), peer);
      const bool is_head = request.method == "HEAD";
      const auto parsed = parse_target(request.target, request.path, request.query);

      std::optional<BodyRoom> room;
      if (!parser.is_done()) {
        if (auto refusal = refuse_body(parser, request, parsed)) {
          co_await refuse(stream, buffer, std::move(*refusal), place, kDrainOfStrangers);
          co_return;
        }
        if (parser.content_length().value_or(0) > options_.body_limit) {
          co_await refuse(stream, buffer, refusal_for(bhttp::error::body_limit), place, kDrainOfAdmitted);
          co_return;
        }
        parser.body_limit(options_.body_limit);
        room.emplace(*this, size_of_body(parser));
        if (beast::iequals(parser.get()[bhttp::field::expect], "100-continue"))
          co_await net::async_write(stream, net::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")),
                                    kAsTuple);
        buffer.reserve(kBodyRead);
        auto [body_error, unused_too] = co_await bhttp::async_read(stream, buffer, parser, kAsTuple);
        if (body_error && is_gone(body_error)) co_return;
        if (body_error) {
          co_await refuse(stream, buffer, refusal_for(body_error), place, kDrainOfAdmitted);
          co_return;
        }
        request.body = std::move(parser.get().body());
      }

      Response response;
      if (!parsed) {
        response = options_.refuse(400, parsed.error().message);
      } else if (queued_ >= options_.queue_limit) {
        ++options_.counts->refused_requests;
        response = options_.refuse(503, "too many requests are waiting");
      } else {
        response = co_await call_handler(std::move(request), lowest.socket().native_handle());
      }
      room.reset();

      if (response.delivery != Response::Delivery::whole) {
        co_await misdeliver(stream, std::move(response));
        co_return;
      }
      if (response.file) {
        co_await send_file(stream, std::move(response), version, is_head);
        co_return;
      }
      const bool keep_alive = wants_keep_alive && !stopping_;
      const bool sent = response.stream
                            ? co_await send_stream(stream, std::move(response), version, keep_alive, is_head)
                            : co_await send_whole(stream, std::move(response), version, keep_alive, is_head);
      if (!sent || !keep_alive) co_return;
      place.waits();
    }
  }

  // The answer to a request whose body is not worth reading.
  template <class Parser>
  std::optional<Response> refuse_body(const Parser& parser, const Request& head, const Result<>& parsed) {
    if (!parsed) return options_.refuse(400, parsed.error().message);
    if (options_.admit) {
      if (auto refusal = options_.admit(head)) return refusal;
    }
    if (bodies_ + size_of_body(parser) > options_.bodies_limit) {
      ++options_.counts->refused_requests;
      return options_.refuse(503, "too much is being uploaded at once; try again later");
    }
    return std::nullopt;
  }

  // In pieces its length is not known before its end.
  template <class Parser>
  size_t size_of_body(const Parser& parser) const {
    const auto length = parser.content_length();
    return length ? static_cast<size_t>(std::min<std::uint64_t>(*length, options_.body_limit))
                  : options_.body_limit;
  }

  Response refusal_for(beast::error_code reason) const {
    if (reason == bhttp::error::body_limit)
      return options_.refuse(413, fmt::format("the body is over the limit of {} bytes", options_.body_limit));
    if (reason == bhttp::error::header_limit)
      return options_.refuse(431, fmt::format("the headers are over the limit of {} bytes", kHeaderLimit));
    return options_.refuse(400, "the request is not HTTP: " + reason.message());
  }

  // A request until its handler is done.
  struct Handling {
    Handling(BeastServer& owner, int descriptor) : server(owner), socket(descriptor) {
      server.handling_.insert(this);
    }
    ~Handling() { server.handling_.erase(this); }
    Handling(const Handling&) = delete;
    Handling& operator=(const Handling&) = delete;

    BeastServer& server;
    const int socket;
    std::stop_source hung_up;
  };

  // A request until a worker takes it, or none can be had.
  class Queued {
   public:
    explicit Queued(std::atomic<size_t>& count) : count_(count) { ++count_; }
    ~Queued() { leave(); }
    Queued(const Queued&) = delete;
    Queued& operator=(const Queued&) = delete;
    void leave() {
      if (!left_.exchange(true)) --count_;
    }

   private:
    std::atomic<size_t>& count_;
    std::atomic<bool> left_{false};
  };

  awaitable<Response> call_handler(Request request, int socket) {
    Handling handling(*this, socket);
    if (!is_looking_) net::co_spawn(io_, look_for_clients(), net::detached);
    // Named: g++ 12 destroys twice what is made within a co_await.
    std::function<Response()> work = [this, request = std::move(request), gone = handling.hung_up.get_token(),
                                      queued = std::make_shared<Queued>(queued_)] {
      queued->leave();
      const Wanted served(ends_.get_token()), wanted(options_.ends, gone);
      return handle(request);
    };
    co_return co_await on_worker(workers_, std::move(work));
  }

  // Who hung up gets no answer: the work for it may end.
  awaitable<void> look_for_clients() {
    is_looking_ = true;
    while (!handling_.empty() && !stopping_) {
      net::steady_timer pause(io_, kLookForClients);
      co_await pause.async_wait(kAsTuple);
      for (Handling* handling : handling_) {
        if (handling->hung_up.stop_requested() || !hung_up(handling->socket)) continue;
        handling->hung_up.request_stop();
        ++options_.counts->abandoned_requests;
      }
    }
    is_looking_ = false;
  }

  // Has a worker call fn(), and goes on with what it gives, or throws when it threw.
  template <class T>
  awaitable<T> on_worker(WorkerPool& pool, std::function<T()> fn) {
    using Outcome = std::shared_ptr<std::optional<T>>;
    auto start = [&pool](auto done, std::function<T()> work) {
      // std::function must be copied, and what Asio gives cannot be.
      auto shared = std::make_shared<decltype(done)>(std::move(done));
      pool.post([shared, work = std::move(work)] {
        auto outcome = std::make_shared<std::optional<T>>();
        (void)contain(Place::handler, [&] { outcome->emplace(work()); });
        auto executor = net::get_associated_executor(*shared);
        net::post(executor, [shared, outcome] { std::move (*shared)(outcome); });
      });
    };
    const Outcome outcome = co_await net::async_initiate<const net::use_awaitable_t<>&, void(Outcome)>(
        std::move(start), net::use_awaitable, std::move(fn));
    if (!*outcome) throw std::runtime_error("there is no answer");
    co_return *std::move(*outcome);
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

  // Answers a request whose body is not read, then reads on for a while: closing at once would reset the connection and the
  // client, still sending, would never see why.
  template <class Stream>
  awaitable<void> refuse(Stream& stream, beast::flat_buffer& buffer, Response response,
                         Connections::Place& place, size_t drain_limit) {
    place.waits();
    auto& lowest = beast::get_lowest_layer(stream);
    lowest.expires_after(kDrainTimeout);
    const auto message = to_message(std::move(response), 11, false);
    auto [error, written] = co_await bhttp::async_write(stream, message, kAsTuple);
    if (error) co_return;
    beast::error_code ignored;
    lowest.socket().shutdown(tcp::socket::shutdown_send, ignored);
    for (size_t drained = 0; drained < drain_limit;) {
      buffer.clear();
      auto [read_error, n] = co_await lowest.async_read_some(buffer.prepare(64 << 10), kAsTuple);
      if (read_error) co_return;
      drained += n;
    }
    buffer = {};
    auto& socket = lowest.socket();
    const auto end = std::chrono::steady_clock::now() + kDrainTimeout;
    while (socket.is_open() && !hung_up(socket.native_handle()) && std::chrono::steady_clock::now() < end) {
      net::steady_timer pause(io_, kLookForClients);
      co_await pause.async_wait(kAsTuple);
    }
  }

  // However long it takes, as long as the client takes something now and then.
  template <class Stream>
  awaitable<bool> send_whole(Stream& stream, Response response, unsigned version, bool keep_alive,
                             bool head_only) {
    auto message = to_message(std::move(response), version, keep_alive);
    if (head_only) message.body().clear();  // its length stays announced
    bhttp::response_serializer<bhttp::string_body> serializer(message);
    while (!serializer.is_done()) {
      beast::get_lowest_layer(stream).expires_after(options_.write_timeout);
      auto [error, n] = co_await bhttp::async_write_some(stream, serializer, kAsTuple);
      if (error) co_return false;
    }
    co_return true;
  }

  // Piece by piece, none in memory but the one that is sent. HTTP/1.0 has no pieces: there the end of the connection is the end.
  template <class Stream>
  awaitable<bool> send_stream(Stream& stream, Response response, unsigned version, bool keep_alive,
                              bool head_only) {
    const bool in_chunks = version == 11;
    auto message = head_of<bhttp::empty_body>(response, version, keep_alive && in_chunks);
    if (in_chunks) message.chunked(true);
    auto& lowest = beast::get_lowest_layer(stream);
    lowest.expires_after(options_.write_timeout);
    bhttp::response_serializer<bhttp::empty_body> serializer(message);
    auto [head_error, head] = co_await bhttp::async_write_header(stream, serializer, kAsTuple);
    if (head_error) co_return false;
    while (!head_only) {
      using Piece = Result<std::optional<std::string>>;
      std::function<Piece()> make = [this, body = response.stream] {
        const Wanted served(ends_.get_token()), wanted(options_.ends);
        return contain(Place::handler, [&] { return body->next(); });
      };
      const auto piece = co_await on_worker(streaming_, std::move(make));
      if (!piece) {
        log::error("api.answer_broken_off", {{"reason", piece.error().text()}});
        co_return false;
      }
      if (!*piece) break;
      lowest.expires_after(options_.write_timeout);
      const auto bytes = net::buffer(**piece);
      auto [error, n] = in_chunks ? co_await net::async_write(stream, bhttp::make_chunk(bytes), kAsTuple)
                                  : co_await net::async_write(stream, bytes, kAsTuple);
      if (error) co_return false;
    }
    if (!in_chunks || head_only) co_return in_chunks;
    auto [error, n] = co_await net::async_write(stream, bhttp::make_chunk_last(), kAsTuple);
    co_return !error;
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
  Connections connections_;
  std::set<Handling*> handling_;
  bool is_looking_ = false;
  size_t bodies_ = 0;              // bytes
  std::atomic<size_t> queued_{0};  // any thread
  std::shared_ptr<net::ssl::context> tls_;

  net::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  unsigned short port_ = 0;
  WorkerPool workers_, streaming_;
  std::thread thread_;
  std::stop_source ends_;

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
  if (!options.counts) options.counts = std::make_shared<ServerCounts>();
  auto server = std::make_unique<BeastServer>(std::move(options), std::move(handler));
  MUSTER_TRY(server->listen());
  return server;
}

}  // namespace muster::http
