#include "sync/webhooks/postman.h"

#include <algorithm>

#include "apple/answers/retry_after.h"
#include "base/os/kill_point.h"
#include "base/text/utf8.h"
#include "sync/webhooks/signature.h"

namespace muster::sync {
namespace {

constexpr size_t kShownOfAnswer = 300;  // bytes
// Of a receiver that is not set up well, or asks for patience.
constexpr int kMayPass[] = {401, 403, 404, 407, 408, 410, 421, 425, 429};

// What came from outside, so that it can be stored and shown.
std::string shown_of(std::string_view text) {
  std::string shown = cut_utf8(text, kShownOfAnswer);
  if (!is_utf8(shown)) return "(no text)";
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  return shown;
}

}  // namespace

bool ReceiverAnswer::is_rejection() const {
  return status >= 400 && status < 500 &&
         std::find(std::begin(kMayPass), std::end(kMayPass), status) == std::end(kMayPass);
}

Result<ReceiverAnswer> Postman::bring(const Receiver& receiver, const std::string& id,
                                      const std::string& body, std::stop_token stop) {
  http::ClientRequest request{.method = "POST",
                              .url = receiver.url,
                              .headers = signature_headers(receiver, id, body, clock_.now()),
                              .body = body,
                              .has_body = true,
                              .send_once = true,
                              .headers_only = true,  // its status says whether it took the message
                              .body_of_failure = kShownOfAnswer,
                              .public_only = !allow_private_,
                              .connect_timeout = kPatience};
  request.headers.add("Content-Type", "application/json");
  request.headers.add("User-Agent", "muster/" MUSTER_VERSION);
  kill_point("webhook");
  const auto began = std::chrono::steady_clock::now();
  const auto answer = client_.send(request, std::move(stop));
  ReceiverAnswer given{.took = std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - began)};
  if (!answer) {
    if (answer.error().code == Code::cancelled) return failure(answer.error());
    given.text = answer.error().code == Code::forbidden
                     ? answer.error().message +
                           ". The server refuses such addresses unless it runs with "
                           "-webhook-allow-private"
                     : answer.error().text();
    return given;
  }
  given.status = answer->status;
  if (given.is_success()) return given;
  given.text = shown_of(answer->body);
  if (const auto wait = apple::retry_after(answer->headers, clock_.now())) given.retry_after = *wait;
  return given;
}

}  // namespace muster::sync
