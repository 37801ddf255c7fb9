#include "tests/scenario/muster_under_test.h"

#include "tests/scenario/failed.h"

namespace muster::test {

MusterUnderTest::MusterUnderTest(Time now, const std::vector<std::string>& flags) : now_(now) {
  try {
    server_ = std::make_unique<UnderTestServer>(flags, now);
  } catch (const std::runtime_error& error) {
    throw Failed(error.what());
  }
}

void MusterUnderTest::advance_to(Time now) {
  try {
    server_->advance(now - now_);
  } catch (const Killed&) {
  } catch (const std::runtime_error& error) {
    throw Failed(error.what());
  }
  now_ = now;
}

void MusterUnderTest::kill_at(const std::string& point, long long passing) {
  server_->kill_at({point, passing});
}

int MusterUnderTest::wait_exit() {
  const auto exit = server_->wait_exit(kPatience);
  if (!exit) throw Failed("Muster does not end\n" + server_->output());
  return *exit;
}

}  // namespace muster::test
