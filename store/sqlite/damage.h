// Finding damage before it spreads.
#pragma once

#include <string>

#include "store/sqlite/database.h"

namespace muster::sqlite {

/// Looks through the database for damage, for a tenth of a second at most: enough for a hundred thousand devices. What it has
/// not come to by then, reading finds. Code::invalid names the file, what is wrong and what to do; nothing is changed.
Result<> look_for_damage(Database& database, const std::string& path);

/// The same for a directory that had a database and has none any more, or an empty one.
Result<> check_not_lost(bool database_was_made, const std::string& path);

}  // namespace muster::sqlite
