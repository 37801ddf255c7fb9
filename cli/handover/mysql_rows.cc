#include <mysql.h>
#include <mysqld_error.h>

#include "cli/handover/database_rows.h"
#include "cli/handover/mysql_dsn.h"

namespace muster::cli {
namespace {

constexpr unsigned kConnectSeconds = 10;

struct MysqlCloser {
  void operator()(MYSQL* connection) const { mysql_close(connection); }
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};

class Mysql final : public Database {
 public:
  explicit Mysql(std::unique_ptr<MYSQL, MysqlCloser> connection) : connection_(std::move(connection)) {}

  Result<std::vector<DatabaseRow>> rows(const std::string& sql) override {
    if (mysql_real_query(connection_.get(), sql.data(), sql.size()) != 0)
      return failure(mysql_errno(connection_.get()) == ER_NO_SUCH_TABLE ? Code::not_found : Code::remote,
                     std::string("MySQL: ") + mysql_error(connection_.get()));
    const std::unique_ptr<MYSQL_RES, MysqlCloser> result(mysql_store_result(connection_.get()));
    std::vector<DatabaseRow> rows;
    if (!result) return rows;  // a statement without rows
    const unsigned columns = mysql_num_fields(result.get());
    const MYSQL_FIELD* const fields = mysql_fetch_fields(result.get());
    while (const MYSQL_ROW values = mysql_fetch_row(result.get())) {
      const unsigned long* const lengths = mysql_fetch_lengths(result.get());
      DatabaseRow& row = rows.emplace_back();
      for (unsigned column = 0; column < columns; ++column)
        if (values[column]) row[fields[column].name] = std::string(values[column], lengths[column]);
    }
    return rows;
  }

 private:
  std::unique_ptr<MYSQL, MysqlCloser> connection_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_mysql(const std::string& dsn) {
  MUSTER_TRY(const auto address, parse_mysql_dsn(dsn));
  std::unique_ptr<MYSQL, MysqlCloser> connection(mysql_init(nullptr));
  if (!connection) return failure(Code::internal, "no memory for a connection to MySQL");
  mysql_options(connection.get(), MYSQL_OPT_CONNECT_TIMEOUT, &kConnectSeconds);
  mysql_options(connection.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  const my_bool tls = address.tls, verified = address.verified_tls;
  mysql_options(connection.get(), MYSQL_OPT_SSL_ENFORCE, &tls);
  mysql_options(connection.get(), MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verified);
  const auto text = [](const std::string& value) { return value.empty() ? nullptr : value.c_str(); };
  if (!mysql_real_connect(connection.get(), address.socket.empty() ? address.host.c_str() : nullptr,
                          text(address.user), text(address.password), address.database.c_str(), address.port,
                          text(address.socket), 0))
    return failure(Code::unreachable,
                   std::string("cannot connect to MySQL: ") + mysql_error(connection.get()),
                   "-dsn must be NanoDEP's -storage-dsn: user:password@tcp(host:3306)/database");
  auto database = std::make_unique<Mysql>(std::move(connection));
  MUSTER_TRY(database->rows("SET time_zone = '+00:00'"));
  MUSTER_TRY(database->rows("SET SESSION TRANSACTION READ ONLY"));
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace muster::cli
