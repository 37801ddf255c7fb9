#include "tests/scenario/muster_under_test.h"

#include <fmt/format.h>

#include "tests/scenario/failed.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

constexpr std::string_view kListening = "muster listening on ";

std::vector<std::string> command_line(Time now, const std::vector<std::string>& flags) {
  std::vector<std::string> argv{binary("tests/muster-under-test"), std::to_string(to_millis(now))};
  argv.insert(argv.end(), flags.begin(), flags.end());
  return argv;
}

}  // namespace

MusterUnderTest::MusterUnderTest(Time now, const std::vector<std::string>& flags)
    : process_(command_line(now, flags), {}, Process::Talk{}), now_(now) {
  const auto line = process_.wait_for_line(std::string(kListening));
  if (!line) throw Failed("Muster did not start\n" + process_.output());
  url_ = line->substr(kListening.size());
}

void MusterUnderTest::advance_to(Time now) {
  command(fmt::format("advance {}\n", (now - now_).count()), fmt::format("now {}", to_millis(now)));
  now_ = now;
}

void MusterUnderTest::kill_at(const std::string& point, long long passing) {
  command(fmt::format("kill {} {}\n", point, passing), fmt::format("armed {} {}", point, passing));
}

// A server that died meanwhile says nothing: whoever waits for it to be quiet will notice.
void MusterUnderTest::command(const std::string& line, const std::string& answer) {
  if (process_.say(line) && !process_.wait_for_line(answer) && runs())
    throw Failed("Muster's test program did not obey \"" + line + "\"\n" + process_.output());
}

int MusterUnderTest::wait_exit() {
  const auto exit = process_.wait_exit();
  if (!exit) throw Failed("Muster does not end\n" + process_.output());
  return *exit;
}

}  // namespace muster::test
