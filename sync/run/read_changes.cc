// The lane of changes: Apple's list of what happened, page by page from the stored cursor completely.
//
// A cursor that Apple rejects is kept and tried again, because the refusal may be the error; meanwhile a full
// list is read, once at first and then ever more seldom, which finds what happened and gives another cursor.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "apple/answers/failure.h"
#include "base/log/log.h"
#include "base/time/backoff.h"
#include "sync/accounts/connect.h"
#include "sync/run/lanes.h"
#include "sync/run/list_page.h"

namespace muster::sync {
namespace {

// A full list for the sake of the cursor: at once the first time.
void trouble_with_cursor(SyncState& state, Time now) {
  const Time begin = std::max(now, state.refetch_not_before.value_or(now));
  if (!state.list_under_way) state.next_list = state.next_list ? std::min(*state.next_list, begin) : begin;
  ++state.cursor_troubles;
  state.refetch_not_before = begin + refetch_wait(state.cursor_troubles);
}

// The cursor behind the last full list is as good: what came since is told from there. False when there is
// none.
bool take_spare(SyncState& state) {
  if (state.list_under_way || state.list.empty() || state.list == state.changes) return false;
  state.changes = std::exchange(state.list, Cursor());
  return true;
}

void no_trouble_with_cursor(SyncState& state) {
  state.cursor_troubles = 0;
  state.refetch_not_before.reset();
}

bool is_idle_end(const ListPage& page) {
  return page.content.complete && !page.content.more_to_follow && page.content.devices.empty();
}

class Changes {
 public:
  Changes(const LaneContext& context, SyncState state) : context_(context), state_(std::move(state)) {}

  Result<std::optional<IdleEnd>> read() {
    if (state_.changes.empty()) return std::nullopt;  // the full list gives a cursor at its end
    cursor_ = state_.changes;
    seen_.insert(cursor_.str());
    int idle = 0;
    long long pages = 0;
    for (bool ended = false; !ended;) {
      PageReader reader(
          context_.service,
          {.list = AppleList::changes, .limit = page_limit(context_.account), .ahead = context_.read_ahead},
          cursor_, seen_, context_.stop);
      for (bool go_on = true; go_on;) {
        auto page = reader.next();
        if (!page) return failed(page.error());
        // Apple may give a page again, with the cursor that it had; a loop gives it again and again.
        idle = page->repeats || page->content.devices.empty() ? idle + 1 : 0;
        if (page->repeats) page->reader_ends = true;
        page->repeats = page->content.more_to_follow && idle >= kMostIdlePages;
        if (!page->is_end()) context_.memory.changes_are_coming = had_more_pages_ = true;
        if (is_idle_end(*page)) return end_idle(*page);
        MUSTER_TRY(store(*page));
        if (!page->content.complete || page->repeats) {
          context_.retry_in = spread(context_.interval);
          return failure(page->repeats ? repeated_cursor(AppleList::changes)
                                       : incomplete_answer(AppleList::changes));
        }
        cursor_ = page->content.cursor;
        ended = page->is_end();
        if (!ended && ++pages == kMostPages) {
          context_.retry_in = std::max(spread(context_.interval), account_wait(context_.failures + 1));
          return failure(endless_list(AppleList::changes, pages));
        }
        go_on = !ended && !page->reader_ends;
      }
    }
    return std::nullopt;
  }

  bool had_more_pages() const { return had_more_pages_; }

 private:
  // A full list gave the cursor: that Apple accepts it says nothing of those of the list of changes.
  bool is_lists() const {
    return context_.memory.list_cursor.with([&](const auto& given) { return given == cursor_.str(); });
  }

  IdleEnd end_idle(const ListPage& page) {
    tell_page(context_, AppleList::changes, page, 0, {});
    context_.memory.refused_cursor.with([](auto& refused) { refused.clear(); });
    return {.asked_with = cursor_, .next = page.content.cursor, .proves_cursors = !is_lists()};
  }

  Result<> store(ListPage& page) {
    const bool is_lists = this->is_lists();
    MUSTER_TRY(const auto stored, store_page(context_, AppleList::changes, assign::Source::sync, state_, page,
                                             [&](Writer&, const PageOutcome&, SyncState& state) -> Result<> {
                                               // A page that was stored in passing is lost with a database
                                               // that was killed, and must be read again.
                                               if (state.changes != cursor_)
                                                 return failure(not_current_any_more());
                                               if (!page.content.complete) return {};
                                               state.changes = page.content.cursor;
                                               if (page.repeats)
                                                 trouble_with_cursor(state, context_.clock.now());
                                               else if (!is_lists)
                                                 no_trouble_with_cursor(state);
                                               return {};
                                             }));
    if (!page.repeats) context_.memory.refused_cursor.with([](auto& refused) { refused.clear(); });
    if (page.repeats && stored.state.next_list) context_.wake(Lane::full_list);
    return {};
  }

  // Returns the error back, unless it only says that nothing is new.
  Result<std::optional<IdleEnd>> failed(const Error& error) {
    switch (apple::classify(error)) {
      case apple::Failure::cursor_exhausted:
        return IdleEnd{.asked_with = cursor_, .next = cursor_, .proves_cursors = true};
      case apple::Failure::cursor_expired: {
        if (!std::exchange(told_, true))
          log::warn("sync.cursor_rejected", {{"account", context_.account.name.str()},
                                             {"phase", "sync"},
                                             {"apple_code", error.remote.word}});
        const bool is_new = context_.memory.refused_cursor.with(
            [&](std::string& refused) { return std::exchange(refused, cursor_.str()) != cursor_.str(); });
        if (!is_new) return failure(error);
        bool has_other = false;
        MUSTER_TRY(const auto state,
                   context_.store.write(context_.scope(), [&](Writer& writer) -> Result<SyncState> {
                     return update_state(writer, context_.account.id, [&](SyncState& stored) {
                       has_other = take_spare(stored);
                       if (!has_other) trouble_with_cursor(stored, context_.clock.now());
                     });
                   }));
        if (has_other) {
          context_.memory.list_cursor.with([&](auto& given) { given = state.changes.str(); });
          state_ = state;
          MUSTER_TRY(auto end, read());
          // All was read, and yet: each cursor of a list of changes is rejected, so that lists must be read
          // for others.
          if (state.cursor_troubles == 0) return end;
          if (end) MUSTER_TRY(store_end(context_, *end));
          context_.retry_in = spread(context_.interval);
          return failure(error);
        }
        context_.wake(Lane::full_list);
        // The first time all is said: the list that begins now gives another cursor.
        if (state.cursor_troubles == 1) return std::nullopt;
        return failure(error);
      }
      default: return failure(error);
    }
  }

  const LaneContext& context_;
  SyncState state_;  // as the list was begun
  bool had_more_pages_ = false;
  bool told_ = false;                     // that a cursor was rejected
  Cursor cursor_;                         // of the next page to be stored
  std::unordered_set<std::string> seen_;  // cursors given so far; the reader's while there is one
};

}  // namespace

Result<> IdleEnd::apply_to(SyncState& state) const {
  if (state.changes != asked_with) return failure(not_current_any_more());
  state.changes = next;
  if (proves_cursors) no_trouble_with_cursor(state);
  return {};
}

Result<> store_end(const LaneContext& context, const IdleEnd& end) {
  return context.store.write(context.scope(), [&](Writer& writer) -> Result<> {
    MUSTER_TRY(auto state, writer.sync_state(context.account.id));
    MUSTER_TRY(end.apply_to(state));
    return writer.put_sync_state(context.account.id, state);
  });
}

Result<std::optional<IdleEnd>> read_changes(const LaneContext& context, const SyncState& state) {
  Changes changes(context, state);
  auto done = changes.read();
  context.memory.changes_are_coming = false;
  if (changes.had_more_pages()) context.wake(Lane::assignment);  // what waited for a full call waits no more
  return done;
}

}  // namespace muster::sync
