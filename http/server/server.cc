#include "http/server/server.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "base/threads/contain.h"
#include "http/server/connection.h"
#include "http/server/handlers.h"
#include "http/server/net/loop.h"
#include "http/server/net/tcp.h"
#include "http/server/net/tls_context.h"
#include "http/server/net/tls_stream.h"

namespace muster::http {
namespace {

constexpr auto kHandshakeTimeout = std::chrono::seconds(10);
constexpr auto kGoodbyeTimeout =
    std::chrono::milliseconds(200);  // for the TLS farewell, which many never send
constexpr auto kAcceptPause = std::chrono::milliseconds(50);

// Threads: one for all input and output (loop_), and those of the handlers. What the connections share lives
// on the io thread, except `open_` and `accept_ended_`, which stop() waits on.
class LoopServer final : public Server {
 public:
  LoopServer(ServerOptions options, std::function<Response(const Request&)> handler)
      : options_(std::move(options)),
        connections_(options_.connections, *options_.counts),
        handlers_(loop_, options_, std::move(handler)) {}

  ~LoopServer() override { stop(std::chrono::milliseconds(0)); }

  Result<> listen() {
    if (options_.tls) {
      MUSTER_TRY(tls_, load_tls(*options_.tls));
    }
    MUSTER_TRY(listener_.open(options_.address));
    loop_.spawn(accept_loop());
    thread_ = std::thread([this] { loop_.run(); });
    return {};
  }

  unsigned short port() const override { return listener_.port(); }

  Result<> reload_tls() override {
    if (!options_.tls) return {};
    MUSTER_TRY(auto loaded, load_tls(*options_.tls));
    loop_.post([this, loaded = std::move(loaded)] { tls_ = loaded; });
    return {};
  }

  void stop(std::chrono::milliseconds grace) override {
    if (!thread_.joinable()) return;
    loop_.post([this] {
      service_.is_stopping = true;
      listener_.close();
      connections_.close_waiting();
    });
    {
      std::unique_lock lock(finish_mutex_);
      finished_.wait_for(lock, grace, [this] { return accept_ended_ && open_ == 0; });
    }
    handlers_.request_stop();
    loop_.stop();
    thread_.join();
    // What was not done in time, nor perhaps even begun, ends here: nobody may go on connecting or waiting.
    listener_.close();
    connections_.close_all();
    handlers_.join();
  }

 private:
  Task<void> accept_loop() {
    while (!service_.is_stopping) {
      bool counted = false;  // and nobody serves it yet
      try {
        auto socket = co_await listener_.accept();
        if (service_.is_stopping) break;
        if (!socket) {  // out of descriptors, most likely: give others time to end
          co_await loop_.pause(kAcceptPause);
          continue;
        }
        count_open(1);
        counted = true;
        loop_.spawn(serve_connection(std::move(socket)));
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

  Task<void> serve_connection(std::unique_ptr<Socket> accepted) {
    try {
      Socket& socket = *accepted;
      std::optional<TlsStream> encrypted;
      if (tls_) encrypted.emplace(socket, *tls_);
      Stream& stream = encrypted ? static_cast<Stream&>(*encrypted) : socket;
      const bool is_proxy = options_.proxies.include(socket.peer());
      const auto place = connections_.admit(socket.peer(), is_proxy, [&] { socket.close(); });
      if (place) {
        socket.expires_after(kHandshakeTimeout);
        if (co_await stream.open()) {
          co_await serve_requests(service_, socket, stream, *place);
          socket.expires_after(kGoodbyeTimeout);
          co_await stream.end();
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

  const ServerOptions options_;

  // io thread only. Stand before loop_: it destroys the coroutines that are left, and they take themselves
  // off.
  Connections connections_;
  Handlers handlers_;
  Service service_{loop_, options_, handlers_};
  std::shared_ptr<SSL_CTX> tls_;

  Loop loop_;
  Listener listener_{loop_};
  std::thread thread_;

  std::mutex finish_mutex_;
  std::condition_variable finished_;
  int open_ = 0;               // connections; guarded by finish_mutex_
  bool accept_ended_ = false;  // guarded by finish_mutex_
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options,
                                              std::function<Response(const Request&)> handler) {
  if (!options.refuse)
    options.refuse = [](int status, const std::string& reason) {
      return Response{.status = status, .headers = {{"Content-Type", "text/plain"}}, .body = reason + "\n"};
    };
  if (!options.counts) options.counts = std::make_shared<ServerCounts>();
  auto server = std::make_unique<LoopServer>(std::move(options), std::move(handler));
  MUSTER_TRY(server->listen());
  return server;
}

}  // namespace muster::http
