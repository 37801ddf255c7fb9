#include "bench/usage.h"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace muster::bench {
namespace {

// The number behind `key` in a file of /proc.
long long number_in(pid_t process, const char* file, const std::string& key) {
  const std::string path = "/proc/" + std::to_string(process) + "/" + file;
  std::ifstream lines(path);
  for (std::string word; lines >> word;) {
    if (word != key) continue;
    long long number = 0;
    if (lines >> number) return number;
  }
  throw std::runtime_error(path + " has no " + key);
}

}  // namespace

// The clock has nanoseconds where /proc/PID/stat has hundredths of a second.
double cpu_seconds(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0)
    throw std::runtime_error("no CPU clock of process " + std::to_string(process));
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double cpu_seconds_of_children(pid_t process) {
  double seconds = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    try {
      const auto child = static_cast<pid_t>(std::stol(name));
      if (number_in(child, "status", "PPid:") == process) seconds += cpu_seconds(child);
    } catch (const std::exception&) {  // it has ended meanwhile
    }
  }
  return seconds;
}

long long peak_memory(pid_t process) { return number_in(process, "status", "VmHWM:") * 1024; }

long long bytes_written(pid_t process) { return number_in(process, "io", "wchar:"); }

long long database_size(const std::string& directory) {
  long long bytes = 0;
  for (const char* name : {"/muster.db", "/muster.db-wal"}) {
    std::error_code absent;
    const auto size = std::filesystem::file_size(directory + name, absent);
    if (!absent) bytes += static_cast<long long>(size);
  }
  return bytes;
}

}  // namespace muster::bench
