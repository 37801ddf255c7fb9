// A line to Apple's service as bare as it can be: libcurl, one connection, one session, nothing read that
// need not be.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

namespace muster::bench {

/// All of it throws std::runtime_error when the service refuses: a floor that failed is no floor.
class AppleLine {
 public:
  /// Opens a session with depsim at `url`, as its first account.
  explicit AppleLine(std::string url);

  /// The body of the answer, valid until the next call.
  const std::string& call(const char* method, const std::string& path, const std::string& body);

 private:
  struct Close {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  };
  struct Free {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using HeaderList = std::unique_ptr<curl_slist, Free>;

  void use_session(const std::string& session);
  const std::string& send(const char* method, const std::string& path, const std::string* body,
                          curl_slist* headers);

  const std::string url_;
  const std::unique_ptr<CURL, Close> curl_;
  HeaderList headers_;       // of every call, the session among them
  std::string replacement_;  // of the session, as the last answer had it; usually ""
  std::string answer_;
};

/// What asks for the page behind `cursor`, with 1,000 devices.
std::string page_request(const std::string& cursor);
/// Of a page: found at its end, without reading the rest.
std::string cursor_of(const std::string& page);
bool more_follows(const std::string& page);

}  // namespace muster::bench
