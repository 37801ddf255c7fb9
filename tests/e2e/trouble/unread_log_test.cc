// Nobody reads standard error: the server works and stops normally.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/world.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

// Standard error is a named pipe.
class UnreadServer : public MusterServer {
 public:
  UnreadServer(const std::string& pipe, const std::vector<std::string>& flags)
      : MusterServer(std::make_unique<Process>(command_line(pipe, flags))) {}

 private:
  static std::vector<std::string> command_line(const std::string& pipe,
                                               const std::vector<std::string>& flags) {
    std::vector<std::string> argv{"bash",           "-c",   "exec \"$@\" 2> '" + pipe + "'", "bash",
                                  binary("muster"), "serve"};
    argv.insert(argv.end(), flags.begin(), flags.end());
    return argv;
  }
};

class UnreadLog : public World {};

TEST_F(UnreadLog, StopsNothing) {
  ASSERT_EQ(::mkfifo(path("log").c_str(), 0600), 0);
  const int reader = ::open(path("log").c_str(), O_RDWR | O_CLOEXEC);  // which never reads
  ASSERT_GE(reader, 0);
  UnreadServer server(
      path("log"), {"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-tls=false", "-config-path", data()});
  http::Client client;
  const auto get = [&](const std::string& path) {
    const auto response = client.send(api_request(server.url(), kApiKey, "GET", path));
    if (!response) throw std::runtime_error(response.error().text());
    return *response;
  };
  const std::string nowhere = "/" + std::string(490, 'x');
  const auto has_dropped_some = [&] {
    return get("/metrics").body.find("muster_log_lines_dropped_total 0\n") == std::string::npos;
  };
  for (int asked = 0; asked < 20 && !has_dropped_some(); ++asked)
    for (int call = 0; call < 500; ++call) ASSERT_EQ(get(nowhere).status, 404);
  EXPECT_TRUE(has_dropped_some());

  EXPECT_EQ(server.end_promptly(), 0);
  ::close(reader);
}

}  // namespace
}  // namespace muster::test
