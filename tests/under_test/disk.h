// The disk under the database, in a test's hands: it can be full or broken, and it can lose what was not
// synced, as at a power cut. A layer between SQLite and the system's files; every database opened after
// install() goes through it.
#pragma once

#include <string>

namespace muster::under_test {

/// Makes it the layer of all databases. `shadow`: a directory that gets a copy of each database file and log
/// as it was at its last sync, which is all that a power cut is sure to leave; "" for none.
void install_disk(const std::string& shadow);

enum class Disk {
  free,    ///< has room
  full,    ///< writing fails
  broken,  ///< reading and writing fail, and so does every transaction that begins
};

/// From now on it is so. Any thread.
void set_disk(Disk disk);

}  // namespace muster::under_test
