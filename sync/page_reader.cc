#include "sync/page_reader.h"

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
      on_stop_(std::move(stop), [this] { stop_.request_stop(); }),
      fetched_(kAhead),
      pages_(1),
      reading_([this] { read_all(); }),
      fetching_([this, first = Call{phase, std::move(cursor)}, known = seen] { fetch_all(first, known); }) {}

PageReader::~PageReader() { stop_.request_stop(); }

Result<ListPage> PageReader::next() {
  auto page = pages_.pop(stop_.get_token());
  if (!page) return failure(Code::cancelled, "the run was stopped");
  return std::move(*page);
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
    auto content =
        fetched->answer ? std::move(*fetched->answer).read() : failure(std::move(fetched->answer).error());
    if (!content) {
      pages_.push(failure(std::move(content).error()), stop_.get_token());
      return;
    }
    ListPage page{.phase = fetched->call.phase, .content = std::move(*content)};
    page.repeats = page.content.more_to_follow && !seen_.insert(page.content.cursor.str()).second;
    page.reader_ends = fetched->next != behind(page.phase, page.content);
    goes_on = !page.is_end() && !page.reader_ends;
    if (!pages_.push(std::move(page), stop_.get_token())) return;
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
