// depsim: Apple's device assignment service on this machine, for tests and demonstrations. docs/depsim.md is
// its manual. It listens until SIGTERM or SIGINT; the first line on standard output says where.
#include <fmt/format.h>

#include <csignal>
#include <cstdio>

#include "sim/simulator.h"

namespace {

using namespace muster;

constexpr size_t kWorkers = 64;  // handlers may wait out latencies and delays
constexpr auto kStopGrace = std::chrono::seconds(2);
constexpr auto kIdleTimeout = std::chrono::hours(1);

int fail(const Error& error) {
  fmt::print(stderr, "depsim: {}\n", error.text());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  // Before any thread starts, so that the signals reach sigwait() below and nobody else.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  const auto options = sim::parse_options(std::vector<std::string>(argv + 1, argv + argc));
  if (!options) {
    if (options.error().code != Code::cancelled) return fail(options.error());
    fmt::print("{}", options.error().message);
    return 0;
  }
  if (options->version) {
    fmt::print("depsim {}\n", MUSTER_VERSION);
    return 0;
  }

  const auto simulator = sim::Simulator::create(*options);
  if (!simulator) return fail(simulator.error());
  http::ServerOptions server_options;
  server_options.address = options->listen;
  server_options.tls = options->tls;
  server_options.workers = kWorkers;
  server_options.streams = kWorkers;
  server_options.idle_timeout = kIdleTimeout;
  server_options.body_limit = 256 << 20;  // a control call may list a million serials
  const auto server = http::Server::start(
      server_options, [&](const http::Request& request) { return (*simulator)->handle(request); });
  if (!server) return fail(server.error());

  const std::string host =
      options->listen.host.empty() || options->listen.host == "0.0.0.0" ? "127.0.0.1" : options->listen.host;
  fmt::print("depsim listening on {}://{}:{}\n", options->tls ? "https" : "http",
             host.find(':') == std::string::npos ? host : "[" + host + "]", (*server)->port());
  std::fflush(stdout);

  int signal = 0;
  sigwait(&signals, &signal);
  (*simulator)->stop();
  (*server)->stop(kStopGrace);
  return 0;
}
