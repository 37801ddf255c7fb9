// Finding damage before it spreads.
#pragma once

#include <chrono>
#include <string>

#include "store/sqlite/engine/database.h"

namespace muster::sqlite {

/// How long a start waits for a slow disk, or for other programs.
inline constexpr std::chrono::milliseconds kLongestLook{1000};

/// Looks for damage, for about a tenth of a second of processor time, and no longer than `longest`: through
/// all of a small database, up to some ten thousand devices; through the small tables of a large one, and at
/// the beginning of its large ones. What is not looked at, reading finds. Code::invalid names the file, what
/// is wrong and what to do; nothing is changed.
Result<> look_for_damage(Database& database, const std::string& path,
                         std::chrono::milliseconds longest = kLongestLook);

/// The same for a directory that had a database and has none any more, or an empty one.
Result<> check_not_lost(bool database_was_made, const std::string& path);

}  // namespace muster::sqlite
