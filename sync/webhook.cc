#include "sync/webhook.h"

#include <algorithm>

#include "apple/retry_after.h"
#include "base/encoding.h"
#include "base/hmac.h"
#include "base/log.h"
#include "sync/backoff.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

constexpr size_t kAtOnce = 100;  // events read from the store
// A receiver that answers slower than this is as good as down.
constexpr Millis kPatience = 10s;
constexpr size_t kMostOfAnswer = 64 << 10;  // bytes; nobody reads them
// What happened a week ago helps nobody, and keeps what happened since from arriving.
constexpr Millis kEventLife = std::chrono::days(7);
constexpr Millis kIdle = std::chrono::hours(24);

}  // namespace

Webhook::Webhook(Store& store, Clock& clock, Receiver receiver)
    : store_(store), clock_(clock), receiver_(std::move(receiver)), client_(kPatience), thread_([this] {
        work();
      }) {}

Webhook::~Webhook() {
  stop_.request_stop();
  waker_.wake();
  thread_.join();
}

Result<> Webhook::add(Writer& writer, const std::vector<Event>& events) {
  for (const auto& event : events) MUSTER_TRY(writer.add_event(event));
  MUSTER_TRY(const auto dropped, writer.keep_newest_events(kMostEvents));
  if (dropped > 0) {
    dropped_ += dropped;
    log::error("webhook.dropped", {{"events", dropped}, {"reason", "too many wait"}});
  }
  return {};
}

void Webhook::work() {
  while (!stop_.stop_requested()) {
    deliver_all();
    wait();
  }
}

// A new event does not shorten the wait for a receiver that is down.
void Webhook::wait() {
  do {
    clock_.wait(waker_, next_try_.value_or(clock_.now() + kIdle));
  } while (!stop_.stop_requested() && next_try_ && clock_.now() < *next_try_);
}

void Webhook::deliver_all() {
  next_try_.reset();
  for (;;) {
    const auto events = store_.read([](Reader& reader) { return reader.oldest_events(kAtOnce); });
    if (!events) next_try_ = clock_.now() + account_wait(1);
    if (!events || events->empty()) return;
    for (const auto& event : *events) {
      if (const auto delivered = deliver(event); !delivered) {
        if (!stop_.stop_requested()) not_taken(event, delivered.error());
        return;
      }
      taken(event);
    }
  }
}

Result<> Webhook::deliver(const Event& event) {
  http::ClientRequest request{
      .method = "POST",
      .url = receiver_.url,
      .headers = {{"Content-Type", "application/json"}, {"User-Agent", "muster/" MUSTER_VERSION}},
      .body = event.body,
      .has_body = true,
      .send_once = true,
      .body_limit = kMostOfAnswer,
      .connect_timeout = kPatience};
  if (!receiver_.key.empty())  // as NanoMDM signs
    request.headers.add("X-Hmac-Signature", base64_encode(hmac_sha256(receiver_.key, event.body)));
  MUSTER_TRY(const auto answer, client_.send(request, stop_.get_token()));
  if (answer.status >= 200 && answer.status < 300) return {};
  Error error{Code::remote, "it answered " + std::to_string(answer.status), {}, {}};
  error.remote.retry_after = apple::retry_after(answer.headers, clock_.now());
  return failure(std::move(error));
}

// Removed behind the answer: who dies in between sends it again, so that it comes at least once.
void Webhook::taken(const Event& event) {
  (void)store_.write([&](Writer& writer) { return writer.remove_event(event.id); });
  if (failures_ > 0) log::info("webhook.works_again", {{"failures", failures_}});
  failures_ = 0;
}

void Webhook::not_taken(const Event& event, const Error& error) {
  const Time now = clock_.now();
  if (failures_++ == 0)
    log::warn("webhook.not_taken",
              {{"reason", error.message},
               {"mend",
                "Look at the program that -webhook-url names. Events are kept for it and "
                "sent again by themselves"}});
  const Millis asked = error.remote.retry_after ? Millis(*error.remote.retry_after) : Millis(0);
  next_try_ = now + std::max(account_wait(failures_), asked);
  if (now - event.created_at < kEventLife) return;
  const auto removed = store_.write([&](Writer& writer) { return writer.remove_event(event.id); });
  if (!removed) return;
  ++dropped_;
  log::error("webhook.dropped", {{"events", 1}, {"reason", "it was not taken for a week"}});
}

}  // namespace muster::sync
