#include "tests/support/postgres_cluster.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include "tests/support/places.h"
#include "tests/support/process.h"

namespace muster::test {
namespace {

struct State {
  std::mutex mutex;
  std::map<std::string, std::string> databases;  // by key
  int count = 0;
};
State& state() {
  static State only;
  return only;
}

constexpr std::string_view kPostgres = "postgresql";

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

// "" when there is none.
std::string given_cluster() {
  const auto database = variable("MUSTER_TEST_DATABASE");
  const auto at = database.find(':');
  const std::string directory(at == std::string_view::npos ? variable("MUSTER_TEST_CLUSTER")
                                                           : database.substr(at + 1));
  return !directory.empty() && ::access(directory.c_str(), X_OK) == 0 ? directory : "";
}

std::string script() { return source("tests/support/postgres_cluster.sh"); }

}  // namespace

bool tests_on_postgres() { return variable("MUSTER_TEST_DATABASE").starts_with(kPostgres); }

PostgresCluster& PostgresCluster::shared() {
  static PostgresCluster only;
  return only;
}

PostgresCluster::PostgresCluster() : prefix_("t" + std::to_string(::getpid()) + "_") {
  (void)state();  // is there longer
  directory_ = given_cluster();
  if (!directory_.empty()) return;
  char pattern[] = "/tmp/muster-postgres-XXXXXX";
  if (!::mkdtemp(pattern)) throw std::runtime_error("cannot make a directory for PostgreSQL");
  directory_ = pattern;
  is_ours_ = true;
  const auto started =
      run_program({script(), "start", directory_, std::to_string(::getpid())}, {},
                  {{"MUSTER_TEST_CLUSTER_KIND", std::string(variable("MUSTER_TEST_CLUSTER_KIND"))}},
                  std::chrono::seconds(90));
  if (started.exit != 0)
    throw std::runtime_error("PostgreSQL does not start (./dev setup installs it): " + started.out +
                             started.err);
}

PostgresCluster::~PostgresCluster() {
  if (is_ours_) {
    (void)run_program({script(), "stop", directory_});
    return;
  }
  for (int i = 1; i <= state().count; ++i) try {
      administer(url_of("muster"),
                 "DROP DATABASE IF EXISTS " + prefix_ + std::to_string(i) + " WITH (FORCE)");
    } catch (const std::exception&) {  // it goes with the cluster
    }
}

std::string PostgresCluster::url_of(const std::string& database) const {
  return "postgresql://muster@/" + database + "?host=" + directory_;
}

std::string PostgresCluster::new_database() {
  const std::lock_guard lock(state().mutex);
  const std::string name = prefix_ + std::to_string(++state().count);
  query(url_of("muster"), "CREATE DATABASE " + name);
  return url_of(name);
}

std::string PostgresCluster::database(const std::string& key) {
  {
    const std::lock_guard lock(state().mutex);
    if (const auto known = state().databases.find(key); known != state().databases.end())
      return known->second;
  }
  const auto url = new_database();
  const std::lock_guard lock(state().mutex);
  return state().databases.emplace(key, url).first->second;
}

void PostgresCluster::restart() {
  if (!is_ours_) throw std::logic_error("others use this cluster");
  const auto done = run_program({script(), "restart", directory_}, {}, {}, std::chrono::seconds(90));
  if (done.exit != 0) throw std::runtime_error("PostgreSQL does not start again: " + done.out + done.err);
}

void PostgresCluster::copy_database(const std::string& from, const std::string& key) {
  const auto name_in = [](const std::string& url) {
    const size_t begin = url.find("@/") + 2;
    return url.substr(begin, url.find('?') - begin);
  };
  const std::string source = name_in(database(from));
  const std::lock_guard lock(state().mutex);
  const std::string name = prefix_ + std::to_string(++state().count);
  query(url_of("muster"), "CREATE DATABASE " + name + " TEMPLATE " + source);
  state().databases[key] = url_of(name);
}

std::string PostgresCluster::as_role(const std::string& url, const std::string& role) {
  const size_t begin = url.find("//") + 2;
  return url.substr(0, begin) + role + url.substr(url.find('@', begin));
}

std::string PostgresCluster::query(const std::string& url, const std::string& sql) {
  return PostgresSession(url).query(sql);
}

PostgresSession::PostgresSession(const std::string& url) : connection_(PQconnectdb(url.c_str()), PQfinish) {}

std::string PostgresSession::query(const std::string& sql) {
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection_.get(), sql.c_str()),
                                                              PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(sql + ": " + PQerrorMessage(connection_.get()));
  std::string text;
  for (int row = 0; row < PQntuples(result.get()); ++row)
    text += std::string(PQgetvalue(result.get(), row, 0)) + "\n";
  return text;
}

}  // namespace muster::test
