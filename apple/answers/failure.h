// What a failed call to Apple means, and so what to do next (design section 5).
#pragma once

#include <string>

#include "base/error.h"

namespace muster::apple {

// The words behind the classes, and what operators see of each, are one table: word_table.cc.

enum class Failure {
  wait,              ///< 429, 5xx, a broken answer, no answer at all: the account waits and tries again
  token_expired,     ///< someone must act, as for the next three; see Error::hint
  token_rejected,    ///< the token or its signature is not taken
  forbidden,         ///< the user or the service behind the token may not
  terms_unsigned,    ///< new terms of Apple wait to be accepted
  cursor_expired,    ///< EXPIRED_CURSOR, INVALID_CURSOR, CURSOR_REQUIRED: one full fetch
  cursor_exhausted,  ///< EXHAUSTED_CURSOR: the full list is read, continue to sync
  profile_unknown,   ///< Apple does not know the UUID of a profile that the call named
  refused,           ///< any other 4xx: what was sent is wrong, sending it again won't help
  cancelled,         ///< we are stopping
};

Failure classify(const Error& error);

/// Apple's error code, or the message where it gave none.
const std::string& code_or_message(const Error& error);

/// True when the request was not sent, because Apple asked for no call before a time that is still to come
/// (gate.h).
bool is_held_back(const Error& error);

/// True when the request may have taken effect at Apple although no good answer came: time-out, reset, answer
/// cut short or unreadable, stopped by us while it was in progress, a failure inside Apple (5xx but 503,
/// which says that nothing was done). Assign and define are read back before they are sent again.
bool outcome_unknown(const Error& error);

/// The same error, with what may have happened nevertheless in front of its hint. For outcome_unknown().
Error with_what_may_be(const Error& error, const std::string& what);

}  // namespace muster::apple
