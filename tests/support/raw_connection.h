// A TCP connection to 127.0.0.1, to send what no HTTP client would send.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace muster::test {

inline constexpr const char* kGetRequest = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

class RawConnection {
 public:
  /// Throws when nobody listens there. Reads and writes give up after 30 s. `received` bytes are kept by the
  /// kernel until they are read; 0 for as many as it likes.
  explicit RawConnection(unsigned short port, int received = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (received > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &received, sizeof received);
    const timeval limit{30, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(fd_);
      throw std::runtime_error("cannot connect to port " + std::to_string(port));
    }
  }
  ~RawConnection() { ::close(fd_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  /// False when the other side took no more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    return true;
  }
  /// Whether the other side ended it by a reset, once something was read up to its end.
  bool was_reset() const { return was_reset_; }
  void end_sending() { ::shutdown(fd_, SHUT_WR); }

  /// Reads until `text` has come, and returns all that came by then; what came before the end of the
  /// connection when it never does.
  std::string read_until(std::string_view text) {
    for (size_t searched = 0; received_.find(text, searched) == std::string::npos;) {
      searched = received_.size() - std::min(received_.size(), text.size());
      if (!receive()) break;
    }
    return std::exchange(received_, {});
  }
  /// What has come, as soon as something has; "" at the end.
  std::string read_some() {
    if (received_.empty()) receive();
    return std::exchange(received_, {});
  }
  /// All that comes until the other side closes.
  std::string read_all() {
    while (receive()) {
    }
    return std::exchange(received_, {});
  }

 private:
  bool receive() {
    std::array<char, 16 * 1024> chunk;
    const ssize_t n = ::recv(fd_, chunk.data(), chunk.size(), 0);
    was_reset_ |= n < 0 && errno == ECONNRESET;
    if (n <= 0) return false;
    received_.append(chunk.data(), static_cast<size_t>(n));
    return true;
  }

  int fd_;
  std::string received_;
  bool was_reset_ = false;
};

}  // namespace muster::test
