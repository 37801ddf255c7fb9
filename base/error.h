// What can go wrong, as a value.
//
// Failures that a user, Apple or the machine can cause are values: Result<T> (result.h). A broken invariant
// asserts. Exceptions come from libraries only and are caught at the border of the folder that uses the
// library.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace muster {

/// The kinds of failure that a caller may treat differently. http/error_status.h maps each to an HTTP status.
enum class Code {
  invalid,             ///< what was asked is not well formed; the message says where, why and the remedy
  unauthorized,        ///< no key, or a wrong one
  forbidden,           ///< known, but not allowed
  not_found,           ///< the thing named does not exist
  method_not_allowed,  ///< the path exists, not with this method
  conflict,            ///< the state does not allow it (exists already, in use, mismatched)
  too_large,           ///< over a named limit
  not_configured,      ///< needs a setup step first, e.g. a DEP token
  remote,              ///< the other side (Apple) rejected or broke; see Error::remote
  unreachable,         ///< no answer from the other side: connect, TLS, time-out, reset
  cancelled,           ///< we are stopping
  busy,                ///< as many as may do this at a time do it already; later it can be done
  storage,             ///< nothing can be stored: the disk is full or rejects, and the message says why
  internal,            ///< our own fault or the machine's: a bug, no memory, a damaged database
};

/// The other side's answer behind an error of Code::remote.
struct RemoteAnswer {
  int status = 0;    ///< HTTP status, 0 when there was none
  std::string word;  ///< the other side's own word, e.g. `T_C_NOT_SIGNED`; empty when it gave none
  std::optional<std::chrono::seconds> retry_after;  ///< what it asked for by `Retry-After`
};

struct Error {
  Code code = Code::internal;
  std::string message;  ///< one sentence for an operator: what failed, with what, why
  std::string hint;     ///< what to do about it, "" when there is nothing to do
  RemoteAnswer remote = {};

  /// It is the fault of this program or its machine, and says nothing of the other side.
  bool is_ours() const { return code == Code::internal || code == Code::storage; }

  /// Message and hint as one text, as shown to users.
  std::string text() const { return hint.empty() ? message : message + ". " + hint; }

  /// The same failure, said from further out: `reading F: permission denied`.
  Error while_doing(const std::string& what) const {
    Error outer = *this;
    outer.message = what + ": " + message;
    return outer;
  }
};

}  // namespace muster
