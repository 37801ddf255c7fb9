#include "tests/secrets/plain.h"

#include <sqlite3.h>

#include <stdexcept>

#include "store/sqlite/open.h"
#include "tests/contract/earlier_schema.h"
#include "tests/support/master_keys.h"

namespace muster::test {
namespace {

void run_sql(sqlite3* database, const std::string& sql, const std::vector<std::string>& texts = {}) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(database));
  for (size_t i = 0; i < texts.size(); ++i)
    sqlite3_bind_text(statement, static_cast<int>(i) + 1, texts[i].data(), static_cast<int>(texts[i].size()),
                      SQLITE_TRANSIENT);
  while (sqlite3_step(statement) == SQLITE_ROW) {
  }
  if (sqlite3_finalize(statement) != SQLITE_OK)
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(database));
}

void run_script(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error(std::string(sql) + ": " + sqlite3_errmsg(database));
}

}  // namespace

std::vector<WholeAccount> accounts_in(Store& store) {
  const auto read = [](Reader& reader) -> Result<std::vector<WholeAccount>> {
    std::vector<WholeAccount> all;
    MUSTER_TRY(auto accounts, reader.accounts());
    for (auto& account : accounts) {
      MUSTER_TRY(auto token, reader.token(account.id));
      MUSTER_TRY(auto pair, reader.key_pair(account.id));
      all.push_back({std::move(account), std::move(token), std::move(pair)});
    }
    return all;
  };
  return store.read(read).value();
}

std::vector<WholeAccount> accounts_in(const std::string& directory, const std::string& key) {
  const auto store = sqlite::open(directory, key.empty() ? Keyring() : keyring_of({key}));
  if (!store) throw std::runtime_error(store.error().text());
  return accounts_in(**store);
}

void store_in_plain(const std::string& directory, const std::vector<WholeAccount>& accounts) {
  sqlite3* database = nullptr;
  if (sqlite3_open((directory + "/muster.db").c_str(), &database) != SQLITE_OK)
    throw std::runtime_error("cannot open the database in " + directory);
  for (const auto& [account, token, key_pair] : accounts) {
    const std::string where = " WHERE id = " + std::to_string(static_cast<long long>(account.id));
    if (token)
      run_sql(database, "UPDATE account SET consumer_secret = ?, access_token = ?, access_secret = ?" + where,
              {token->consumer_secret, token->access_token, token->access_secret});
    if (key_pair)
      run_sql(database, "UPDATE account SET private_key = ?" + where, {key_pair->private_key_pem});
  }
  for (const auto* steps : {kSqliteBackTo2, kSqliteBackTo1}) run_script(database, steps);
  sqlite3_close(database);
}

std::string line_of(const std::string& private_key_pem) {
  const size_t middle = private_key_pem.find('\n', private_key_pem.size() / 2) + 1;
  return private_key_pem.substr(middle, private_key_pem.find('\n', middle) - middle);
}

}  // namespace muster::test
