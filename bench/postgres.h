// The PostgreSQL cluster of the benchmark: one of its own, which writes as a real one does.
#pragma once

#include <string>

#include "tests/support/postgres_cluster.h"

namespace muster::bench {

/// While it lives, servers that are started use PostgreSQL.
class OnPostgres {
 public:
  OnPostgres();
  ~OnPostgres();
  OnPostgres(const OnPostgres&) = delete;
  OnPostgres& operator=(const OnPostgres&) = delete;
};

/// What PostgreSQL has used so far, by the processes that are there.
double database_cpu_seconds();

/// The database of this directory is not needed any more.
void forget_database(const std::string& directory);

}  // namespace muster::bench
