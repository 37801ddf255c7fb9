#include <libpq-fe.h>

#include "base/text/strings.h"
#include "cli/handover/database_rows.h"

namespace muster::cli {
namespace {

constexpr const char* kNoSuchTable = "42P01";  // SQLSTATE

struct Closer {
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PGresult* result) const { PQclear(result); }
};

class Postgres final : public Database {
 public:
  explicit Postgres(std::unique_ptr<PGconn, Closer> connection) : connection_(std::move(connection)) {}

  Result<std::vector<DatabaseRow>> rows(const std::string& sql) override {
    const std::unique_ptr<PGresult, Closer> result(PQexec(connection_.get(), sql.c_str()));
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK) return std::vector<DatabaseRow>();
    if (status != PGRES_TUPLES_OK) {
      const char* const state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
      const bool is_missing = state && std::string_view(state) == kNoSuchTable;
      return failure(is_missing ? Code::not_found : Code::remote,
                     "PostgreSQL: " + std::string(trim(PQerrorMessage(connection_.get()))));
    }
    std::vector<DatabaseRow> rows(static_cast<size_t>(PQntuples(result.get())));
    for (int row = 0; row < PQntuples(result.get()); ++row)
      for (int column = 0; column < PQnfields(result.get()); ++column)
        if (!PQgetisnull(result.get(), row, column))
          rows[static_cast<size_t>(row)][PQfname(result.get(), column)] =
              PQgetvalue(result.get(), row, column);
    return rows;
  }

 private:
  std::unique_ptr<PGconn, Closer> connection_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgres(const std::string& dsn) {
  const char* const names[] = {"dbname", "connect_timeout", "application_name", "client_encoding", nullptr};
  const char* const values[] = {dsn.c_str(), "10", "mdmctl", "UTF8", nullptr};
  std::unique_ptr<PGconn, Closer> connection(PQconnectdbParams(names, values, /*expand_dbname=*/1));
  if (!connection || PQstatus(connection.get()) != CONNECTION_OK)
    return failure(Code::unreachable,
                   "cannot connect to PostgreSQL: " +
                       (connection ? std::string(trim(PQerrorMessage(connection.get()))) : "no memory"),
                   "-dsn must be NanoDEP's -storage-dsn, for example postgres://user@host/database");
  auto database = std::make_unique<Postgres>(std::move(connection));
  MUSTER_TRY(database->rows("SET TIME ZONE 'UTC'"));
  MUSTER_TRY(database->rows("SET default_transaction_read_only = on"));
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace muster::cli
