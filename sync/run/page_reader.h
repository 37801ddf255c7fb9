// One of Apple's lists, page after page, ahead of who stores it: while one page is stored, the next one is read and the ones
// behind it are on their way.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_set>

#include "apple/service.h"
#include "base/guarded.h"
#include "base/threads/bounded_queue.h"
#include "model/account.h"

namespace muster::sync {

enum class AppleList { full, changes };

struct ListPage {
  apple::DevicePage content;
  /// More is to follow, with a cursor that was there before: reading on would be a loop.
  bool repeats = false;
  /// The reader could not foresee what follows: a new one must go on behind this page.
  bool reader_ends = false;

  /// Nothing comes behind it, or nothing that should be asked for now.
  bool is_end() const { return repeats || !content.complete || !content.more_to_follow; }
};

class PageReader {
 public:
  struct Options {
    AppleList list = AppleList::full;
    int limit = 1000;   ///< devices of a page
    bool ahead = true;  ///< false: each page is asked for when it is wanted, without threads
  };
  /// Begins with the page behind `cursor`. The service and `seen`, the cursors that were there already, must outlive it;
  /// nobody else may use `seen` meanwhile.
  PageReader(apple::Service& service, Options options, Cursor cursor, std::unordered_set<std::string>& seen,
             std::stop_token stop);
  /// Ends a call that is under way.
  ~PageReader();
  PageReader(const PageReader&) = delete;
  PageReader& operator=(const PageReader&) = delete;

  /// The next page, once it is there; Code::cancelled after `stop`, Code::internal when something was thrown while reading
  /// ahead (base/threads/contain.h). Not to be called behind an error, the end, or a page
  /// that says that the reader ends.
  Result<ListPage> next();

 private:
  // An answer as it came, and the cursor of the call that was made next, before it was read.
  struct Fetched {
    Result<apple::PageAnswer> answer;
    std::optional<Cursor> next;
  };

  Result<ListPage> read_here();
  Result<ListPage> read(apple::PageAnswer answer);
  void begin_ahead();
  void ahead(const std::function<void()>& work);
  void fetch_all(Cursor cursor, std::unordered_set<std::string> known);
  void read_all();
  Result<apple::PageAnswer> ask(const Cursor& cursor);

  apple::Service& service_;
  const Options options_;
  Cursor cursor_;                          // of the next page, while there are no threads
  std::unordered_set<std::string>& seen_;  // the reading thread's, once there is one
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> on_stop_;
  bool is_ahead_ = false;
  Guarded<std::optional<Error>> broken_;  // before stop_ is requested for it
  BoundedQueue<Fetched> fetched_;
  BoundedQueue<Result<ListPage>> pages_;
  std::jthread reading_, fetching_;
};

}  // namespace muster::sync
