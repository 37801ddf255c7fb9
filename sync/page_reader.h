// Apple's list, page after page, ahead of who stores it: while one page is stored, the next one is read and the one behind
// it is on its way.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <unordered_set>

#include "apple/service.h"
#include "model/account.h"

namespace muster::sync {

struct ListPage {
  SyncState::Phase phase = SyncState::Phase::fetch;  ///< whose call gave it
  apple::DevicePage content;
  bool repeats =
      false;  ///< more is to follow, with a cursor that was there before: reading on would be a loop

  bool is_last_of_phase() const { return !content.more_to_follow; }
  /// Nothing comes behind it.
  bool is_end() const { return repeats || (is_last_of_phase() && phase == SyncState::Phase::sync); }
};

class PageReader {
 public:
  /// Begins with the page behind `cursor`. The service and `seen`, the cursors that were there already, must outlive it.
  PageReader(apple::Service& service, int limit, SyncState::Phase phase, Cursor cursor,
             std::unordered_set<std::string>& seen, std::stop_token stop);
  /// Ends a call that is under way.
  ~PageReader();
  PageReader(const PageReader&) = delete;
  PageReader& operator=(const PageReader&) = delete;

  /// The next page, once it is there; Code::cancelled after `stop`. Not to be called behind an error or the end.
  Result<ListPage> next();

 private:
  struct Call {
    SyncState::Phase phase;
    Cursor cursor;
    friend bool operator==(const Call&, const Call&) = default;
  };
  using Answer = Result<apple::PageAnswer>;

  void read_all(Call call);
  Answer ask(const Call& call);
  static Call behind(SyncState::Phase phase, const apple::DevicePage& page);
  bool hand_over(Result<ListPage> page);

  apple::Service& service_;
  const int limit_;
  std::unordered_set<std::string>& seen_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> on_stop_;

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<Result<ListPage>> page_;  // guarded by mutex_; read, and not yet taken
  std::jthread thread_;
};

}  // namespace muster::sync
