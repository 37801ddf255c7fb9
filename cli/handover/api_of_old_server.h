// Requests to another server's API: Basic auth, JSON answers.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/client/client.h"

namespace muster::cli {

class ApiOfOldServer {
 public:
  /// `user`: the one that such a server expects beside the key. Code::invalid for a URL that is none.
  static Result<ApiOfOldServer> create(const std::string& url, std::string user, std::string key,
                                       bool skip_verify);

  /// The JSON of a 200. Any other status is an error of the code that http/error_status.h gives it, with the
  /// server's own text and without the key.
  Result<boost::json::value> get(const std::string& path);
  Result<boost::json::value> send(const std::string& method, const std::string& path,
                                  const std::string& body);

 private:
  ApiOfOldServer(std::string url, std::string authorization, bool skip_verify)
      : url_(std::move(url)), authorization_(std::move(authorization)), skip_verify_(skip_verify) {}
  Result<boost::json::value> exchange(const std::string& method, const std::string& path,
                                      const std::string* body);

  std::string url_;  // without a slash at its end
  std::string authorization_;
  bool skip_verify_;
  std::unique_ptr<http::Client> client_ = std::make_unique<http::Client>();
};

}  // namespace muster::cli
