#include "sync/page_reader.h"

#include <future>

namespace muster::sync {

using Phase = SyncState::Phase;

PageReader::PageReader(apple::Service& service, int limit, Phase phase, Cursor cursor,
                       std::unordered_set<std::string>& seen, std::stop_token stop)
    : service_(service),
      limit_(limit),
      seen_(seen),
      on_stop_(std::move(stop), [this] { stop_.request_stop(); }),
      thread_([this, first = Call{phase, std::move(cursor)}] { read_all(first); }) {}

PageReader::~PageReader() { stop_.request_stop(); }

Result<ListPage> PageReader::next() {
  std::unique_lock lock(mutex_);
  if (!changed_.wait(lock, stop_.get_token(), [this] { return page_.has_value(); }))
    return failure(Code::cancelled, "the run was stopped");
  Result<ListPage> page = std::move(*page_);
  page_.reset();
  changed_.notify_all();
  return page;
}

// The next call is made as soon as the answer's end is seen, before its devices are read.
void PageReader::read_all(Call call) {
  Answer answer = ask(call);
  for (;;) {
    if (!answer) {
      hand_over(failure(std::move(answer).error()));
      return;
    }
    std::optional<Call> guessed;
    std::future<Answer> ahead;
    if (const auto glance = answer->glance();
        glance && (glance->more_to_follow || call.phase == Phase::fetch)) {
      guessed = behind(call.phase, *glance);
      if (!seen_.contains(guessed->cursor.str()) || !glance->more_to_follow)
        ahead = std::async(std::launch::async, [this, next = *guessed] { return ask(next); });
    }

    auto content = std::move(*answer).read();
    if (!content) {
      hand_over(failure(std::move(content).error()));
      return;
    }
    ListPage page{.phase = call.phase, .content = std::move(*content)};
    page.repeats = page.content.more_to_follow && !seen_.insert(page.content.cursor.str()).second;
    const bool end = page.is_end();
    call = behind(page.phase, page.content);
    if (!hand_over(std::move(page)) || end) return;
    const bool is_asked = ahead.valid() && guessed == call;
    answer = is_asked ? ahead.get() : ask(call);
  }
}

PageReader::Answer PageReader::ask(const Call& call) {
  return call.phase == Phase::fetch ? service_.fetch_devices(call.cursor, limit_, stop_.get_token())
                                    : service_.sync_devices(call.cursor, limit_, stop_.get_token());
}

PageReader::Call PageReader::behind(Phase phase, const apple::DevicePage& page) {
  return {page.more_to_follow ? phase : Phase::sync, page.cursor};
}

// False when nobody takes it any more.
bool PageReader::hand_over(Result<ListPage> page) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait(lock, stop_.get_token(), [this] { return !page_.has_value(); })) return false;
  page_.emplace(std::move(page));
  changed_.notify_all();
  return true;
}

}  // namespace muster::sync
