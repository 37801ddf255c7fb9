#include "sync/page_reader.h"

#include <utility>

namespace muster::sync {
namespace {

// Pages that wait for the next thread, some half a megabyte each. So many that Apple is not kept waiting while the store
// merges its log, which takes a fifth of a second on a slow disk.
constexpr size_t kAhead = 4;

}  // namespace

using Phase = SyncState::Phase;

PageReader::PageReader(apple::Service& service, int limit, Phase phase, Cursor cursor,
                       std::unordered_set<std::string>& seen, std::stop_token stop)
    : service_(service),
      limit_(limit),
      seen_(seen),
      first_(Call{phase, std::move(cursor)}),
      on_stop_(std::move(stop), [this] { stop_.request_stop(); }),
      fetched_(kAhead),
      pages_(1) {}

PageReader::~PageReader() { stop_.request_stop(); }

Result<ListPage> PageReader::next() {
  if (first_) return read_first(*std::exchange(first_, std::nullopt));
  auto page = pages_.pop(stop_.get_token());
  if (!page) return failure(Code::cancelled, "the run was stopped");
  return std::move(*page);
}

Result<ListPage> PageReader::read_first(const Call& call) {
  MUSTER_TRY(auto answer, ask(call));
  MUSTER_TRY(auto page, read(call, std::move(answer)));
  if (!page.is_end()) begin_ahead(page);
  return page;
}

Result<ListPage> PageReader::read(const Call& call, apple::PageAnswer answer) {
  MUSTER_TRY(auto content, std::move(answer).read());
  ListPage page{.phase = call.phase, .content = std::move(content)};
  page.repeats = page.content.more_to_follow && !seen_.insert(page.content.cursor.str()).second;
  return page;
}

void PageReader::begin_ahead(const ListPage& page) {
  fetching_ = std::jthread(
      [this, call = behind(page.phase, page.content), known = seen_] { fetch_all(call, known); });
  reading_ = std::jthread([this] { read_all(); });
}

// A thread of its own does nothing but ask: the next call goes out as soon as an answer's end is there, whatever the
// others do.
void PageReader::fetch_all(Call call, std::unordered_set<std::string> known) {
  for (;;) {
    Fetched fetched{.call = call, .answer = ask(call), .next = {}};
    const auto glance = fetched.answer ? fetched.answer->glance() : std::nullopt;
    const bool is_end = glance && !glance->more_to_follow && call.phase == Phase::sync;
    const bool repeats = glance && glance->more_to_follow && !known.insert(glance->cursor.str()).second;
    if (glance && !is_end && !repeats) fetched.next = behind(call.phase, *glance);

    const auto next = fetched.next;
    if (!fetched_.push(std::move(fetched), stop_.get_token()) || !next) return;
    call = *next;
  }
}

void PageReader::read_all() {
  for (bool goes_on = true; goes_on;) {
    auto fetched = fetched_.pop(stop_.get_token());
    if (!fetched) return;
    auto read_page = fetched->answer ? read(fetched->call, std::move(*fetched->answer))
                                     : Result<ListPage>(failure(std::move(fetched->answer).error()));
    if (!read_page) {
      pages_.push(std::move(read_page), stop_.get_token());
      return;
    }
    ListPage& page = *read_page;
    page.reader_ends = fetched->next != behind(page.phase, page.content);
    goes_on = !page.is_end() && !page.reader_ends;
    if (!pages_.push(std::move(read_page), stop_.get_token())) return;
  }
}

Result<apple::PageAnswer> PageReader::ask(const Call& call) {
  return call.phase == Phase::fetch ? service_.fetch_devices(call.cursor, limit_, stop_.get_token())
                                    : service_.sync_devices(call.cursor, limit_, stop_.get_token());
}

PageReader::Call PageReader::behind(Phase phase, const apple::DevicePage& page) {
  return {page.more_to_follow ? phase : Phase::sync, page.cursor};
}

}  // namespace muster::sync
