#include "tests/e2e/world/world.h"

#include <sys/stat.h>

#include <csignal>
#include <regex>
#include <stdexcept>

#include "base/os/files.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/described_api.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

// What gives a secret away in any log: OAuth secrets and tokens of depsim's making, keys, and headers that
// carry them.
const std::regex kSecretShapes(
    "(CS|AT|AS)_[0-9a-f]{16}|mst_[0-9A-Za-z]{10}_|PRIVATE KEY|oauth_signature|Authorization: |X-ADM-Auth-Session: ");

std::string directory_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

std::string uuid_in(const std::string& output) {
  std::smatch match;
  if (!std::regex_search(output, match, std::regex("Defined DEP Profile with UUID ([0-9A-F]{32})\n")))
    throw std::runtime_error("no profile was defined: " + output);
  return match[1];
}

void World::TearDown() {
  keep_log();
  std::vector<std::string> secrets{kApiKey, base64_encode(std::string("micromdm:") + kApiKey)};
  secrets.insert(secrets.end(), secrets_.begin(), secrets_.end());
  for (const auto& line : lines_of(logs_)) {
    for (const auto& secret : secrets)
      EXPECT_EQ(line.text().find(secret), std::string::npos) << "a secret is in the log: " << line.text();
    EXPECT_FALSE(std::regex_search(line.text(), kSecretShapes))
        << "a secret may be in the log: " << line.text();
    if (internal_errors_expected_) continue;
    EXPECT_NE(line.event(), "api.failed") << line.text();
    EXPECT_NE(line.event(), "internal.error") << line.text();
  }
  if (HasFailure()) std::fputs(("--- the server's log\n" + logs_).c_str(), stderr);
}

void World::keep_log() {
  if (muster_) logs_ += muster_->log();
  muster_.reset();
}

void World::start_muster(const std::vector<std::string>& more_flags) {
  keep_log();
  std::vector<std::string> flags{"-api-key",   kApiKey,        "-http-addr", "127.0.0.1:0",
                                 "-tls=false", "-config-path", data()};
  if (depsim_) flags.insert(flags.end(), {"-depsim", depsim_->url()});
  flags.insert(flags.end(), more_flags.begin(), more_flags.end());
  muster_ = std::make_unique<MusterServer>(flags);
  run_well("mdmctl config set -name test -api-token \"$APIKEY\" -server-url \"$SERVER_URL\"");
}

void World::stop_muster() {
  muster_->send_signal(SIGTERM);
  EXPECT_EQ(muster_->wait_exit(kDeadline), 0) << muster_->output();
  keep_log();
}

void World::kill_muster() {
  muster_->send_signal(SIGKILL);
  EXPECT_EQ(muster_->wait_exit(kDeadline), 128 + SIGKILL) << muster_->output();
  keep_log();
}

void World::write(const std::string& name, const std::string& content) const {
  if (const auto written = write_file(path(name), content); !written)
    throw std::runtime_error(written.error().text());
}

std::string World::read(const std::string& name) const {
  const auto content = read_file(path(name));
  if (!content) throw std::runtime_error(content.error().text());
  return *content;
}

ProgramResult World::run(const std::string& line, const Environment& more) const {
  const char* programs = std::getenv("PATH");
  Environment environment{
      {"HOME", path("home")},
      {"PATH", directory_of(binary("mdmctl")) + ":" + (programs ? programs : "/usr/bin:/bin")},
      {"APIKEY", kApiKey},
      {"SERVER_URL", muster_ ? muster_->url() : ""}};
  for (const auto& [name, value] : more) environment[name] = value;
  ::mkdir(path("home").c_str(), 0700);
  return run_program({"bash", "-c", "cd '" + directory_.path() + "' && " + line}, {}, environment);
}

std::string World::run_well(const std::string& line) const {
  const auto result = run(line);
  EXPECT_EQ(result.exit, 0) << line << "\n" << result.out << result.err;
  EXPECT_EQ(result.err, "") << line;
  return result.out;
}

std::string World::run_badly(const std::string& line) const {
  const auto result = run(line);
  EXPECT_EQ(result.exit, 1) << line << "\n" << result.out << result.err;
  EXPECT_EQ(result.out, "") << line;
  return result.err;
}

http::Response World::call(const std::string& method, const std::string& path,
                           const std::string& body) const {
  auto request = api_request(muster_->url(), kApiKey, method, path, body);
  request.chunked = request.has_body;  // as MicroMDM's mdmctl does
  http::Client client;
  const auto response = client.send(request);
  if (!response) throw std::runtime_error(response.error().text());
  expect_as_described(method, path, *response);
  return *response;
}

void World::sync_now() const {
  const auto response = call("POST", "/v1/dep/syncnow");
  if (response.status != 200) throw std::runtime_error("syncnow: " + response.body);
}

void World::await_baseline(long long devices) {
  muster().await("sync.done", 0, [&](const LogLine& line) { return line.number("devices") == devices; });
}

std::string World::define_profile(const std::string& filter, const std::string& name) {
  const boost::json::object profile{
      {"profile_name", name}, {"url", "https://mdm.example.org/enroll"}, {"is_mandatory", true}};
  write("profile.json", write_json(profile));
  return uuid_in(run_well("mdmctl apply dep-profiles -f profile.json" +
                          (filter.empty() ? "" : " -filter='" + filter + "'")));
}

void World::await_idle() {
  const auto is_idle = [&] {
    const std::string accounts = call("GET", "/api/v1/accounts").body;
    return accounts.find("\"running\":true") == std::string::npos &&
           accounts.find("\"waiting\":0,") != std::string::npos &&
           call("GET", "/api/v1/backfill").body.find("\"none\"") != std::string::npos;
  };
  if (!comes_true(is_idle))
    throw std::runtime_error("the server does not come to rest\n" + muster().output());
}

void World::await_assigned(long long count, const std::string& profile, size_t since) {
  const bool assigned = comes_true([&] { return depsim().count_with(profile) == count; });
  if (!assigned)
    throw std::runtime_error(std::to_string(depsim().count_with(profile)) +
                             " devices have the profile, not " + std::to_string(count) + "\n" +
                             muster().output());
  muster().await("sync.done", since, [](const LogLine& line) { return line.number("confirmed") > 0; });
}

}  // namespace muster::test
