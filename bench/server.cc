#include "bench/server.h"

#include <csignal>
#include <stdexcept>

#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"

namespace muster::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kWholeRun = 1h;

std::vector<std::string> flags_for(const test::Depsim& depsim, const std::string& directory,
                                   const std::vector<std::string>& more) {
  std::vector<std::string> flags{"-api-key",   kApiKey,          "-http-addr", "127.0.0.1:0",
                                 "-tls=false", "-config-path",   directory,    "-depsim",
                                 depsim.url(), "-request-limit", "0"};
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

}  // namespace

Server::Server(const test::Depsim& depsim, const std::string& directory,
               const std::vector<std::string>& flags)
    : MusterServer(flags_for(depsim, directory, flags)), client_(kWholeRun) {}

boost::json::object Server::ask(const std::string& method, const std::string& path,
                                const boost::json::object& body) {
  auto request = test::api_request(url(), kApiKey, method, path, body.empty() ? "" : write_json(body));
  request.first_byte_timeout = request.total_timeout = kWholeRun;
  const auto response = client_.send(request);
  if (!response) throw std::runtime_error(path + ": " + response.error().text());
  if (response->status != 200) throw std::runtime_error(path + ": " + response->body);
  if (response->body.empty()) return {};
  return parse_json(response->body).value().as_object();
}

boost::json::object Server::sync(const std::string& options) {
  const std::string path = "/v1/dep/syncnow?wait=300" + options;
  auto report = ask("POST", path);
  while (!report.at("done").as_bool())
    report = ask("POST", path + "&sync_id=" + std::to_string(report.at("sync_id").to_number<long long>()));
  if (report.contains("error")) throw std::runtime_error("the run failed: " + write_json(report));
  return report;
}

void Server::await_line(const std::string& text) {
  if (!process().wait_for_line(text, kWholeRun))
    throw std::runtime_error("waited in vain for " + text + "\n" + output());
}

void Server::stop() {
  send_signal(SIGTERM);
  if (wait_exit(1min) != 0) throw std::runtime_error("the server did not end well\n" + output());
}

}  // namespace muster::bench
