// Reads one of Apple's lists ahead of the lane that stores it: while one page is stored, the next one is
// decoded and further pages are requested.
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
  /// Apple announces more, but repeats a cursor: continuing would be a loop.
  bool repeats = false;
  /// The next call could not be predicted: a new reader must continue after this page.
  bool reader_ends = false;

  /// The last page, or the last one to request now.
  bool is_end() const { return repeats || !content.complete || !content.more_to_follow; }
};

class PageReader {
 public:
  struct Options {
    AppleList list = AppleList::full;
    int limit = 1000;   ///< devices per page
    bool ahead = true;  ///< false: request each page when it is needed, without threads
  };
  /// Starts after `cursor`. The service and `seen`, the set of earlier cursors, must outlive the reader;
  /// `seen` must not be used by others in the meantime.
  PageReader(apple::Service& service, Options options, Cursor cursor, std::unordered_set<std::string>& seen,
             std::stop_token stop);
  /// Interrupts a call in progress.
  ~PageReader();
  PageReader(const PageReader&) = delete;
  PageReader& operator=(const PageReader&) = delete;

  /// Waits for the next page. Code::cancelled after `stop`, Code::internal if reading ahead threw
  /// (base/threads/contain.h). Not to be called after an error, the end, or a page that ends the reader.
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
