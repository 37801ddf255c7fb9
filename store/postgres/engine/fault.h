// What went wrong at PostgreSQL, in words for an operator, and what it means for the transaction.
#pragma once

#include <libpq-fe.h>

#include "base/error.h"

namespace muster::postgres {

struct Fault {
  enum class Kind {
    final,    ///< the same again would fail again
    retry,    ///< other transactions were in the way: the same again may succeed
    lost,     ///< the connection is gone, or the server is about to go: the same on another connection
    unknown,  ///< whether it was committed could not be found out: it must not run again
  };
  Error error;
  Kind kind = Kind::final;
  bool is_refused = false;  ///< a run's write, when the account is not what it was
};

/// Of a statement that failed.
Fault fault_of(const PGresult* result);
/// Of a connection that could not be made, or broke. `where` names the server, without secrets.
Fault fault_of(const PGconn* connection, const std::string& where);

/// Of a SQLSTATE and PostgreSQL's message.
Fault fault_of(std::string_view state, std::string message);

}  // namespace muster::postgres
