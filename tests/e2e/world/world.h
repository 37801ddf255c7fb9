// Everything an end-to-end test needs: Apple's service simulated, the server, and the command line of a
// person, in a directory of their own. After every test the server's logs are searched for secrets and for
// internal errors.
//
//   start_depsim({"-devices", "20"});
//   start_muster();
//   await_baseline();
//   EXPECT_EQ(run("mdmctl get dep-autoassigners").out, "Filter  DEP Profile UUID\n");
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/client/client.h"
#include "tests/e2e/world/depsim.h"
#include "tests/e2e/world/muster_server.h"
#include "tests/support/temp_dir.h"

namespace muster::test {

/// The server's API key in every test.
inline constexpr const char* kApiKey = "key-of-the-end-to-end-tests";

class World : public testing::Test {
 protected:
  void TearDown() override;

  void start_depsim(const std::vector<std::string>& flags = {}) { depsim_.emplace(flags); }
  /// Starts the server with a depsim that was started, on the directory data(), and tells mdmctl where it is.
  void start_muster(const std::vector<std::string>& more_flags = {});
  /// By SIGTERM; it must end well.
  void stop_muster();
  /// By SIGKILL.
  void kill_muster();

  Depsim& depsim() { return *depsim_; }
  MusterServer& muster() { return *muster_; }

  std::string path(const std::string& name) const { return directory_.file(name); }
  std::string data() const { return path("data"); }
  void write(const std::string& name, const std::string& content) const;
  std::string read(const std::string& name) const;

  /// A line as one types it into a shell, in the test's directory: mdmctl, depsim and muster are in PATH, the
  /// API key is in $APIKEY and the server's address in $SERVER_URL.
  ProgramResult run(const std::string& line, const Environment& more = {}) const;
  /// The same; it must print nothing on standard error and exit with 0. Returns its standard output.
  std::string run_well(const std::string& line) const;
  /// The same; it must print nothing on standard output and exit with 1. Returns its standard error.
  std::string run_badly(const std::string& line) const;

  /// A call of the API with the key. The answer must be as docs/openapi.yaml describes it.
  http::Response call(const std::string& method, const std::string& path, const std::string& body = {}) const;
  void sync_now() const;

  /// Waits for the end of the first run that found `devices` devices.
  void await_baseline(long long devices);
  /// Defines a profile, with the filter when one is given. Returns its UUID.
  std::string define_profile(const std::string& filter = {}, const std::string& name = "Example profile");
  /// True when `condition()` comes true in time.
  template <class Condition>
  bool comes_true(Condition condition) const;
  /// Waits until `count` devices of depsim's default account have the profile, and for the end of that run.
  void await_assigned(long long count, const std::string& profile, size_t since = 0);
  /// Waits until the server has nothing in progress: no run, no pass over the devices, and no assignment that
  /// waits.
  void await_idle();
  /// Has the log of a server that the test started by itself searched, too.
  void inspect_log_of(const MusterServer& server) { logs_ += server.log(); }
  /// What must not be in any log, beside the API key and the simulator's well-known token.
  void add_secret(std::string secret) { secrets_.push_back(std::move(secret)); }
  /// For tests that provoke an internal error.
  void expect_internal_errors() { internal_errors_expected_ = true; }

 private:
  void keep_log();

  const TempDir directory_;
  std::optional<Depsim> depsim_;
  std::unique_ptr<MusterServer> muster_;
  std::string logs_;  // of servers that ended
  std::vector<std::string> secrets_;
  bool internal_errors_expected_ = false;
};

/// The whole answer of `mdmctl apply dep-profiles`, whose UUID cannot be known before.
std::string uuid_in(const std::string& output);

}  // namespace muster::test

#include "tests/support/eventually.h"

namespace muster::test {

template <class Condition>
bool World::comes_true(Condition condition) const {
  return eventually(std::move(condition), kDeadline);
}

}  // namespace muster::test
