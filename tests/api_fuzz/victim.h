// A server with depsim behind it, keys of every role, and what it must keep secret.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/world/depsim.h"
#include "tests/e2e/world/muster_server.h"
#include "tests/secrets/search.h"
#include "tests/support/temp_dir.h"

namespace muster::api_fuzz {

struct FuzzKey {
  std::string name;
  std::string text;
  bool may_see_secrets;
};

class Victim {
 public:
  Victim();

  const std::string& url() const { return server_->url(); }
  /// For any thread, and for as long as the victim lives.
  const std::vector<FuzzKey>& keys() const { return keys_; }
  const test::Secrets& secrets() const { return secrets_; }
  /// Of the profile `iPads`; in examples it is another one.
  const std::string& profile() const { return profile_; }

  /// Brings back what requests may have removed: accounts, devices, a profile, a list, rules.
  void restore();
  /// What is wrong with the server itself: internal errors in its log, secrets there, too much memory, too
  /// many descriptors; that it does not stop.
  std::vector<std::string> end();

 private:
  boost::json::object send(const std::string& method, const std::string& path,
                           const boost::json::object& body);

  const test::TempDir directory_;
  test::Depsim depsim_;
  std::unique_ptr<test::MusterServer> server_;
  std::vector<FuzzKey> keys_;
  test::Secrets secrets_;
  std::string profile_;
};

}  // namespace muster::api_fuzz
