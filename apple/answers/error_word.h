// Reads Apple's error answers: usually a bare code as plain text (apple-dep-api.md sections 2.5, 2.6).
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time/clock.h"
#include "http/message.h"

namespace muster::apple {

/// Bytes of a failing answer's body that are looked at.
inline constexpr size_t kErrorBodyLimit = 1024;

/// The error word of a body: quotes, white space and a glued-on HTTP reason taken off
/// (`token_rejectedForbidden`), or the `code` of a JSON object. A known word in the table's spelling, a new
/// one as Apple wrote it; "" when there is none.
std::string error_word(std::string_view body);

/// Whether the answer says that the session has ended: 401, or 403 with FORBIDDEN in it. Any other 403 is a
/// person's work.
bool refuses_session(const http::Response& response);

/// What was asked, for the message.
struct Asked {
  std::string what;            ///< e.g. "PUT /profile/devices"
  bool names_profile = false;  ///< by its UUID, so that NOT_FOUND is about that one
};

/// The error that a failing answer stands for. `now` is read against the answer's `Date`.
Error error_of(const http::Response& response, const Asked& asked, Time now);

}  // namespace muster::apple
