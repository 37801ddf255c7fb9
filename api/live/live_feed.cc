#include "api/live/live_feed.h"

#include <algorithm>

#include "api/live/event_text.h"
#include "base/log/log.h"
#include "base/threads/contain.h"

namespace muster::api::live {
namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenLooks = 500ms;
constexpr unsigned kLooksForProgress = 2;
constexpr size_t kKept = 2'000;      // events: 1 MB at most, mostly much less
constexpr size_t kPage = 500;        // entries of one reading
constexpr size_t kPiece = 64 << 10;  // bytes that a listener takes at once

// What makes a listener's key another one.
bool is_same(const ApiKey& a, const ApiKey& b) {
  return a.digest == b.digest && a.role == b.role && a.is_for_all_accounts == b.is_for_all_accounts &&
         a.accounts == b.accounts && a.expires_at == b.expires_at;
}

bool did_something(const sync::Report& report) {
  return report.devices > 0 || report.left > 0 || report.calls > 0 || report.confirmed > 0 || report.error;
}

}  // namespace

bool LiveFilter::admits(FeedType type, const AccountName& of) const {
  if (!types.contains(type)) return false;
  if (of.empty()) return key.is_for_all_accounts && account.empty();
  return key.sees(of) && (account.empty() || of == account);
}

Result<> number_feed(Store& store) {
  return store.write(installation, [](Writer& w) { return w.number_feed(); });
}

Result<FeedPosition> newest_position(Store& store) {
  const auto read = [&] { return store.read([](Reader& r) { return r.feed_ends(); }); };
  MUSTER_TRY(auto ends, read());
  if (ends.has_unnumbered) {
    MUSTER_TRY(number_feed(store));
    MUSTER_TRY(ends, read());
  }
  return ends.newest;
}

LiveFeed::LiveFeed(Store& store, const Clock& clock, sync::Runs& runs, sync::EndedRuns& ended_runs)
    : store_(store),
      clock_(clock),
      runs_(runs),
      ended_runs_(ended_runs),
      thread_([this](const std::stop_token& ends) { work(ends); }) {}

LiveFeed::~LiveFeed() = default;

size_t LiveFeed::listeners() const {
  const std::lock_guard lock(mutex_);
  return places_.size();
}

std::unique_ptr<LiveFeed::Place> LiveFeed::enter(LiveFilter filter) {
  std::unique_ptr<Place> place(new Place(*this, std::move(filter)));
  const std::lock_guard lock(mutex_);
  places_.insert(place.get());
  keys_checked_.reset();
  changed_.notify_all();
  return place;
}

LiveFeed::Place::~Place() {
  const std::lock_guard lock(feed_.mutex_);
  feed_.places_.erase(this);
}

bool LiveFeed::Place::join(std::int64_t number) {
  const std::lock_guard lock(feed_.mutex_);
  if (!feed_.behind_ || number < *feed_.behind_) return false;
  const auto& events = feed_.events_;
  const auto first = std::find_if(events.begin(), events.end(),
                                  [&](const auto& event) { return event->position.number > number; });
  next_ = feed_.first_ + static_cast<std::uint64_t>(first - events.begin());
  return true;
}

std::optional<LiveFeed::Events> LiveFeed::Place::take() {
  const std::lock_guard lock(feed_.mutex_);
  if (!next_ || *next_ < feed_.first_) {
    next_.reset();
    return std::nullopt;
  }
  Events taken;
  for (size_t bytes = 0; *next_ < feed_.end() && bytes < kPiece; ++*next_) {
    const auto& event = feed_.events_[*next_ - feed_.first_];
    if (!filter_.admits(event->type, event->account)) continue;
    bytes += event->text.size();
    taken.push_back(event);
  }
  return taken;
}

void LiveFeed::Place::when_more(std::function<void()> wake) {
  const std::lock_guard lock(feed_.mutex_);
  wake_ = std::move(wake);
  quiet_since_ = std::chrono::steady_clock::now();
  const bool has_something = next_ ? *next_ < feed_.end() : feed_.behind_.has_value();
  if (has_something || is_over_) feed_.wake(*this);
}

std::optional<FeedPosition> LiveFeed::Place::heartbeat() {
  const std::lock_guard lock(feed_.mutex_);
  // It resumes from there, so there must be nothing in front of it that it has not taken.
  if (!heartbeat_is_due_ || next_ != feed_.end()) return std::nullopt;
  heartbeat_is_due_ = false;
  return feed_.newest_;
}

bool LiveFeed::Place::is_over() const {
  const std::lock_guard lock(feed_.mutex_);
  return is_over_;
}

void LiveFeed::work(const std::stop_token& ends) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, ends, [this] { return !places_.empty(); })) return;
    }
    (void)contain(muster::Place::handler, [this] { look(); });
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, ends, kBetweenLooks, [this] { return places_.empty(); })) {
      end_all();
      ended_runs_.keep(false);
    }
    if (ends.stop_requested()) return;
  }
}

void LiveFeed::look() {
  const auto looked = [this]() -> Result<> {
    MUSTER_TRY(check_keys());
    MUSTER_TRY(begin());
    MUSTER_TRY(read_feed());
    return ++looks_ % kLooksForProgress == 0 ? read_progress() : Result<>();
  }();
  if (!looked) failed(looked.error());
  if (looked && std::exchange(is_failing_, false)) log::info("events.recovered");
  const std::lock_guard lock(mutex_);
  wake_quiet_ones();
}

// Of the entries from before somebody listens nobody is told.
Result<> LiveFeed::begin() {
  {
    const std::lock_guard lock(mutex_);
    if (behind_) return {};
  }
  told_.clear();
  running_.clear();
  ended_runs_.keep(true);
  MUSTER_TRY(const auto newest, newest_position(store_));
  const std::lock_guard lock(mutex_);
  newest_ = newest;
  behind_ = newest.number;
  for (LiveFeed::Place* place : places_) wake(*place);
  return {};
}

Result<> LiveFeed::read_feed() {
  struct News {
    FeedEnds ends;
    std::vector<FeedEntry> entries;
  };
  const auto read = [this] {
    return store_.read([&](Reader& r) -> Result<News> {
      News news;
      MUSTER_TRY(news.ends, r.feed_ends());
      MUSTER_TRY(news.entries, r.feed_after(newest_.number, kPage));
      return news;
    });
  };
  for (bool is_done = false; !is_done;) {
    MUSTER_TRY(auto news, read());
    if (news.ends.has_unnumbered) {
      MUSTER_TRY(number_feed(store_));
      MUSTER_TRY(news, read());
    }
    is_done = news.entries.size() < kPage;
    const std::lock_guard lock(mutex_);
    const FeedPosition& newest = news.ends.newest;
    if (newest.number < newest_.number || (newest.number == newest_.number && newest.at != newest_.at)) {
      end_all();  // another database stands in for the one that was read: each client finds out from where on
      return {};
    }
    const auto first = end();
    for (const auto& entry : news.entries) {
      newest_ = entry.position;
      const bool is_of_none_there = entry.account != AccountId{} && entry.account_name.empty();
      const bool is_for_listeners =
          std::find(kFeedTypes.begin(), kFeedTypes.end(), entry.type) != kFeedTypes.end();
      if (is_for_listeners && !is_of_none_there)
        add({.position = entry.position,
             .type = entry.type,
             .account = entry.account_name,
             .text = event_text(entry)});
    }
    offer_from(first);
  }
  return {};
}

// Of a run that has been in progress for a while, and of its end; and of the end of a short one that did
// something.
Result<> LiveFeed::read_progress() {
  auto others = ended_runs_.take();
  for (const auto& [account, told] : told_) others.insert(account);
  MUSTER_TRY(auto progress, runs_.progress(others));
  for (const auto& [account, told] : told_)  // the server that worked it is gone
    if (!progress.contains(account)) progress[account] = {.lanes = {}, .report = told.progress.report};
  std::set<AccountId> running;
  std::vector<Event> events;
  for (auto& [account, now] : progress) {
    const bool is_running = !now.lanes.empty();
    if (is_running) running.insert(account);
    auto told = told_.find(account);
    if (told == told_.end()) {
      if (is_running ? !running_.contains(account) : !did_something(now.report)) continue;
      MUSTER_TRY(const auto known, store_.read([&, id = account](Reader& r) { return r.account(id); }));
      if (!known) continue;
      told = told_.emplace(account, Told{known->name, {}, {}}).first;
    }
    const AccountName name = told->second.name;
    std::string text = progress_text(name, now);
    if (text != told->second.text)
      events.push_back({.position = {}, .type = FeedType::progress, .account = name, .text = text});
    if (is_running)
      told->second = {name, std::move(now), std::move(text)};
    else
      told_.erase(told);
  }
  running_ = std::move(running);
  const std::lock_guard lock(mutex_);
  const auto first = end();
  for (auto& event : events) add(std::move(event));
  offer_from(first);
  return {};
}

std::set<std::string> LiveFeed::sessions_that_listen() const {
  std::set<std::string> sessions;
  const std::lock_guard lock(mutex_);
  for (const LiveFeed::Place* place : places_)
    if (!place->filter_.session.empty()) sessions.insert(place->filter_.session);
  return sessions;
}

// A key that was removed, or may less, ends what it has begun; so does who signs out.
Result<> LiveFeed::check_keys() {
  const auto revision = store_.key_revision();
  const bool are_checked = [&] {
    const std::lock_guard lock(mutex_);
    return std::exchange(keys_checked_, revision) == revision;
  }();
  if (!are_checked) {
    const auto sessions = sessions_that_listen();
    std::set<std::string> ended;
    const auto keys = store_.read([&](Reader& r) -> Result<std::vector<ApiKey>> {
      for (const auto& session : sessions) {
        MUSTER_TRY(const bool has_ended, r.has_ended(session));
        if (has_ended) ended.insert(session);
      }
      return r.api_keys();
    });
    const std::lock_guard lock(mutex_);
    if (!keys) keys_checked_.reset();
    MUSTER_TRY(keys);
    for (LiveFeed::Place* place : places_) {
      const ApiKey& own = place->filter_.key;
      const bool is_known = own.id.empty() ||  // the one that the server was started with
                            std::any_of(keys->begin(), keys->end(), [&](const ApiKey& key) {
                              return key.id == own.id && is_same(key, own);
                            });
      if (!is_known || ended.contains(place->filter_.session)) end(*place);
    }
  }
  const std::lock_guard lock(mutex_);
  for (LiveFeed::Place* place : places_)
    if (const auto& expires = place->filter_.key.expires_at; expires && *expires <= clock_.now()) end(*place);
  return {};
}

void LiveFeed::add(Event event) {
  events_.push_back(std::make_shared<const Event>(std::move(event)));
  if (events_.size() <= kKept) return;
  if (const auto number = events_.front()->position.number; number > 0) behind_ = number;
  events_.pop_front();
  ++first_;
}

// Wakes those that had taken everything before this one, and have something to take now.
void LiveFeed::offer_from(std::uint64_t first) {
  for (LiveFeed::Place* place : places_) {
    if (place->next_ != first) continue;
    const auto is_for_it = [&](const auto& event) {
      return place->filter_.admits(event->type, event->account);
    };
    const auto begin = events_.begin() + static_cast<std::ptrdiff_t>(std::max(first, first_) - first_);
    const auto found = std::find_if(begin, events_.end(), is_for_it);
    place->next_ = first_ + static_cast<std::uint64_t>(found - events_.begin());
    if (found != events_.end()) wake(*place);
  }
}

void LiveFeed::end(LiveFeed::Place& place) {
  place.is_over_ = true;
  wake(place);
}

void LiveFeed::end_all() {
  for (LiveFeed::Place* place : places_) end(*place);
  first_ += events_.size();
  events_.clear();
  behind_.reset();
}

void LiveFeed::wake(LiveFeed::Place& place) {
  if (const auto wake_it = std::exchange(place.wake_, nullptr)) wake_it();
}

void LiveFeed::wake_quiet_ones() {
  const auto now = std::chrono::steady_clock::now();
  for (LiveFeed::Place* place : places_) {
    if (!place->wake_ || now - place->quiet_since_ < kHeartbeat) continue;
    place->heartbeat_is_due_ = true;
    wake(*place);
  }
}

void LiveFeed::failed(const Error& error) {
  if (std::exchange(is_failing_, true)) return;
  log::error("events.failed", {{"reason", error.text()}});
}

}  // namespace muster::api::live
