#include "sync/run/page_reader.h"

#include <utility>

#include "base/os/kill_point.h"
#include "base/threads/contain.h"

namespace muster::sync {
namespace {

// Pages that wait for the next thread, some half a megabyte each. So many that Apple is not kept waiting
// while the store merges its log, which takes a fifth of a second on a slow disk.
constexpr size_t kAhead = 4;

}  // namespace

PageReader::PageReader(apple::Service& service, Options options, Cursor cursor,
                       std::unordered_set<std::string>& seen, std::stop_token stop)
    : service_(service),
      options_(options),
      cursor_(std::move(cursor)),
      seen_(seen),
      on_stop_(std::move(stop), [this] { stop_.request_stop(); }),
      fetched_(kAhead),
      pages_(1) {}

PageReader::~PageReader() { stop_.request_stop(); }

Result<ListPage> PageReader::next() {
  if (!is_ahead_) return read_here();
  auto page = pages_.pop(stop_.get_token());
  if (page) return std::move(*page);
  return broken_.with([](auto& broken) -> Result<ListPage> {
    if (broken) return failure(*broken);
    return failure(Code::cancelled, "the run was stopped");
  });
}

// Mostly there is one page, with nothing new: no threads for that.
Result<ListPage> PageReader::read_here() {
  MUSTER_TRY(auto answer, ask(cursor_));
  MUSTER_TRY(auto page, read(std::move(answer)));
  cursor_ = page.content.cursor;
  if (!page.is_end() && options_.ahead) begin_ahead();
  return page;
}

Result<ListPage> PageReader::read(apple::PageAnswer answer) {
  MUSTER_TRY(auto content, std::move(answer).read());
  ListPage page{.content = std::move(content)};
  page.repeats = page.content.more_to_follow && !seen_.insert(page.content.cursor.str()).second;
  return page;
}

void PageReader::begin_ahead() {
  is_ahead_ = true;
  fetching_ =
      std::jthread([this, cursor = cursor_, known = seen_] { ahead([&] { fetch_all(cursor, known); }); });
  reading_ = std::jthread([this] { ahead([this] { read_all(); }); });
}

// Whoever waits for what does not come any more is woken by the stop; pages that are there are still given.
void PageReader::ahead(const std::function<void()>& work) {
  auto done = contain(Place::reader, work);
  if (done) return;
  broken_.with([&](auto& broken) { broken = std::move(done).error(); });
  stop_.request_stop();
}

// A thread of its own does nothing but ask: the next call goes out as soon as an answer's end is there,
// whatever the others do.
void PageReader::fetch_all(Cursor cursor, std::unordered_set<std::string> known) {
  for (;;) {
    kill_point("reader.ask");
    Fetched fetched{.answer = ask(cursor), .next = {}};
    const auto glance = fetched.answer ? fetched.answer->glance() : std::nullopt;
    if (glance && glance->complete && glance->more_to_follow && known.insert(glance->cursor.str()).second)
      fetched.next = glance->cursor;

    const auto next = fetched.next;
    if (!fetched_.push(std::move(fetched), stop_.get_token()) || !next) return;
    cursor = *next;
  }
}

void PageReader::read_all() {
  for (bool goes_on = true; goes_on;) {
    auto fetched = fetched_.pop(stop_.get_token());
    if (!fetched) return;
    kill_point("reader.read");
    auto read_page = fetched->answer ? read(std::move(*fetched->answer))
                                     : Result<ListPage>(failure(std::move(fetched->answer).error()));
    goes_on = false;
    if (read_page && !read_page->is_end()) {
      read_page->reader_ends = fetched->next != read_page->content.cursor;
      goes_on = !read_page->reader_ends;
    }
    if (!pages_.push(std::move(read_page), stop_.get_token())) return;
  }
}

Result<apple::PageAnswer> PageReader::ask(const Cursor& cursor) {
  return options_.list == AppleList::full ? service_.fetch_devices(cursor, options_.limit, stop_.get_token())
                                          : service_.sync_devices(cursor, options_.limit, stop_.get_token());
}

}  // namespace muster::sync
