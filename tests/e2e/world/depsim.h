// Apple's side of an end-to-end test: a depsim of its own, and its control calls (docs/depsim.md) as
// functions. All of them throw when depsim rejects: the test fails there, with depsim's reason.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "http/client/client.h"
#include "tests/support/process.h"

namespace muster::test {

using Serials = std::vector<std::string>;

boost::json::array to_json(const Serials& serials);

class Depsim {
 public:
  /// Starts it on a free port, with `flags` beside -listen.
  explicit Depsim(const std::vector<std::string>& flags);

  const std::string& url() const { return url_; }
  pid_t pid() const { return process_.pid(); }

  boost::json::object get(const std::string& path) const;
  boost::json::object post(const std::string& path, const boost::json::value& body) const;
  boost::json::object put(const std::string& path, const boost::json::value& body) const;
  void remove(const std::string& path) const;  ///< by DELETE

  /// The portal makes a token file (.p7m) for a certificate in PEM; `query` as docs/depsim.md has it.
  std::string make_token_file(const std::string& certificate, const std::string& account = "default",
                              const std::string& query = {}) const;

  /// POST /control/devices/{action}; returns the serials it was done to.
  Serials devices(const std::string& action, const boost::json::object& body) const;
  /// `count` devices arrive in the account.
  Serials add(long long count, const std::string& account = "default") const;
  /// All devices of the account.
  Serials serials(const std::string& account = "default") const;

  boost::json::object device(const std::string& serial) const;
  /// The UUID of the profile that is assigned to it, or pushed; "" when none is.
  std::string profile_of(const std::string& serial) const;
  /// The same of every device of the account.
  std::map<std::string, std::string> profiles(const std::string& account = "default") const;
  /// How many devices of the account have this profile.
  long long count_with(const std::string& profile, const std::string& account = "default") const;

  /// Calls that came to an endpoint, e.g. "POST /devices/sync"; rejected ones and those of faults, too.
  long long calls(const std::string& endpoint) const;
  long long all_calls() const;

  struct Assigned {
    long long calls = 0;    ///< assign calls that had an effect
    long long serials = 0;  ///< serials in them
    long long most_in_one_call = 0;
    long long successes = 0;  ///< serials answered SUCCESS
  };
  Assigned assigned() const;

  void add_fault(const boost::json::object& fault) const;
  /// The next call of the endpoint after `skip` others gets no answer for as long as the test lasts. It has
  /// its effect `when` it is "after", and never does when it is "before".
  void hold(const std::string& endpoint, const std::string& when = "before", int skip = 0) const;
  /// Whether every fault that was added is used up: the call that was to be held is being held.
  bool faults_are_used_up() const;

 private:
  boost::json::object call(const std::string& method, const std::string& path,
                           const boost::json::value* body) const;

  Process process_;
  std::string url_;
  mutable http::Client client_;
};

}  // namespace muster::test
