#include "tests/handover/mariadb.h"

#include <unistd.h>

#include <chrono>
#include <stdexcept>

#include "tests/support/eventually.h"

namespace muster::test {
namespace {

constexpr const char* kPassword = "p@ss/w:rd?";
constexpr const char* kDatabase = "nanodep";
constexpr std::chrono::seconds kUntilInstalled{120};  // on a busy machine

// The server refuses to be root without being told to.
std::vector<std::string> as_owner(std::vector<std::string> argv) {
  if (geteuid() == 0) argv.emplace_back("--user=root");
  return argv;
}

}  // namespace

MariaDb::MariaDb() {
  const std::string data = directory_.file("data");
  const auto made = run_program(as_owner({"mariadb-install-db", "--no-defaults", "--datadir=" + data,
                                          "--auth-root-authentication-method=normal", "--skip-test-db"}),
                                {}, {}, kUntilInstalled);
  if (made.exit != 0) throw std::runtime_error("mariadb-install-db: " + made.out + made.err);
  server_ = std::make_unique<Process>(as_owner(
      {"/usr/sbin/mariadbd", "--no-defaults", "--datadir=" + data, "--socket=" + socket(),
       "--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--pid-file=" + directory_.file("pid")}));
  const auto answers = [&] {
    return run_program({"mariadb", "--no-defaults", "--socket=" + socket(), "-uroot", "-e", "SELECT 1"})
               .exit == 0;
  };
  if (!eventually(answers, kUntilInstalled)) throw std::runtime_error("mariadbd: " + server_->output());
  run(std::string("CREATE USER nanodep@localhost IDENTIFIED BY '") + kPassword +
      "'; GRANT SELECT ON nanodep.* TO nanodep@localhost");
}

std::string MariaDb::dsn() const {
  return std::string("nanodep:") + kPassword + "@unix(" + socket() + ")/" + kDatabase + "?parseTime=true";
}

void MariaDb::run(const std::string& sql) const {
  const auto result = run_program({"mariadb", "--no-defaults", "--socket=" + socket(), "-uroot"},
                                  std::string("CREATE DATABASE IF NOT EXISTS nanodep; USE nanodep; ") + sql);
  if (result.exit != 0) throw std::runtime_error("mariadb: " + result.err);
}

}  // namespace muster::test
