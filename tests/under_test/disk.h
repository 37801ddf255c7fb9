// The disk under the database, in a test's hands: it can be full, and it can lose what was not synced, as at a power
// cut. A layer between SQLite and the system's files; every database opened after install() goes through it.
#pragma once

#include <string>

namespace muster::under_test {

/// Makes it the layer of all databases. `shadow`: a directory that gets a copy of each database file and log as it was
/// at its last sync, which is all that a power cut is sure to leave; "" for none.
void install_disk(const std::string& shadow);

/// From now on writing fails as it does on a full disk, or works again. Any thread.
void set_disk_full(bool full);

}  // namespace muster::under_test
