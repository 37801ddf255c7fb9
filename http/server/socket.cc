#include "http/server/socket.h"

#include <netinet/tcp.h>
#include <poll.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace muster::http {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

namespace {

constexpr auto kAsTuple = net::as_tuple(net::use_awaitable);
constexpr int kUnsent = 128 << 10;

std::string address_of_peer(const tcp::socket& socket) {
  error_code error;
  const auto remote = socket.remote_endpoint(error);
  return error ? "?" : remote.address().to_string();
}

}  // namespace

// The timer holds it, too: what it was set for may be gone by the time it calls.
struct Socket::State {
  explicit State(tcp::socket connected) : socket(std::move(connected)), timer(socket.get_executor()) {}

  // Most operations are done long before their limit, so the timer is set when none is, or it would come too late, and looks
  // again when it comes too early.
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

  tcp::socket socket;
  net::steady_timer timer;
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

Socket::Socket(tcp::socket connected)
    : state_(std::make_shared<State>(std::move(connected))), peer_(address_of_peer(state_->socket)) {
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

awaitable<bool> Socket::open() { co_return state_->socket.is_open(); }

awaitable<std::optional<size_t>> Socket::read_some(std::span<char> room) {
  const Waiting waiting(state_);
  const auto buffer = net::buffer(room.data(), room.size());
  const auto [error, count] = co_await state_->socket.async_read_some(buffer, kAsTuple);
  if (error == net::error::eof) co_return 0;
  if (error) co_return std::nullopt;
  co_return count;
}

awaitable<size_t> Socket::write_some(std::string_view first, std::string_view second) {
  const Waiting waiting(state_);
  const std::array<net::const_buffer, 2> buffers = {net::buffer(first), net::buffer(second)};
  const auto [error, count] = co_await state_->socket.async_write_some(buffers, kAsTuple);
  co_return error ? 0 : count;
}

awaitable<void> Socket::end() {
  end_sending();
  co_return;
}

void Socket::end_sending() {
  error_code ignored;
  state_->socket.shutdown(tcp::socket::shutdown_send, ignored);
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

void remove_front(std::string_view& first, std::string_view& second, size_t count) {
  const size_t of_first = std::min(count, first.size());
  first.remove_prefix(of_first);
  second.remove_prefix(count - of_first);
}

awaitable<bool> write(Stream& stream, std::string_view first, std::string_view second) {
  while (!first.empty() || !second.empty()) {
    const size_t count = co_await stream.write_some(first, second);
    if (count == 0) co_return false;
    remove_front(first, second, count);
  }
  co_return true;
}

}  // namespace muster::http
