#include "bench/apple_line.h"

#include <boost/json.hpp>
#include <stdexcept>
#include <utility>

#include "apple/session/oauth.h"
#include "base/text/strings.h"

namespace muster::bench {
namespace {

constexpr size_t kTail = 400;  // bytes at the end of a page that hold all but its devices

size_t take(char* data, size_t size, size_t count, void* answer) {
  static_cast<std::string*>(answer)->append(data, size * count);
  return size * count;
}

// Apple replaces a session now and then, in the headers of any answer. `session` takes the new one.
size_t look_for_session(char* data, size_t size, size_t count, void* session) {
  constexpr std::string_view kName = "X-ADM-Auth-Session: ";
  const std::string_view line(data, size * count);
  if (equals_ignoring_case(line.substr(0, kName.size()), kName))
    *static_cast<std::string*>(session) = trim(line.substr(kName.size()));
  return size * count;
}

curl_slist* with(curl_slist* list, const std::string& line) { return curl_slist_append(list, line.c_str()); }

size_t tail_of(const std::string& page) { return page.size() > kTail ? page.size() - kTail : 0; }

std::string text(const boost::json::value& value, const char* key) {
  return std::string(value.at(key).as_string());
}

}  // namespace

AppleLine::AppleLine(std::string url) : url_(std::move(url)), curl_(curl_easy_init()) {
  const auto told = boost::json::parse(send("GET", "/token", nullptr, nullptr));
  const Token token{.consumer_key = text(told, "consumer_key"),
                    .consumer_secret = text(told, "consumer_secret"),
                    .access_token = text(told, "access_token"),
                    .access_secret = text(told, "access_secret"),
                    .access_token_expiry = {}};
  const auto stamp = apple::fresh_stamp(SystemClock().now());
  const HeaderList signature(
      with(nullptr, "Authorization: " + apple::oauth_header("GET", url_ + "/session", token, stamp)));
  const auto opened = boost::json::parse(send("GET", "/session", nullptr, signature.get()));
  use_session(text(opened, "auth_session_token"));
}

void AppleLine::use_session(const std::string& session) {
  auto* headers = with(nullptr, "X-ADM-Auth-Session: " + session);
  headers = with(headers, "X-Server-Protocol-Version: 10");
  headers_.reset(with(headers, "Content-Type: application/json;charset=UTF8"));
}

const std::string& AppleLine::call(const char* method, const std::string& path, const std::string& body) {
  const std::string& answer = send(method, path, &body, headers_.get());
  if (!replacement_.empty()) use_session(std::exchange(replacement_, {}));
  return answer;
}

const std::string& AppleLine::send(const char* method, const std::string& path, const std::string* body,
                                   curl_slist* headers) {
  CURL* curl = curl_.get();
  curl_easy_reset(curl);  // the connection stays
  answer_.clear();
  curl_easy_setopt(curl, CURLOPT_URL, (url_ + path).c_str());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "muster-bench");
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 256L * 1024);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer_);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, look_for_session);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &replacement_);
  if (body) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body->size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->c_str());
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
  const CURLcode done = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (done != CURLE_OK || status != 200)
    throw std::runtime_error(std::string(method) + " " + path + ": " + curl_easy_strerror(done) +
                             ", status " + std::to_string(status) + " " + answer_.substr(0, 200));
  return answer_;
}

std::string page_request(const std::string& cursor) {
  return cursor.empty() ? "{\"limit\":1000}" : "{\"limit\":1000,\"cursor\":\"" + cursor + "\"}";
}

std::string cursor_of(const std::string& page) {
  constexpr std::string_view kKey = "\"cursor\":\"";
  const size_t at = page.find(kKey, tail_of(page));
  if (at == std::string::npos) throw std::runtime_error("a page without a cursor");
  const size_t begin = at + kKey.size();
  return page.substr(begin, page.find('"', begin) - begin);
}

bool more_follows(const std::string& page) {
  return page.find("\"more_to_follow\":true", tail_of(page)) != std::string::npos;
}

}  // namespace muster::bench
