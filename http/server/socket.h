// A TCP connection of a client, with a limit on the time that its operations take.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "http/server/stream.h"

namespace muster::http {

class Socket final : public Stream {
 public:
  explicit Socket(boost::asio::ip::tcp::socket connected);
  ~Socket() override;

  /// The client's address, "?" when it is gone.
  const std::string& peer() const { return peer_; }

  /// An operation that is not done by then closes the connection. Before the first one.
  void expires_after(std::chrono::nanoseconds limit);

  awaitable<bool> open() override;
  awaitable<std::optional<size_t>> read_some(std::span<char> room) override;
  awaitable<size_t> write_some(std::string_view first, std::string_view second) override;
  awaitable<void> end() override;

  /// Ends the sending half.
  void end_sending();
  /// Ends the operation under way, too.
  void close();
  /// Closes so that the client sees a reset.
  void reset();
  bool is_open() const;
  /// Whether the client has ended its half, as one does that hangs up. What it sent before may still be unread.
  bool hung_up() const;

 private:
  struct State;
  class Waiting;

  const std::shared_ptr<State> state_;
  const std::string peer_;
};

}  // namespace muster::http
