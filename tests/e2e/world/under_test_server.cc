#include "tests/e2e/world/under_test_server.h"

#include <fmt/format.h>

#include <csignal>
#include <sstream>
#include <stdexcept>

#include "tests/support/master_keys.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

bool is_answer(const std::string& line) { return line.starts_with("ok") || line.starts_with("error"); }

// The answer with this number, from 0, among the lines of the output.
std::optional<std::string> nth_answer(const std::string& out, size_t number) {
  for (size_t begin = 0, end; (end = out.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = out.substr(begin, end - begin);
    if (is_answer(line) && number-- == 0) return line;
  }
  return std::nullopt;
}

std::vector<std::string> under_test_command(const std::vector<std::string>& flags, Time now,
                                            const std::optional<KillAt>& kill, const std::string& shadow) {
  std::vector<std::string> argv{binary("tests/muster_under_test"), "-now", std::to_string(to_millis(now))};
  if (kill) argv.insert(argv.end(), {"-kill", fmt::format("{}:{}", kill->point, kill->passing)});
  if (!shadow.empty()) argv.insert(argv.end(), {"-shadow", shadow});
  argv.insert(argv.end(), flags.begin(), flags.end());
  return on_test_database(std::move(argv));
}

}  // namespace

UnderTestServer::UnderTestServer(const std::vector<std::string>& flags, Time now,
                                 const std::optional<KillAt>& kill, const std::string& shadow)
    : MusterServer([&] {
        const auto argv = under_test_command(flags, now, kill, shadow);
        return std::make_unique<Process>(argv, Process::Input::open, with_master_key(argv));
      }()) {}

Time UnderTestServer::now() { return from_millis(std::stoll(command("now"))); }

Time UnderTestServer::advance(Millis by) {
  return from_millis(std::stoll(command("advance " + std::to_string(by.count()))));
}

Time UnderTestServer::jump(Millis by) {
  return from_millis(std::stoll(command("jump " + std::to_string(by.count()))));
}

void UnderTestServer::kill_at(const KillAt& kill) {
  command(fmt::format("kill {} {}", kill.point, kill.passing));
}

void UnderTestServer::throw_at(const std::string& point, long long passing) {
  command(fmt::format("throw {} {}", point, passing));
}

void UnderTestServer::set_disk_broken(bool broken) { command(broken ? "disk broken" : "disk free"); }

void UnderTestServer::set_disk_full(bool full) { command(full ? "disk full" : "disk free"); }

std::map<std::string, long long> UnderTestServer::passed() {
  std::map<std::string, long long> passed;
  std::istringstream words(command("passed"));
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    passed[word.substr(0, equals)] = std::stoll(word.substr(equals + 1));
  }
  return passed;
}

std::string UnderTestServer::command(const std::string& line) {
  const size_t number = answers_++;
  std::optional<std::string> answer;
  process().send_line(line);
  process().wait_for_output([&](const std::string& out) {
    answer = nth_answer(out, number);
    return answer.has_value();
  });
  if (!answer && wait_exit(std::chrono::seconds(1)) == 128 + SIGKILL)
    throw Killed("muster was killed: " + line);
  if (!answer || !answer->starts_with("ok"))
    throw std::runtime_error("the command \"" + line + "\" was answered by: " + answer.value_or("nothing") +
                             "\n" + output());
  return answer->substr(std::min<size_t>(3, answer->size()));
}

}  // namespace muster::test
