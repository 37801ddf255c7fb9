#include "store/postgres/open.h"

#include "base/os/kill_point.h"
#include "store/postgres/database.h"
#include "store/postgres/store.h"
#include "store/sealing.h"

namespace muster::postgres {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
std::unique_ptr<PQconninfoOption, FreeOptions> parse(const std::string& url) {
  char* error = nullptr;
  std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(url.c_str(), &error));
  PQfreemem(error);
  return options;
}

Result<> check_keys_given(Connection& db, const Keyring& keyring) {
  if (!keyring.empty()) return {};
  MUSTER_TRY(const auto proof, db.script("SELECT proof FROM sealing"));
  if (proof.size() > 0)
    return failure(Sealing::missing_keys({std::string(key_number_of(proof[0].text(0)))}, keyring));
  return failure(
      Code::not_configured,
      "no master key was given, and the secrets in the database " + db.place() + " must be sealed with one",
      "Make one with `(umask 077; openssl rand -hex 32 > master.key)`, and give it to all servers of the database "
      "with -master-key-file, MUSTER_MASTER_KEY or a systemd credential. Keep a copy where no backup of the database is");
}

// What the table was, with secrets in plain, is a file that is gone then. It waits for no long transaction,
// as others would wait behind it.
Result<> overwrite(Connection& db) {
  kill_point("overwrite.before");
  MUSTER_TRY(db.script("SET lock_timeout = '5s'"));
  MUSTER_TRY(db.script("VACUUM (FULL, ANALYZE) account"));
  kill_point("overwrite.after");
  return {};
}

Result<> seal(PostgresStore& store, Connection& db) {
  MUSTER_TRY(store.sharing().check_keys_fit());
  return Sealing::begin(store, [&] { return overwrite(db); });
}

}  // namespace

Result<> check_url(const std::string& url) {
  if (parse(url)) return {};
  return failure(Code::invalid, "libpq cannot read it",
                 "Use postgresql://USER@HOST/NAME, and write other characters of a password as %XX");
}

std::string place_of(const std::string& url) {
  const auto options = parse(url);
  const auto value_of = [&](std::string_view keyword) -> std::string {
    for (auto* option = options.get(); option && option->keyword; ++option)
      if (keyword == option->keyword && option->val) return option->val;
    return "";
  };
  const std::string host = value_of("host");
  return "\"" + value_of("dbname") + "\" on " + (host.empty() ? "the local socket" : host);
}

Result<std::unique_ptr<Store>> open(const Options& options) {
  const ConnectionSettings settings{options.url, options.statement_limit};
  MUSTER_TRY(const auto connection, open_database(settings));
  MUSTER_TRY(connection->script("DELETE FROM commit_mark WHERE at < now() - interval '1 day'"));
  MUSTER_TRY(check_keys_given(*connection, options.keyring));
  auto store = std::make_unique<PostgresStore>(settings, options.connections, options.keyring);
  MUSTER_TRY(seal(*store, *connection));
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace muster::postgres
