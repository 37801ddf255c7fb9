// A thin client of the server's API: JSON in, JSON out, Basic auth, and the server's refusals as errors.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time/clock.h"
#include "cli/client/config.h"
#include "cli/output/progress.h"
#include "http/client/client.h"

namespace muster::cli {

class Api {
 public:
  /// `account`: the DEP account that every request is about; "" for the server's default one. `actor`: who
  /// asks, for the server's registry. `progress` shows requests that take long.
  Api(ServerConfig server, std::string account, std::string actor, std::shared_ptr<Progress> progress)
      : server_(std::move(server)),
        account_(std::move(account)),
        actor_(std::move(actor)),
        progress_(std::move(progress)),
        client_(std::make_unique<http::Client>()) {}

  /// Sends one request and reads the object that a 200 carries. `path` begins with a slash and may have a
  /// query. Any other status is an error of the code that http/error_status.h gives it, with the server's own
  /// text.
  Result<boost::json::object> get(const std::string& path);
  /// As get(), with `body` sent as JSON.
  Result<boost::json::object> send(const std::string& method, const std::string& path,
                                   const boost::json::value& body);
  /// As send(), for a body that is JSON already and goes out as it is written.
  Result<boost::json::object> send_text(const std::string& method, const std::string& path, std::string body);
  /// From now on a request without an answer fails after this time: where nobody waits minutes, as in
  /// completion.
  void be_patient_for(Millis time) { patience_ = time; }
  /// Gives the body of a 200 to `take` piece by piece, however large it is; `take` gives whether to go on.
  Result<> download(const std::string& path, http::BodySink take);

 private:
  http::ClientRequest request_of(const std::string& method, const std::string& path) const;
  Result<boost::json::object> exchange(const std::string& method, const std::string& path,
                                       std::optional<std::string> body);
  Result<http::Response> follow(http::ClientRequest request);

  ServerConfig server_;
  std::string account_;
  std::string actor_;
  std::shared_ptr<Progress> progress_;
  std::optional<Millis> patience_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace muster::cli
