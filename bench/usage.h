// What a process has used so far, as the kernel counts it.
#pragma once

#include <sys/types.h>

#include <string>

namespace muster::bench {

/// CPU seconds of all its threads, those that ended too, user and system.
double cpu_seconds(pid_t process);
/// The same of all processes whose parent it is, those that ended left out.
double cpu_seconds_of_children(pid_t process);
/// The most memory it ever had, in bytes (VmHWM).
long long peak_memory(pid_t process);
/// Bytes that it gave to write() and its kin, into the page cache or out of it: its files, not its
/// connections.
long long bytes_written(pid_t process);
/// Bytes of the database and its log.
long long database_size(const std::string& directory);

}  // namespace muster::bench
