#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "bench/report.h"

namespace muster::bench {
namespace {

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown CPU";
}

// The block device below the directory, and whether it turns.
std::string disk_of(const std::string& directory) {
  struct stat status {};
  struct statfs system {};
  if (::stat(directory.c_str(), &status) != 0 || ::statfs(directory.c_str(), &system) != 0)
    return "unknown disk";
  constexpr long kTmpfs = 0x01021994;
  if (system.f_type == kTmpfs) return "no disk (tmpfs)";
  const std::string number = fmt::format("{}:{}", major(status.st_dev), minor(status.st_dev));
  std::error_code error;
  const auto block = std::filesystem::read_symlink("/sys/dev/block/" + number, error).filename().string();
  std::ifstream turns("/sys/dev/block/" + number + "/queue/rotational");
  char flag = '?';
  turns >> flag;
  return fmt::format("disk {}{}", block.empty() ? number : block,
                     flag == '1'   ? " (rotational)"
                     : flag == '0' ? " (not rotational)"
                                   : "");
}

}  // namespace

std::string describe_machine(const std::string& directory) {
  utsname system{};
  ::uname(&system);
  const double memory =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e9;
  return fmt::format("{}, {} cores, {:.0f} GB, Linux {}, {}", cpu_name(), ::sysconf(_SC_NPROCESSORS_ONLN),
                     memory, system.release, disk_of(directory));
}

double load_of_machine() {
  double load = 0;
  ::getloadavg(&load, 1);
  return load;
}

}  // namespace muster::bench
