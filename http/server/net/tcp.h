// TCP: the port that a server listens on, and the connections of its clients, with a limit on the time that
// their operations take.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/server/net/loop.h"
#include "http/server/net/stream.h"
#include "http/url.h"

namespace muster::http {

class Socket final : public Stream {
 public:
  struct State;
  explicit Socket(std::shared_ptr<State> state);
  ~Socket() override;

  /// The client's address, "?" when it is gone.
  const std::string& peer() const { return peer_; }

  /// An operation that is not done by then closes the connection. Before the first one.
  void expires_after(std::chrono::nanoseconds limit);

  Task<bool> open() override;
  Task<std::optional<size_t>> read_some(std::span<char> room) override;
  Task<size_t> write_some(std::string_view first, std::string_view second) override;
  Task<void> end() override;

  /// Ends the sending half.
  void end_sending();
  /// Ends the operation under way as one that failed. The connection stays open.
  void interrupt();
  /// Ends the operation under way, too.
  void close();
  /// Closes so that the client sees a reset.
  void reset();
  bool is_open() const;
  /// Whether the client has ended its half, as one does that hangs up. What it sent before may still be
  /// unread.
  bool hung_up() const;

 private:
  class Waiting;

  const std::shared_ptr<State> state_;
  const std::string peer_;
};

class Listener {
 public:
  /// `loop` must outlive it, and run().
  explicit Listener(Loop& loop);
  ~Listener();

  /// Code::conflict when the address is in use, Code::invalid when it cannot be used.
  Result<> open(const Address& address);
  /// 0 before open().
  unsigned short port() const { return port_; }
  /// The next connection; null when there is none to be had now, or the port is closed.
  Task<std::unique_ptr<Socket>> accept();
  void close();

 private:
  struct State;
  const std::unique_ptr<State> state_;
  unsigned short port_ = 0;
};

}  // namespace muster::http
