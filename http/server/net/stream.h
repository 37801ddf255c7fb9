// Bytes to and from a client, be it over plain TCP or TLS. What reads and writes HTTP is compiled once, over
// this.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "http/server/net/task.h"

namespace muster::http {

/// One operation at a time. How long each may take is the Socket's to say (tcp.h).
class Stream {
 public:
  Stream() = default;
  virtual ~Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Before anything else. False when there is no connection.
  virtual Task<bool> open() = 0;
  /// Waits until some bytes came, and gives their number: 0 when the client sends no more, nothing when the
  /// connection is broken or was cut.
  virtual Task<std::optional<size_t>> read_some(std::span<char> room) = 0;
  /// Waits until the client takes some bytes of `first` and `second`, which is not empty together, and gives
  /// their number: 0 when the connection is broken or was cut.
  virtual Task<size_t> write_some(std::string_view first, std::string_view second) = 0;
  /// Tells the client that no more will come. Nothing may be written afterwards.
  virtual Task<void> end() = 0;
};

/// Takes `count` bytes away from the front of both.
void remove_front(std::string_view& first, std::string_view& second, size_t count);

/// Writes all of both. False when the connection is broken or was cut.
Task<bool> write(Stream& stream, std::string_view first, std::string_view second = {});

}  // namespace muster::http
