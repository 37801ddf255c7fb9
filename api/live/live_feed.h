// The feed (store/feed.h) and the progress of runs, for all who listen at this server. One thread reads what
// is new, twice a second and only while somebody listens, makes the text of each event once and keeps the
// newest events. Listeners take them from there: one that is slow holds nothing up and no memory, and reads
// what it has missed from the store.
//
// It asks the store instead of being told: a notification of PostgreSQL would have all commits with entries
// wait for each other.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "model/api_key.h"
#include "model/feed.h"
#include "store/store.h"
#include "sync/ended_runs.h"
#include "sync/runs.h"

namespace muster::api::live {

/// What a listener wants and may have.
struct LiveFilter {
  std::set<FeedType> types;
  AccountName account = {};  ///< "" for all that the key is for
  ApiKey key;
  std::string session = {};  ///< digest_of_session() of one who is signed in to the console; else ""

  /// `of`: the account; "" for the installation.
  bool admits(FeedType type, const AccountName& of) const;
};

/// Has the feed numbered.
Result<> number_feed(Store& store);
/// Of the feed, which is numbered first: what happened before is not behind it.
Result<FeedPosition> newest_position(Store& store);

class LiveFeed {
 public:
  /// A connection that nothing is written to for so long may be closed by a proxy.
  static constexpr std::chrono::seconds kHeartbeat{15};

  struct Event {
    FeedPosition position;  ///< number 0 for progress
    FeedType type{};
    AccountName account;
    std::string text;
  };
  using Events = std::vector<std::shared_ptr<const Event>>;

  /// All must outlive it, and it all of its places.
  LiveFeed(Store& store, const Clock& clock, sync::Runs& runs, sync::EndedRuns& ended_runs);
  ~LiveFeed();
  LiveFeed(const LiveFeed&) = delete;
  LiveFeed& operator=(const LiveFeed&) = delete;

  size_t listeners() const;

  /// Of a listener. For one thread at a time, each on its own.
  class Place {
   public:
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    /// From now on it takes what comes behind this number. False when some of that is not kept (any more).
    bool join(std::int64_t number);
    /// What it has not taken yet, and is for it; not much at once. Nothing when it has not joined, or was too
    /// slow.
    std::optional<Events> take();
    /// Has `wake` called once when there is something to take, or to join; when it is over; and after
    /// kHeartbeat of silence.
    void when_more(std::function<void()> wake);
    /// Where it got after that silence; once.
    std::optional<FeedPosition> heartbeat();
    /// The key or the store's feed has changed, or somebody signed out: the client must reconnect.
    bool is_over() const;

   private:
    friend class LiveFeed;
    Place(LiveFeed& feed, LiveFilter filter) : feed_(feed), filter_(std::move(filter)) {}

    LiveFeed& feed_;
    const LiveFilter filter_;
    // Guarded by the feed's mutex.
    std::optional<std::uint64_t> next_;  // of events_, once it has joined
    std::function<void()> wake_;
    std::chrono::steady_clock::time_point quiet_since_{};
    bool heartbeat_is_due_ = false;
    bool is_over_ = false;
  };
  std::unique_ptr<Place> enter(LiveFilter filter);

 private:
  struct Told {
    AccountName name;
    sync::Runs::Progress progress;
    std::string text;
  };

  void work(const std::stop_token& ends);
  void look();
  Result<> begin();
  Result<> read_feed();
  Result<> read_progress();
  Result<> check_keys();
  std::set<std::string> sessions_that_listen() const;
  void failed(const Error& error);
  // With mutex_ held.
  void add(Event event);
  void offer_from(std::uint64_t first);
  void end(Place& place);
  void end_all();
  void wake(Place& place);
  void wake_quiet_ones();
  std::uint64_t end() const { return first_ + events_.size(); }

  Store& store_;
  const Clock& clock_;
  sync::Runs& runs_;
  sync::EndedRuns& ended_runs_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // Guarded by mutex_.
  std::set<Place*> places_;
  std::deque<std::shared_ptr<const Event>> events_;
  std::uint64_t first_ = 0;             // the place of the first of events_ among all
  std::optional<std::int64_t> behind_;  // events_ has all entries behind this number; nothing before begin()
  FeedPosition newest_{};
  std::optional<std::uint64_t> keys_checked_;  // Store::key_revision(); nothing when somebody has come since
  // Of the thread.
  std::map<AccountId, Told> told_;
  std::set<AccountId> running_;
  unsigned looks_ = 0;
  bool is_failing_ = false;
  std::jthread thread_;  // the last: it uses the others
};

}  // namespace muster::api::live
