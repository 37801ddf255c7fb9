// The real server, measured from outside.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "http/client/client.h"
#include "tests/e2e/world/depsim.h"
#include "tests/e2e/world/muster_server.h"

namespace muster::bench {

inline constexpr const char* kApiKey = "key-of-the-benchmark";

class Server : public test::MusterServer {
 public:
  Server(const test::Depsim& depsim, const std::string& directory,
         const std::vector<std::string>& flags = {});

  /// A call of the API with the key. Throws unless the answer is 200.
  boost::json::object ask(const std::string& method, const std::string& path,
                          const boost::json::object& body = {});
  /// Has the default account run, and gives its report when it has ended well. `options`: more of the query.
  boost::json::object sync(const std::string& options = {});
  /// Waits for a line of the log; throws when the server ends or an hour passes without it.
  void await_line(const std::string& text);
  void pause(bool paused) { ask("PUT", "/api/v1/accounts/default", {{"paused", paused}}); }
  /// By SIGTERM, to its end.
  void stop();

 private:
  http::Client client_;
};

}  // namespace muster::bench
