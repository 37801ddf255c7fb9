// What SQL asks of C++, so that both answer alike.
#pragma once

#include <sqlite3.h>

namespace muster::sqlite {

/// Adds to a connection:
///   muster_glob(pattern, text)     base/text/glob.h
///   muster_migrating(other)        model/device_flags.h, of the device's column `other`
///   muster_replacement(other)
/// Each gives 0 or 1.
void add_functions(sqlite3* database);

}  // namespace muster::sqlite
