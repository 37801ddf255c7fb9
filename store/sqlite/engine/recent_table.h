// The recent serials (recent_serials.h) as a table of SQL's, so that a statement asks them and the index in
// the file in the same words:
//
//   serial_recent (owner, number, place)
#pragma once

#include <sqlite3.h>

#include "store/sqlite/engine/recent_serials.h"

namespace muster::sqlite {

/// Makes the table `serial_recent` known on a connection. It shows `*runs` as they are when a statement
/// begins; they may change while none is under way, and must outlive the connection.
void add_recent_table(sqlite3* database, const SerialRuns* runs);

}  // namespace muster::sqlite
