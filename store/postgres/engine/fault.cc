#include "store/postgres/engine/fault.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "store/store.h"

namespace muster::postgres {
namespace {

using FaultKind = Fault::Kind;

// Raised by lock_for_run() (schema/accounts.sql).
constexpr std::string_view kNotCurrent = "MU001";
// libpq found servers, but none that target_session_attrs asks for: the primary is away, and no standby was
// promoted yet.
constexpr std::string_view kNoPrimary = "MU002";
// A pooler does not know what the URL asks the server for.
constexpr std::string_view kNotPassedOn = "MU003";
// The connection has to be encrypted, and the server does not do that.
constexpr std::string_view kNoTls = "MU004";
// One of the two sides does not accept the other's certificate, or has none.
constexpr std::string_view kCertificate = "MU005";

// By SQLSTATE, or by the first characters of those of its class; the first that fits.
struct Meaning {
  std::string_view state;
  Code code;
  FaultKind kind;
  const char* hint;
};
constexpr Meaning kMeanings[] = {
    {"40001", Code::storage, FaultKind::retry, "Muster retries automatically"},
    {"40P01", Code::storage, FaultKind::retry, "Muster retries automatically"},
    {"55P03", Code::storage, FaultKind::retry, "Muster retries automatically"},
    {"25P03", Code::storage, FaultKind::lost, "Muster retries automatically"},
    {"57P0", Code::storage, FaultKind::lost,
     "The database server is stopping or starting: wait until it is back"},
    {"08", Code::storage, FaultKind::lost, "Check the database server and the network"},
    {"53300", Code::storage, FaultKind::lost,
     "Raise max_connections of the database server, or start muster with a smaller -database-connections"},
    {"53100", Code::storage, FaultKind::final, "Free some space on the disk of the database server"},
    {"53200", Code::storage, FaultKind::final, "The database server has no memory left"},
    {"53", Code::storage, FaultKind::final, "The database server lacks resources: see its log"},
    {"25006", Code::storage, FaultKind::lost,
     "The server is a standby or read-only. Name all servers in -database, with target_session_attrs=read-write"},
    {kNoPrimary, Code::storage, FaultKind::lost,
     "None of the servers in -database can be written: bring the primary back, or promote a standby"},
    {kNotPassedOn, Code::storage, FaultKind::final,
     "The connection pooler does not pass that parameter on: remove it from -database"},
    {kNoTls, Code::storage, FaultKind::lost,
     "Turn on TLS in the database server (ssl = on in its postgresql.conf), or set another sslmode in -database"},
    {kCertificate, Code::storage, FaultKind::lost,
     "Check the host name, sslmode and sslrootcert in -database, or sslcert and sslkey for a certificate of the client"},
    {"57014", Code::storage, FaultKind::final,
     "The statement took longer than its limit. Look for locks and for load on the database server"},
    {"58", Code::storage, FaultKind::final, "The disk of the database server reports errors: see its log"},
    {"26000", Code::storage, FaultKind::final,
     "A connection pooler gives the connection other sessions: set pool_mode = session in it, or connect to "
     "PostgreSQL itself"},
    {"42501", Code::storage, FaultKind::final,
     "Grant the role what docs/postgresql.md lists: CONNECT on the database, USAGE and CREATE on its schema"},
    {"28P01", Code::storage, FaultKind::final, "Check the password: in ~/.pgpass, PGPASSWORD or the URL"},
    {"28", Code::storage, FaultKind::final, "Check the user name and pg_hba.conf of the database server"},
    {"3D000", Code::storage, FaultKind::final, "Create the database: createdb -O USER NAME"},
    {"3F000", Code::storage, FaultKind::final,
     "Create a schema for the role, or set its search_path: see docs/postgresql.md"},
    {"22021", Code::invalid, FaultKind::final, "Use texts in UTF-8, without NUL"},
    {"22P05", Code::invalid, FaultKind::final, "Use texts in UTF-8, without NUL"},
    {"XX00", Code::internal, FaultKind::final,
     "The database is damaged: restore a backup, see docs/postgresql.md"},
};

// On one line, without libpq's questions, which begin with a tab.
std::string on_one_line(const std::string& message) {
  std::string line;
  for (size_t at = 0; at < message.size();) {
    const size_t end = std::min(message.find('\n', at), message.size());
    const std::string part = message.substr(at, end - at);
    if (!part.empty() && part.front() != '\t') line += (line.empty() ? "" : " ") + part;
    at = end + 1;
  }
  return line;
}

}  // namespace

Fault fault_of(std::string_view state, std::string message) {
  if (state == kNotCurrent) return {not_current_any_more(), FaultKind::final, true};
  const auto found = std::find_if(std::begin(kMeanings), std::end(kMeanings),
                                  [&](const Meaning& meaning) { return state.starts_with(meaning.state); });
  Error error{Code::internal, "the database failed: " + on_one_line(message), "", {}};
  if (found == std::end(kMeanings)) return {std::move(error), FaultKind::final};
  error.code = found->code;
  error.hint = found->hint;
  return {std::move(error), found->kind};
}

Fault fault_of(const PGresult* result) {
  const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (!state || !message)
    return fault_of("08006", PQresultErrorMessage(result));  // libpq's own: the connection broke
  return fault_of(state, message);
}

// libpq gives no SQLSTATE for a connection that was not made, only the server's message.
Fault fault_of(const PGconn* connection, const std::string& where) {
  const std::string message = on_one_line(PQerrorMessage(connection));
  const auto says = [&](std::string_view text) { return message.find(text) != std::string::npos; };
  std::string_view state = "08006";
  if (says("password authentication failed") || says("no password supplied"))
    state = "28P01";
  else if (says("authentication failed") || says("not permitted to log in") || says("pg_hba.conf") ||
           (says("role \"") && says("does not exist")))
    state = "28000";
  else if (says("database \"") && says("does not exist"))
    state = "3D000";
  else if (says("too many clients") || says("too many connections") || says("remaining connection slots") ||
           says("no more connections allowed"))  // the last one is PgBouncer's
    state = "53300";
  else if (says("permission denied"))
    state = "42501";
  else if (says("server does not support SSL"))
    state = kNoTls;
  else if (says("certificate") || says("private key file"))
    state = kCertificate;
  else if (says("unsupported startup parameter"))
    state = kNotPassedOn;
  else if (says("session is read-only") || says("server is in hot standby mode"))
    state = kNoPrimary;
  else if (says("read-only") || says("recovery mode") || says("standby mode"))
    state = "25006";
  else if (says("starting up") || says("shutting down"))
    state = "57P03";
  Fault fault = fault_of(state, message);
  fault.error.message = "cannot connect to the database " + where + ": " + message;
  return fault;
}

}  // namespace muster::postgres
