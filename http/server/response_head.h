// Status line and headers of an answer, as they are sent.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include "http/message.h"

namespace muster::http {

/// What is between an answer's headers and its body's end, which is the server's to say: a handler's own
/// headers of these names are not sent.
struct Framing {
  unsigned version = 11;  ///< 10 or 11, for HTTP/1.0 and 1.1
  bool keep_alive = false;
  std::optional<std::uint64_t> length = {};  ///< of the body, in bytes
  bool in_chunks = false;                    ///< of the body, whose length is not known
};

/// With the empty line behind it. `usual`: fields of all answers, for those that have none of that name; may
/// be null.
std::string response_head(const Response& response, const Framing& framing,
                          std::initializer_list<const Headers*> usual = {});

}  // namespace muster::http
