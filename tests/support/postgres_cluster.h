// A PostgreSQL cluster for tests: the one that ctest started for all of them, or one for this process that
// goes with it. No server that is there already is touched.
//
//   MUSTER_TEST_CLUSTER=DIR                 ctest's: the directory of its socket
//   MUSTER_TEST_CLUSTER_KIND=durable        what a process starts itself writes as a real one does, for
//                                           benchmarks
//   MUSTER_TEST_DATABASE=postgresql[:DIR]   suites for both backends run on PostgreSQL; DIR as above
#pragma once

#include <memory>
#include <string>

struct pg_conn;

namespace muster::test {

/// Whether the suites for both backends are to run on PostgreSQL.
bool tests_on_postgres();

class PostgresCluster {
 public:
  /// Starts it when it is first asked for. Throws when PostgreSQL is not installed or does not start.
  static PostgresCluster& shared();
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  /// The URL of the database of this key, for a role that is no superuser; a new database for a new key.
  std::string database(const std::string& key);
  /// The database of `key` is a copy of that of `from`, which nobody uses.
  void copy_database(const std::string& from, const std::string& key);
  /// The URL of a new database.
  std::string new_database();

  /// Kills it at once, and starts it again. Only for a cluster of this process's own.
  void restart();
  /// The directory of its socket.
  const std::string& socket() const { return directory_; }

  /// The same database for another role.
  static std::string as_role(const std::string& url, const std::string& role);
  /// Runs SQL as the superuser, as query() does.
  static std::string administer(const std::string& url, const std::string& sql) {
    return query(as_role(url, "postgres"), sql);
  }

  /// Runs SQL on a database and gives the first column of its rows, each on a line. Throws when it fails.
  static std::string query(const std::string& url, const std::string& sql);

 private:
  PostgresCluster();
  std::string url_of(const std::string& database) const;

  std::string directory_;
  bool is_ours_ = false;
  std::string prefix_;  // of this process's databases
};

/// A connection of a test's own, for one that asks often: a new one takes the server longer than most
/// questions.
class PostgresSession {
 public:
  explicit PostgresSession(const std::string& url);

  /// As PostgresCluster::query().
  std::string query(const std::string& sql);

 private:
  std::unique_ptr<pg_conn, void (*)(pg_conn*)> connection_;
};

}  // namespace muster::test
