#include "tests/e2e/world/muster_server.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <stop_token>
#include <thread>

#include "tests/support/eventually.h"
#include "tests/support/master_keys.h"
#include "tests/support/places.h"
#include "tests/support/postgres_cluster.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kMusterListening = "muster listening on ";

std::vector<std::string> muster_command(const std::vector<std::string>& flags) {
  std::vector<std::string> argv{binary("muster"), "serve"};
  argv.insert(argv.end(), flags.begin(), flags.end());
  return on_test_database(std::move(argv));
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr auto kStopLimit = 10s;  // a filter takes several times as long with sanitizers
#else
constexpr auto kStopLimit = 2s;  // docs/serve.md
#endif

// How much time the machine had for one more busy thread: all of it where nothing else runs, little beside
// builds and other tests.
class MachineTime {
 public:
  std::chrono::nanoseconds spent() const { return spent_.load(); }

 private:
  static std::chrono::nanoseconds of_this_thread() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

  std::atomic<std::chrono::nanoseconds> spent_{0ns};
  std::jthread thread_{[this](const std::stop_token& stop) {
    while (!stop.stop_requested()) spent_ = of_this_thread();
  }};
};

}  // namespace

std::vector<std::string> on_test_database(std::vector<std::string> argv) {
  const auto flag = std::find(argv.begin(), argv.end(), "-config-path");
  if (!tests_on_postgres() || argv.end() - flag < 2) return argv;
  const std::string directory = *(flag + 1);
  argv.insert(argv.end(), {"-database", PostgresCluster::shared().database(directory)});
  return argv;
}

MusterServer::MusterServer(const std::vector<std::string>& flags, const Environment& environment)
    : MusterServer([&] {
        const auto argv = muster_command(flags);
        return std::make_unique<Process>(argv, with_master_key(argv, environment));
      }()) {}

MusterServer::MusterServer(std::unique_ptr<Process> process) : process_(std::move(process)) {
  const auto line = process_->wait_for_line(std::string(kMusterListening));
  if (!line && process_->wait_exit(std::chrono::seconds(1)) == 128 + SIGKILL)
    throw Killed("muster was killed before it listened");
  if (!line) throw std::runtime_error("muster did not start\n" + process_->output());
  url_ = line->substr(kMusterListening.size());
}

unsigned short MusterServer::port() const {
  return static_cast<unsigned short>(std::stoi(url_.substr(url_.rfind(':') + 1)));
}

long long MusterServer::peak_memory() const {
  std::ifstream status("/proc/" + std::to_string(pid()) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::atoll(line.c_str() + 6) * 1024;
  return 0;
}

LogLine MusterServer::await(std::string_view event, size_t since, const Condition& condition) {
  std::optional<LogLine> found;
  const bool came = eventually(
      [&] {
        for (auto& line : events(event, since)) {
          if (condition && !condition(line)) continue;
          found = std::move(line);
          return true;
        }
        return false;
      },
      kDeadline);
  if (!came)
    throw std::runtime_error("waited in vain for event=" + std::string(event) + "\n" + process_->output());
  return *found;
}

std::vector<LogLine> MusterServer::events(std::string_view event, size_t since) const {
  std::vector<LogLine> found;
  // Most lines are of other events, and not worth reading.
  const std::string written = "event=" + std::string(event);
  for (auto& line : lines_of(log(), since))
    if (line.text().find(written) != std::string::npos && line.event() == event)
      found.push_back(std::move(line));
  return found;
}

std::optional<int> MusterServer::end_promptly() {
  send_signal(SIGTERM);
  const MachineTime time;
  std::optional<int> exit;
  while (!exit && time.spent() < kStopLimit) exit = wait_exit(20ms);
  return exit;
}

std::vector<std::string> MusterServer::device_warnings(size_t since) const {
  std::vector<std::string> texts;
  for (const auto& line : events("device.warning", since)) texts.push_back(line.field("msg"));
  return texts;
}

}  // namespace muster::test
