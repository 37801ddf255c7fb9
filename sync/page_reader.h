// Apple's list, page after page, ahead of who stores it: while one page is stored, the next one is read and the ones
// behind it are on their way.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_set>

#include "apple/service.h"
#include "base/bounded_queue.h"
#include "model/account.h"

namespace muster::sync {

struct ListPage {
  SyncState::Phase phase = SyncState::Phase::fetch;  ///< whose call gave it
  apple::DevicePage content;
  bool repeats =
      false;  ///< more is to follow, with a cursor that was there before: reading on would be a loop
  bool reader_ends =
      false;  ///< the reader could not foresee what follows: a new one must go on behind this page

  bool is_last_of_phase() const { return !content.more_to_follow; }
  /// Nothing comes behind it.
  bool is_end() const { return repeats || (is_last_of_phase() && phase == SyncState::Phase::sync); }
};

class PageReader {
 public:
  /// Begins with the page behind `cursor`. The service and `seen`, the cursors that were there already, must outlive it;
  /// nobody else may use `seen` meanwhile.
  PageReader(apple::Service& service, int limit, SyncState::Phase phase, Cursor cursor,
             std::unordered_set<std::string>& seen, std::stop_token stop);
  /// Ends a call that is under way.
  ~PageReader();
  PageReader(const PageReader&) = delete;
  PageReader& operator=(const PageReader&) = delete;

  /// The next page, once it is there; Code::cancelled after `stop`. Not to be called behind an error, the end, or a page
  /// that says that the reader ends.
  Result<ListPage> next();

 private:
  struct Call {
    SyncState::Phase phase;
    Cursor cursor;
    friend bool operator==(const Call&, const Call&) = default;
  };
  // An answer as it came, and the call that was made next, before it was read.
  struct Fetched {
    Call call;
    Result<apple::PageAnswer> answer;
    std::optional<Call> next;
  };

  // Without threads: mostly there is one page, with nothing new.
  Result<ListPage> read_first(const Call& call);
  Result<ListPage> read(const Call& call, apple::PageAnswer answer);
  void begin_ahead(const ListPage& page);
  void fetch_all(Call call, std::unordered_set<std::string> known);
  void read_all();
  Result<apple::PageAnswer> ask(const Call& call);
  static Call behind(SyncState::Phase phase, const apple::DevicePage& page);

  apple::Service& service_;
  const int limit_;
  std::unordered_set<std::string>& seen_;  // the reading thread's, once there is one
  std::optional<Call> first_;              // until it was made
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> on_stop_;
  BoundedQueue<Fetched> fetched_;
  BoundedQueue<Result<ListPage>> pages_;
  std::jthread reading_, fetching_;
};

}  // namespace muster::sync
