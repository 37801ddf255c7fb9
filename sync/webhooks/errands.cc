#include "sync/webhooks/errands.h"

#include <chrono>
#include <cstring>
#include <set>
#include <utility>

#include "base/log/log.h"
#include "base/text/encoding.h"
#include "base/threads/contain.h"
#include "sync/webhooks/message.h"
#include "sync/webhooks/receivers.h"

namespace muster::sync {
namespace {

constexpr auto kBetweenErrandLooks = std::chrono::seconds(1);

std::int64_t random_sender() {
  const auto bytes = random_bytes(sizeof(std::int64_t));
  std::int64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

}  // namespace

Errands::Errands(Store& store, Clock& clock, bool allow_private)
    : store_(store),
      clock_(clock),
      postman_(clock, allow_private),
      sender_(random_sender()),
      thread_([this](const std::stop_token& ends) { work(ends); }) {}

Errands::~Errands() = default;

void Errands::look() {
  const std::lock_guard lock(mutex_);
  has_changed_ = true;
  changed_.notify_all();
}

Result<ReceiverAnswer> Errands::test(const Receiver& receiver, std::stop_token stop) {
  const auto message = test_message(receiver, clock_.now());
  return postman_.bring(receiver, message.id, body_of(message, receiver.format), std::move(stop));
}

void Errands::work(const std::stop_token& ends) {
  while (!ends.stop_requested()) {
    const auto looked = contain(Place::webhook, [this] { return look_once(); });
    if (!looked && !std::exchange(is_failing_, true))
      log::error("webhook.failed", {{"webhook", ""}, {"reason", looked.error().text()}});
    if (looked) is_failing_ = false;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, ends, kBetweenErrandLooks, [this] { return has_changed_; });
    has_changed_ = false;
  }
  errands_.clear();
}

Result<> Errands::look_once() {
  MUSTER_TRY(auto found, receivers_and_feed(store_));
  if (found.ends.has_unnumbered) {
    MUSTER_TRY(store_.write(installation, [](Writer& w) { return w.number_feed(); }));
    MUSTER_TRY(found, receivers_and_feed(store_));
  }
  const bool has_news = newest_ != found.ends.newest.number;
  if (has_news && newest_ >= 0) news_.come(clock_.steady());
  newest_ = found.ends.newest.number;
  std::set<ReceiverId> present;
  for (const auto& receiver : found.receivers) {
    present.insert(receiver.id);
    auto& errand = errands_[receiver.id];
    const auto seen = revisions_.find(receiver.id);
    const bool is_changed = seen == revisions_.end() || seen->second != receiver.revision;
    revisions_[receiver.id] = receiver.revision;
    if (!errand)
      errand = std::make_unique<Errand>(store_, clock_, postman_, news_, receiver.id, sender_);
    else if (has_news || is_changed)
      errand->look();
  }
  std::erase_if(errands_, [&](const auto& errand) { return !present.contains(errand.first); });
  std::erase_if(revisions_, [&](const auto& revision) { return !present.contains(revision.first); });
  return {};
}

}  // namespace muster::sync
