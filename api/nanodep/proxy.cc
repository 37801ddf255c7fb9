#include "api/nanodep/proxy.h"

#include "api/body.h"
#include "api/handlers.h"
#include "api/nanodep/account_named.h"
#include "api/nanodep/from_apple.h"
#include "base/text/encoding.h"
#include "base/text/strings.h"

namespace muster::api::nanodep {
namespace {

constexpr std::string_view kProxy = "/proxy/";
constexpr const char* kPassedHeaders[] = {"Content-Type", "Accept", "X-Server-Protocol-Version"};

// The path at Apple, encoded again, so that Apple gets the path whose role was checked. Ambiguous paths are
// rejected.
Result<std::string> path_at_apple(const http::Request& request) {
  std::string_view rest = request.path;
  rest.remove_prefix(kProxy.size());
  rest.remove_prefix(rest.find('/'));
  std::string path;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(segment.size());
    if (segment.empty() || segment == "." || segment == "..")
      return failure(Code::invalid, "the path of a call to Apple must not have empty segments, `.` or `..`");
    path += "/" + percent_encode(segment);
  }
  if (equals_ignoring_case(path, "/session"))
    return failure(Code::invalid, "Muster opens the sessions with Apple by itself",
                   "Make the call that you need it for");
  return path;
}

std::string query_of(const http::Request& request) {
  const size_t mark = request.target.find('?');
  return mark == std::string::npos ? "" : request.target.substr(mark);
}

// A header that goes on to Apple; what cannot be in one is not there.
http::Headers headers_for_apple(const http::Request& request) {
  http::Headers headers;
  for (const char* name : kPassedHeaders) {
    const auto value = request.headers.get(name);
    const bool says_something =
        value && !value->empty() && *value != "*/*";  // what curl sends without being asked
    if (says_something) headers.add(name, *value);
  }
  return headers;
}

Result<http::Response> answer(const Call& call, bool has_effect) {
  const auto apple = connected_account(call);
  if (!apple) return unconnected_answer(apple.error());
  return pass_on(call, *apple, has_effect);
}

}  // namespace

Result<http::Response> pass_on(const Call& call, const Connected& apple, bool has_effect) {
  MUSTER_TRY(const auto path, path_at_apple(call.request));
  apple::OwnCall own{.method = call.request.method == "HEAD" ? "GET" : call.request.method,
                     .target = path + query_of(call.request),
                     .headers = headers_for_apple(call.request),
                     .has_effect = has_effect};
  if (own.method != "GET") own.body = call.request.body;
  if (has_effect)  // before it goes out: what comes of it, Apple knows
    MUSTER_TRY(
        note_change(call, apple.account.id, {.action = "apple.called", .object = own.method + " " + path}));
  auto answer = apple.service->pass_on(own, call.context.stop);
  if (!answer) return failed_answer(*apple.service, answer.error());
  return passed_answer(std::move(*answer));
}

Result<http::Response> proxy_reading(const Call& call) {
  if (!call.members.empty()) MUSTER_TRY(optional_json_body(call));
  return answer(call, false);
}

Result<http::Response> proxy_change(const Call& call) { return answer(call, true); }

}  // namespace muster::api::nanodep
