#include "sync/webhooks/errand.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "base/log/log.h"
#include "base/text/json.h"
#include "base/threads/background.h"
#include "base/threads/contain.h"
#include "base/time/backoff.h"
#include "sync/webhooks/topics.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

constexpr std::array<Millis, 8> kWaits = {5s, 30s, 2min, 10min, 1h, 5h, 10h, 10h};
constexpr size_t kEntriesRead = 20;   // each is made into messages by itself
constexpr size_t kMostUnsaved = 50;   // messages that come again when the server dies
constexpr Millis kSaveEach = 1s;      // and for how long
constexpr Millis kErrandLease = 45s;  // longer than a third of it and a message take
constexpr Millis kErrandIdle = std::chrono::hours(24);
constexpr Millis kAskAgain = 3s;  // for the right to send, or for the store
// A receiver may ask for more patience, but nobody's clock is believed.
constexpr Millis kLongestWait = 12h;

}  // namespace

Millis webhook_wait(int failures) {
  const auto step = static_cast<size_t>(std::clamp(failures, 1, static_cast<int>(kWaits.size()))) - 1;
  return spread(kWaits.at(step));
}

Errand::Errand(Store& store, Clock& clock, Postman& postman, const LastNews& news, ReceiverId receiver,
               std::int64_t sender)
    : store_(store),
      clock_(clock),
      postman_(postman),
      id_(receiver),
      sender_(sender),
      give_way_(news, clock),
      thread_([this] { work(); }) {}

Errand::~Errand() {
  stop_.request_stop();
  waker_.wake();
  thread_.join();
}

void Errand::look() { waker_.wake(); }

void Errand::work() {
  work_in_background();
  while (!stop_.stop_requested()) {
    const auto outcome = contain(Place::webhook, [this] { return attempt(); });
    if (!outcome && stop_.stop_requested()) break;  // what is known is stored below
    if (!outcome && !is_failing_)
      log::error("webhook.failed", {{"webhook", receiver_.name}, {"reason", outcome.error().text()}});
    is_failing_ = !outcome;
    if (!outcome) {
      deliveries_.clear();
      dead_letters_.clear();
      is_dirty_ = false;
      receiver_.revision = -1;
      next_try_ = clock_.steady() + kAskAgain;
    }
    wait(next_try_);
  }
  (void)contain(Place::webhook, [this] { return save(); });
}

// News do not shorten the wait for a receiver that is down; a change of the receiver does.
void Errand::wait(std::optional<Tick> until) {
  if (!stop_.stop_requested()) clock_.wait(waker_, until.value_or(clock_.steady() + kErrandIdle));
}

Result<Errand::Outcome> Errand::attempt() {
  MUSTER_TRY(const bool is_ours, may_send());
  if (!is_ours) {
    next_try_ = clock_.steady() + kAskAgain;
    return Outcome::must_wait;
  }
  MUSTER_TRY(const bool is_active, load());
  if (!is_active) {
    next_try_.reset();
    return Outcome::nothing_left;
  }
  if (next_try_ && clock_.steady() < *next_try_) return Outcome::must_wait;
  next_try_.reset();
  MUSTER_TRY(const bool may_go_on, send_dead_letters());
  if (!may_go_on) return Outcome::must_wait;
  while (!stop_.stop_requested()) {
    MUSTER_TRY(const bool is_still_ours, may_send());
    if (!is_still_ours) {
      next_try_ = clock_.steady() + kAskAgain;
      return Outcome::must_wait;
    }
    MUSTER_TRY(check_lost());
    bool is_changed = false;
    MUSTER_TRY(const auto entries, store_.read([&](Reader& r) -> Result<std::vector<FeedEntry>> {
      // What happened behind a change of the receiver is sent as that says, or not at all.
      MUSTER_TRY(const auto stored, r.receiver(id_));
      is_changed = !stored || stored->revision != receiver_.revision;
      if (is_changed) return std::vector<FeedEntry>();
      return r.feed_after(receiver_.progress.position.number, kEntriesRead);
    }));
    if (is_changed) {
      receiver_.revision = -1;
      next_try_ = clock_.steady();
      return Outcome::must_wait;
    }
    for (const auto& entry : entries) {
      MUSTER_TRY(const bool is_done, send_entry(entry));
      if (!is_done) return Outcome::must_wait;
    }
    if (entries.size() < kEntriesRead) break;
  }
  MUSTER_TRY(const bool is_current, save());
  if (!is_current) next_try_ = clock_.steady();
  return Outcome::nothing_left;
}

// Of several servers, one sends.
Result<bool> Errand::may_send() {
  if (!store_.shared()) return true;
  if (claimed_ && clock_.steady() - *claimed_ < kErrandLease / 3) return true;
  const auto asked = clock_.steady();
  MUSTER_TRY(const bool is_ours, store_.write(installation, [&](Writer& w) {
    return w.claim_receiver(id_, sender_, kErrandLease);
  }));
  claimed_ = is_ours ? std::optional(asked) : std::nullopt;
  if (!is_ours) receiver_.revision = -1;  // another one writes how far it is
  return is_ours;
}

// As it is stored, unless what is here is newer. Whether it is to be sent to. A receiver that is down is
// spared also by a server that was started, or takes over.
Result<bool> Errand::load() {
  MUSTER_TRY(auto stored, store_.read([&](Reader& r) { return r.receiver(id_); }));
  if (!stored) return false;
  if (stored->revision != receiver_.revision) {
    receiver_ = *std::move(stored);
    next_try_.reset();
    const auto now = clock_.moment();
    if (const auto next = receiver_.progress.next_try; next && *next > now.wall)
      next_try_ = std::min(now.tick_at(*next), now.tick + kLongestWait);
    failed_at_.reset();
    was_rejected_ = false;
  }
  return receiver_.status == Receiver::Status::active;
}

// The feed keeps only so much for a receiver that is behind.
Result<> Errand::check_lost() {
  const auto position = receiver_.progress.position;
  if (position.number == 0) return {};
  struct Found {
    std::optional<Time> at;
    std::optional<std::int64_t> next;
  };
  MUSTER_TRY(const auto found, store_.read([&](Reader& r) -> Result<Found> {
    Found f;
    MUSTER_TRY(f.at, r.feed_time(position.number));
    MUSTER_TRY(const auto entries, r.feed_after(position.number, 1));
    if (!entries.empty()) f.next = entries.front().position.number;
    return f;
  }));
  if (found.at || !found.next) return {};
  const long long lost = *found.next - position.number - 1;
  if (lost <= 0) return {};
  receiver_.progress.lost += lost;
  receiver_.progress.position = {*found.next - 1, {}};
  receiver_.progress.part = 0;
  is_dirty_ = true;
  log::error("webhook.lost", {{"webhook", receiver_.name}, {"entries", lost}});
  return {};
}

// In front of what is new: whoever asked for them waits. One that is rejected again stays a dead letter.
Result<bool> Errand::send_dead_letters() {
  while (!stop_.stop_requested()) {
    MUSTER_TRY(const auto letter, store_.read([&](Reader& r) { return r.next_dead_letter(id_); }));
    if (!letter) break;
    MUSTER_TRY(const auto answer,
               postman_.bring(receiver_, letter->message, letter->body, stop_.get_token()));
    note(letter->message, letter->type, 1, answer);
    if (!answer.is_success() && !answer.is_rejection()) {
      MUSTER_TRY(failed(answer));
      return false;
    }
    MUSTER_TRY(store_.write(installation, [&](Writer& w) {
      return answer.is_success() ? w.remove_dead_letter(id_, letter->number)
                                 : w.keep_dead_letter(id_, letter->number);
    }));
  }
  return true;
}

// False: it must be tried again later.
Result<bool> Errand::send_entry(const FeedEntry& entry) {
  std::vector<Message> messages;
  const bool tells_devices = wants_devices(receiver_) && may_know(receiver_, entry.account_name);
  if (entry.type != FeedType::devices || tells_devices) {
    MUSTER_TRY(messages, store_.read([&](Reader& r) { return messages_of(r, entry); }));
  }
  auto& progress = receiver_.progress;
  for (auto i = static_cast<size_t>(progress.part); i < messages.size(); ++i) {
    auto& message = messages[i];
    if (wants(receiver_, message.topic) && may_know(receiver_, message.account)) {
      const bool is_about_devices = !message.devices.empty();
      MUSTER_TRY(store_.read([&](Reader& r) { return add_devices(r, message); }));
      const bool is_empty = is_about_devices && message.devices.empty();
      MUSTER_TRY(const bool is_done, is_empty ? Result<bool>(true) : send(message));
      if (!is_done) return false;
    }
    ++progress.part;
    is_dirty_ = true;
    MUSTER_TRY(const bool is_current, save_now_and_then());
    if (!is_current || stop_.stop_requested()) return false;
    give_way_.rest(stop_.get_token());
  }
  progress.position = entry.position;
  progress.part = 0;
  is_dirty_ = true;
  return save_now_and_then();
}

Result<bool> Errand::send(const Message& message) {
  const auto body = body_of(message, receiver_.format);
  MUSTER_TRY(const auto answer, postman_.bring(receiver_, message.id, body, stop_.get_token()));
  note(message.id, message.topic, message.events(), answer);
  if (answer.is_success()) return true;
  // What was no rejection says nothing about the message.
  if (!std::exchange(was_rejected_, answer.is_rejection()) && was_rejected_) receiver_.progress.failures = 0;
  if (was_rejected_ && receiver_.progress.failures + 1 >= kMostRejections)
    return give_up(message, body, answer);
  MUSTER_TRY(failed(answer));
  return false;
}

void Errand::note(const std::string& id, std::string_view topic, long long events,
                  const ReceiverAnswer& answer) {
  auto& progress = receiver_.progress;
  deliveries_.push_back({.number = ++progress.attempts,
                         .at = clock_.now(),
                         .message = id,
                         .type = std::string(topic),
                         .events = events,
                         .status = answer.status,
                         .took = answer.took,
                         .answer = answer.text});
  is_dirty_ = true;
  if (!answer.is_success()) {
    ++progress.failed;
    return;
  }
  if (progress.failing_since)
    log::info("webhook.recovered", {{"webhook", receiver_.name}, {"failures", progress.failures}});
  ++progress.delivered;
  progress.failures = 0;
  progress.failing_for = Millis(0);
  progress.failing_since.reset();
  progress.next_try.reset();
  progress.last_success = clock_.now();
  progress.last_failure.clear();
  failed_at_.reset();
}

// It is tried again later, or never.
Result<> Errand::failed(const ReceiverAnswer& answer) {
  auto& progress = receiver_.progress;
  const auto now = clock_.moment();
  progress.last_failure = (answer.status == 0 ? "" : "it answered " + std::to_string(answer.status)) +
                          (answer.status == 0 || answer.text.empty() ? "" : ": ") + answer.text;
  if (!progress.failing_since) {
    progress.failing_since = now.wall;
    log::warn("webhook.rejected", {{"webhook", receiver_.name}, {"reason", progress.last_failure}});
  }
  if (failed_at_) progress.failing_for += std::chrono::duration_cast<Millis>(now.tick - *failed_at_);
  failed_at_ = now.tick;
  const Millis wanted = answer.retry_after.value_or(Millis(0));
  next_try_ = now.tick + std::min(std::max(webhook_wait(++progress.failures), wanted), kLongestWait);
  progress.next_try = now.wall_at(*next_try_);
  const bool is_over = answer.is_gone() || progress.failing_for >= kLongestFailure;
  const auto why = answer.is_gone() ? "it answered 410: it no longer wants messages"
                                    : "it took nothing for a week: " + progress.last_failure;
  MUSTER_TRY(const bool is_current, save());
  return is_over && is_current ? disable(why) : Result<>();
}

// The ones behind it must not wait for ever.
Result<bool> Errand::give_up(const Message& message, const std::string& body, const ReceiverAnswer& answer) {
  auto& progress = receiver_.progress;
  const auto reason = "it answered " + std::to_string(answer.status) + ": " + answer.text;
  dead_letters_.push_back({.number = progress.attempts,
                           .at = clock_.now(),
                           .message = message.id,
                           .type = std::string(message.topic),
                           .reason = reason,
                           .body = body});
  ++progress.dead;
  progress.failures = 0;
  was_rejected_ = false;
  log::error("webhook.dead_letter",
             {{"webhook", receiver_.name}, {"message", message.id}, {"reason", reason}});
  return true;
}

Result<> Errand::disable(const std::string& why) {
  MUSTER_TRY(const bool is_disabled, store_.write(installation, [&](Writer& w) -> Result<bool> {
    MUSTER_TRY(auto stored, w.receiver(id_));
    if (!stored || stored->revision != receiver_.revision) return false;
    stored->status = Receiver::Status::disabled;
    stored->status_reason = why;
    MUSTER_TRY(w.put_receiver(*stored));
    const boost::json::object body{{"webhook", stored->name}, {"reason", why}};
    MUSTER_TRY(
        w.add_to_feed({.position = {0, clock_.now()}, .type = FeedType::webhook, .body = write_json(body)}));
    return true;
  }));
  if (is_disabled) log::error("webhook.disabled", {{"webhook", receiver_.name}, {"reason", why}});
  receiver_.revision = -1;
  next_try_.reset();
  return {};
}

Result<bool> Errand::save_now_and_then() {
  const auto now = clock_.steady();
  if (!saved_) saved_ = now;
  if (deliveries_.size() < kMostUnsaved && now - *saved_ < kSaveEach) return true;
  return save();
}

// False when an operator has changed the receiver, or another server sends: then what is stored counts.
Result<bool> Errand::save() {
  saved_ = clock_.steady();
  if (!is_dirty_) return true;
  MUSTER_TRY(const bool is_kept, store_.write_in_passing(installation, [&](Writer& w) {
    return w.put_progress(receiver_, sender_, deliveries_, dead_letters_);
  }));
  deliveries_.clear();
  dead_letters_.clear();
  is_dirty_ = false;
  if (!is_kept) {
    receiver_.revision = -1;
    claimed_.reset();
    next_try_.reset();
    waker_.wake();
  }
  return is_kept;
}

}  // namespace muster::sync
