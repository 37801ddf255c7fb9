#include "sync/webhook.h"

#include <algorithm>
#include <utility>

#include "apple/answers/retry_after.h"
#include "base/hmac.h"
#include "base/log/log.h"
#include "base/os/kill_point.h"
#include "base/text/encoding.h"
#include "base/threads/contain.h"
#include "base/time/backoff.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

constexpr size_t kAtOnce = 100;  // events read from the store
// A receiver that answers slower than this is as good as down.
constexpr Millis kPatience = 10s;
// What happened a week ago helps nobody, and keeps what happened since from arriving.
constexpr Millis kEventLife = std::chrono::days(7);
constexpr Millis kLongestIdle = std::chrono::hours(24);

}  // namespace

Webhook::Webhook(Store& store, Clock& clock, Receiver receiver, std::function<bool()> may_send)
    : store_(store),
      clock_(clock),
      receiver_(std::move(receiver)),
      may_send_(std::move(may_send)),
      client_(kPatience),
      offset_(clock.moment().offset()),
      thread_([this] { work(); }) {}

Webhook::~Webhook() {
  stop_.request_stop();
  waker_.wake();
  thread_.join();
}

Result<long long> Webhook::add(Writer& writer, const std::vector<Event>& events) {
  for (const auto& event : events) MUSTER_TRY(writer.add_event(event));
  return writer.keep_newest_events(kMostEvents);
}

void Webhook::added(long long dropped) {
  if (dropped > 0) {
    dropped_ += dropped;
    log::error("webhook.dropped", {{"events", dropped}, {"reason", "too many events are queued"}});
  }
  waker_.wake();
}

void Webhook::work() {
  while (!stop_.stop_requested()) {
    next_try_.reset();
    if (!contain(Place::webhook, [this] { attempt(); })) back_off({});
    wait();
  }
}

void Webhook::attempt() {
  const auto delivered = deliver_all();
  if (!delivered && !stop_.stop_requested()) failed(delivered.error());
}

// A new event does not shorten the wait for a receiver that is down.
void Webhook::wait() {
  do {
    clock_.wait(waker_, next_try_.value_or(clock_.steady() + kLongestIdle));
  } while (!stop_.stop_requested() && next_try_ && clock_.steady() < *next_try_);
}

Result<> Webhook::deliver_all() {
  while (!may_send_ || may_send_()) {
    MUSTER_TRY(const auto events, store_.read([](Reader& reader) { return reader.oldest_events(kAtOnce); }));
    if (events.empty()) return {};
    for (const auto& event : events)
      MUSTER_TRY(now() - event.created_at < kEventLife ? deliver(event) : give_up(event));
  }
  return {};
}

// Removed behind the answer: who dies in between sends it again, so that it comes at least once.
Result<> Webhook::deliver(const Event& event) {
  MUSTER_TRY(send(event));
  MUSTER_TRY(store_.write(installation, [&](Writer& writer) { return writer.remove_event(event.id); }));
  if (std::exchange(is_rejecting_, false)) log::info("webhook.recovered", {{"failures", failures_}});
  failures_ = 0;
  return {};
}

Result<> Webhook::send(const Event& event) {
  http::ClientRequest request{
      .method = "POST",
      .url = receiver_.url,
      .headers = {{"Content-Type", "application/json"}, {"User-Agent", "muster/" MUSTER_VERSION}},
      .body = event.body,
      .has_body = true,
      .send_once = true,
      .headers_only = true,  // its status says whether it took the event
      .connect_timeout = kPatience};
  if (!receiver_.key.empty())  // as NanoMDM signs
    request.headers.add("X-Hmac-Signature", base64_encode(hmac_sha256(receiver_.key, event.body)));
  kill_point("webhook");
  MUSTER_TRY(const auto answer, client_.send(request, stop_.get_token()));
  if (answer.status >= 200 && answer.status < 300) return {};
  Error error{Code::remote, "the webhook answered " + std::to_string(answer.status), {}, {}};
  error.remote.retry_after = apple::retry_after(answer.headers, clock_.now());
  return failure(std::move(error));
}

Result<> Webhook::give_up(const Event& event) {
  MUSTER_TRY(store_.write(installation, [&](Writer& writer) { return writer.remove_event(event.id); }));
  ++dropped_;
  log::error("webhook.dropped", {{"events", 1}, {"reason", "it was rejected for a week"}});
  return {};
}

void Webhook::failed(const Error& error) {
  if (!std::exchange(is_rejecting_, true))
    log::warn("webhook.rejected",
              {{"reason", error.text()},
               {"remedy", "Check the program at -webhook-url. Events are kept and retried automatically"}});
  const Millis asked = error.remote.retry_after ? Millis(*error.remote.retry_after) : Millis(0);
  back_off(asked);
}

void Webhook::back_off(Millis at_least) {
  next_try_ = clock_.steady() + std::max(account_wait(++failures_), at_least);
}

}  // namespace muster::sync
