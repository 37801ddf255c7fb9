#include "bench/postgres.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "bench/usage.h"

namespace muster::bench {

OnPostgres::OnPostgres() {
  ::setenv("MUSTER_TEST_CLUSTER_KIND", "durable", 1);
  ::setenv("MUSTER_TEST_DATABASE", "postgresql", 1);
}

OnPostgres::~OnPostgres() { ::unsetenv("MUSTER_TEST_DATABASE"); }

double database_cpu_seconds() {
  std::ifstream file(test::PostgresCluster::shared().socket() + "/data/postmaster.pid");
  pid_t postmaster = 0;
  if (!(file >> postmaster)) throw std::runtime_error("PostgreSQL does not run");
  return cpu_seconds(postmaster) + cpu_seconds_of_children(postmaster);
}

void forget_database(const std::string& directory) {
  auto& cluster = test::PostgresCluster::shared();
  const auto url = cluster.database(directory);
  const size_t begin = url.find("@/") + 2;
  // As a superuser: autovacuum may be at work in it.
  test::PostgresCluster::administer(
      cluster.database("administration"),
      "DROP DATABASE " + url.substr(begin, url.find('?') - begin) + " WITH (FORCE)");
}

}  // namespace muster::bench
