#include "http/server/net/tcp.h"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include "http/server/net/completion.h"

namespace muster::http {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

namespace {

using TcpSocket = net::basic_stream_socket<tcp, net::io_context::executor_type>;

constexpr int kUnsent = 128 << 10;

std::string address_of_peer(const TcpSocket& socket) {
  error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return "?";
  const auto address = remote.address();
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address.to_string();
  return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6()).to_string();
}

}  // namespace

// The timer holds it, too: what it was set for may be gone by the time it calls.
struct Socket::State {
  explicit State(net::io_context& io) : socket(io), timer(io) {}

  // Most operations are done long before their limit, so the timer is set when none is, or it would come too
  // late, and looks again when it comes too early.
  static void watch(const std::shared_ptr<State>& state) {
    state->is_waiting = true;
    if (state->is_set && state->timer.expiry() <= state->limit) return;
    state->timer.expires_at(state->limit);
    state->is_set = true;
    state->timer.async_wait([state](error_code error) {
      if (error) return;  // it was set anew, or there is nothing to watch any more
      state->is_set = false;
      if (!state->is_waiting) return;
      if (std::chrono::steady_clock::now() < state->limit) return watch(state);
      state->close();
    });
  }

  void close() {
    error_code ignored;
    socket.close(ignored);
  }

  TcpSocket socket;
  Timer timer;
  std::chrono::steady_clock::time_point limit;
  bool is_waiting = false;  // an operation is under way
  bool is_set = false;      // the timer
};

class Socket::Waiting {
 public:
  explicit Waiting(const std::shared_ptr<State>& state) : state_(*state) { State::watch(state); }
  ~Waiting() { state_.is_waiting = false; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  State& state_;
};

Socket::Socket(std::shared_ptr<State> state)
    : state_(std::move(state)), peer_(address_of_peer(state_->socket)) {
  error_code ignored;
  state_->socket.set_option(tcp::no_delay(true), ignored);
  // Else the kernel keeps megabytes for a slow client, and does not say that it takes something for as long.
  state_->socket.set_option(net::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>(kUnsent),
                            ignored);
}

Socket::~Socket() {
  state_->timer.cancel();
  state_->close();
}

void Socket::expires_after(std::chrono::nanoseconds limit) {
  state_->limit = std::chrono::steady_clock::now() + limit;
}

Task<bool> Socket::open() { co_return state_->socket.is_open(); }

Task<std::optional<size_t>> Socket::read_some(std::span<char> room) {
  const Waiting waiting(state_);
  const auto buffer = net::buffer(room.data(), room.size());
  Completion reading([&](auto done) { state_->socket.async_read_some(buffer, std::move(done)); });
  co_await reading;
  if (reading.error() == net::error::eof) co_return 0;
  if (reading.error()) co_return std::nullopt;
  co_return reading.count();
}

Task<size_t> Socket::write_some(std::string_view first, std::string_view second) {
  const Waiting waiting(state_);
  const std::array<net::const_buffer, 2> buffers = {net::buffer(first), net::buffer(second)};
  Completion writing([&](auto done) { state_->socket.async_write_some(buffers, std::move(done)); });
  co_await writing;
  co_return writing.error() ? 0 : writing.count();
}

Task<void> Socket::end() {
  end_sending();
  co_return;
}

void Socket::end_sending() {
  error_code ignored;
  state_->socket.shutdown(tcp::socket::shutdown_send, ignored);
}

void Socket::interrupt() {
  error_code ignored;
  state_->socket.cancel(ignored);
}

void Socket::close() { state_->close(); }

void Socket::reset() {
  error_code ignored;
  state_->socket.set_option(net::socket_base::linger(true, 0), ignored);
  state_->close();
}

bool Socket::is_open() const { return state_->socket.is_open(); }

bool Socket::hung_up() const {
  pollfd look{.fd = state_->socket.native_handle(), .events = POLLRDHUP, .revents = 0};
  return ::poll(&look, 1, 0) > 0 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

struct Listener::State {
  explicit State(net::io_context& context) : io(context), acceptor(context) {}
  net::io_context& io;
  net::basic_socket_acceptor<tcp, net::io_context::executor_type> acceptor;
};

Listener::Listener(Loop& loop) : state_(std::make_unique<State>(loop.io())) {}
Listener::~Listener() = default;

Result<> Listener::open(const Address& wanted) {
  error_code error;
  const std::string host = wanted.host == "localhost" ? "127.0.0.1" : wanted.host;
  const auto address =
      host.empty() ? net::ip::address(net::ip::address_v6::any()) : net::ip::make_address(host, error);
  if (error) return failure(Code::invalid, "\"" + wanted.host + "\" is not an IP address");
  tcp::endpoint endpoint(address, wanted.port);
  auto& acceptor = state_->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (error && host.empty()) {  // a machine without IPv6
    endpoint = tcp::endpoint(net::ip::address_v4::any(), wanted.port);
    acceptor.open(endpoint.protocol(), error);
  }
  if (!error) acceptor.set_option(net::socket_base::reuse_address(true), error);
  if (!error && host.empty() && endpoint.protocol() == tcp::v6())
    acceptor.set_option(net::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) {
    const bool in_use = error == net::error::address_in_use;
    return failure(in_use ? Code::conflict : Code::invalid,
                   fmt::format("cannot listen on {}:{}: {}", wanted.host, wanted.port, error.message()),
                   in_use ? "Another program uses this port: stop it, or choose another port" : "");
  }
  port_ = acceptor.local_endpoint().port();
  return {};
}

Task<std::unique_ptr<Socket>> Listener::accept() {
  auto connected = std::make_shared<Socket::State>(state_->io);
  Completion accepting([&](auto done) { state_->acceptor.async_accept(connected->socket, std::move(done)); });
  co_await accepting;
  if (accepting.error()) co_return nullptr;
  co_return std::make_unique<Socket>(std::move(connected));
}

void Listener::close() {
  error_code ignored;
  state_->acceptor.close(ignored);
}

}  // namespace muster::http
