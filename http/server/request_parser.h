// Bytes of a client become a request. Boost.Beast reads them, which is slow to compile: it is in
// request_parser.cc alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace muster::http {

/// Bytes of request line and headers.
inline constexpr size_t kHeaderLimit = 16 << 10;

/// Why a request cannot be read. Its connection must be closed behind the answer: nobody knows where the next
/// one begins.
struct RequestFault {
  int status = 400;
  std::string reason;
};

/// Of one request.
class RequestParser {
 public:
  RequestParser();
  ~RequestParser();

  /// Reads on in `bytes`, up to the end of the head or of the request; gives how many of them are done with.
  /// The others must be given again, with more behind them. Not once there is a fault.
  size_t put(std::string_view bytes);
  /// The client sends no more.
  void put_end();

  bool needs_more() const { return needs_more_; }  ///< than what was put last and is not done with
  bool has_begun() const;                          ///< something was put
  bool has_head() const;
  bool is_whole() const;
  /// Set when a limit is exceeded, too.
  const std::optional<RequestFault>& fault() const { return fault_; }

  // What follows needs the head.

  unsigned version() const;  ///< 10 or 11, for HTTP/1.0 and 1.1
  bool keep_alive() const;
  bool expects_continue() const;
  /// Of the body, in bytes; nothing when it comes in pieces, or there is none.
  std::optional<std::uint64_t> content_length() const;
  /// All but the body, and what parse_target (url.h) reads of the target: path and query stay empty.
  Request head() const;

  /// In bytes. Before the body is put, which has no limit else. False, and a fault, when it is announced to
  /// be longer.
  bool limit_body(size_t limit);
  /// Once it is whole.
  std::string take_body();

 private:
  struct Parser;
  const std::unique_ptr<Parser> parser_;
  size_t body_limit_ = 0;
  bool needs_more_ = false;
  std::optional<RequestFault> fault_;
};

}  // namespace muster::http
