// The database that servers share: whether it can be used, and its schema.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "store/postgres/engine/connection.h"

namespace muster::postgres {

/// Connects, and brings the schema up to date; of several servers that start at once, one does. Errors: as
/// open() (open.h).
Result<std::unique_ptr<Connection>> open_database(const ConnectionSettings& settings);

/// 0 for a database that has none of ours.
Result<std::int64_t> schema_version(Connection& db);

}  // namespace muster::postgres
