// The lane of the full list: the account's first list (its baseline), and once a day the list again
// (reconcile), to find what the list of changes never showed. Its position is stored with each page, so that
// it continues after a restart, or an hour of trouble. It never moves the position in the list of changes,
// but where that one has none that works.
//
// Devices that a list lacks are missing.h's.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "apple/answers/failure.h"
#include "base/log/log.h"
#include "base/time/backoff.h"
#include "sync/accounts/connect.h"
#include "sync/accounts/feed.h"
#include "sync/run/lanes.h"
#include "sync/run/list_page.h"
#include "sync/run/missing.h"
#include "sync/work/desired.h"

namespace muster::sync {
namespace {

// A list that was not read from its beginning in one go cannot tell who is absent, so the next one is not
// far.
constexpr Millis kInterruptedListWait = std::chrono::hours(1);
// A list of a million devices takes an hour where Apple is slow: so long no account keeps a worker.
constexpr Millis kTurn = std::chrono::minutes(1);

class FullList {
 public:
  explicit FullList(const LaneContext& context) : context_(context) {}

  Result<bool> read(bool begin_now) {
    MUSTER_TRY(const bool goes_on, begin_or_go_on(begin_now));
    if (!goes_on) return false;
    const Time begun = context_.clock.now();
    MUSTER_TRY(const auto known,
               context_.store.read([&](Reader& r) { return r.device_counts(context_.account.id); }));
    most_pages_ = 2 * known.devices / page_limit(context_.account);
    Cursor cursor = state_.list;
    if (!cursor.empty()) seen_.insert(cursor.str());
    for (bool ended = false; !ended;) {
      PageReader reader(
          context_.service,
          {.list = AppleList::full, .limit = page_limit(context_.account), .ahead = context_.read_ahead},
          cursor, seen_, context_.stop);
      for (bool go_on = true; go_on;) {
        auto page = reader.next();
        if (!page) {
          MUSTER_TRY(failed(page.error()));
          return false;
        }
        MUSTER_TRY(store(*page));
        if (!page->content.complete) {
          context_.retry_in = spread(context_.interval);
          return failure(incomplete_answer(AppleList::full));
        }
        if (page->repeats) {
          context_.retry_in = refetch_wait(context_.failures + 1);
          return failure(repeated_cursor(AppleList::full));
        }
        cursor = page->content.cursor;
        ended = page->is_end();
        if (const auto too_many = ended ? std::nullopt : too_many_pages()) {
          context_.retry_in = refetch_wait(context_.failures + 1);
          return failure(endless_list(AppleList::full, *too_many));
        }
        if (!ended && context_.clock.now() - begun >= kTurn) return true;
        go_on = !ended && !page->reader_ends;
      }
    }
    return false;
  }

 private:
  // False when no list is due.
  Result<bool> begin_or_go_on(bool begin_now) {
    const AccountId account = context_.account.id;
    const Time now = context_.clock.now();
    MUSTER_TRY(state_, context_.store.read([&](Reader& r) { return r.sync_state(account); }));
    if (state_.list_under_way) {
      context_.memory.marks.with([&](ListMarks& marks) {
        if (marks.list_number != state_.list_number)
          marks = {.list_number = state_.list_number, .listed = {}, .changed = {}};
      });
      return true;
    }
    if (!begins_full_list(state_, begin_now, now)) return false;
    MUSTER_TRY(state_, context_.store.write(context_.scope(), [&](Writer& writer) -> Result<SyncState> {
      return update_state(writer, account, [&](SyncState& state) {
        state.list = Cursor();
        state.list_under_way = true;
        ++state.list_number;
        state.list_began.reset();
        if (!state.baseline_began && !state.baseline_done) {
          state.baseline_began = by_apple(now);
          if (!context_.service.apple_offset()) context_.memory.undated_baseline = now;
        }
      });
    }));
    context_.memory.marks.with([&](ListMarks& marks) {
      marks = {.list_number = state_.list_number, .proves_absence = true, .listed = {}, .changed = {}};
    });
    return true;
  }

  Result<> store(ListPage& page) {
    bool is_last = false;
    const auto source = state_.baseline_done ? assign::Source::refetch : assign::Source::baseline;
    MissingOutcome missing;
    date_list(state_);
    const int idle_before = idle_pages_;
    bool brings_new = false;
    auto stored = store_page(
        context_, AppleList::full, source, state_, page,
        [&](Writer& writer, const PageOutcome& outcome, SyncState& state) -> Result<> {
          // A page that was stored in passing is lost with a database that was killed, and must be read
          // again.
          if (state.list != state_.list || state.list_number != state_.list_number)
            return failure(not_current_any_more());
          const bool proves = context_.memory.marks.with([&](ListMarks& marks) {
            is_last = false;
            missing = {};
            // Apple may begin again with every cursor it gives. What this has marked before is marked when it
            // runs again.
            brings_new = marks.listed.mark(outcome.listed) > 0 || brings_new;
            idle_pages_ = brings_new ? 0 : idle_before + 1;
            marks.proves_absence = marks.proves_absence && page.content.odd_rows.empty();
            return marks.proves_absence;
          });
          state.list_began = state_.list_began;
          state.baseline_began = state_.baseline_began;
          if (!page.content.complete) return {};
          if (page.content.more_to_follow && idle_pages_ >= kMostIdlePages) page.repeats = true;
          is_last = page.is_end() && !page.repeats;
          state.list = page.content.cursor;
          if (page.repeats) return break_off(state), Result<>();
          if (!is_last) return {};
          // Never from a list that was read in part, nor from the baseline, which has nothing to compare
          // with.
          if (proves && state.baseline_done) {
            MUSTER_TRY(missing, context_.memory.marks.with([&](const ListMarks& marks) {
              return find_missing(writer, context_.account.id, marks, state, context_.clock.now());
            }));
          }
          const bool is_interrupted = !proves && state.baseline_done;
          // Who was assigned within the second in which it began may be on a page that was not read.
          if (!proves && !state.baseline_done) *state.baseline_began += kSecondOfApple;
          if (!state.baseline_done)
            MUSTER_TRY(tell_first_list(writer, context_.account.id, context_.clock.now()));
          end_list(state, is_interrupted ? kInterruptedListWait : context_.reconcile_interval, missing);
          return {};
        });
    if (!stored) {  // the marks may have what is not stored
      context_.memory.marks.with([](ListMarks& marks) { marks.proves_absence = false; });
      return failure(stored.error());
    }
    state_ = stored->state;
    if (page.repeats) context_.wake(Lane::changes);
    if (!is_last) return {};
    context_.memory.marks.with([](ListMarks& marks) { marks = {}; });
    tell_end(missing);
    return {};
  }

  // Counts one more. Returns how many came when they are twice as many as the known devices need, and more
  // than anybody's first list has; then counts again, for it may have grown as much.
  std::optional<long long> too_many_pages() {
    return context_.memory.marks.with([&](ListMarks& marks) -> std::optional<long long> {
      if (++marks.pages < std::max(kMostPages, most_pages_)) return std::nullopt;
      return std::exchange(marks.pages, 0);
    });
  }

  // By Apple's clock, which is known once it has answered.
  void date_list(SyncState& state) const {
    if (!state.list_began) state.list_began = by_apple(asked_at_);
    auto& undated = context_.memory.undated_baseline;
    if (undated && context_.service.apple_offset())
      state.baseline_began = by_apple(*std::exchange(undated, std::nullopt));
  }
  Time by_apple(Time ours) const { return ours - context_.service.apple_offset().value_or(Millis(0)); }

  void end_list(SyncState& state, Millis until_next, const MissingOutcome& missing) const {
    until_next = std::min(until_next, missing.doubtful ? kSecondListWait : context_.reconcile_interval);
    take_cursor(state);
    state.list_under_way = false;
    state.baseline_done = true;
    state.next_list = context_.clock.now() + (missing.doubtful ? until_next : spread(until_next));
  }

  // The list of changes continues after the one that it has, unless that one does not work.
  void take_cursor(SyncState& state) const {
    if (!state.changes.empty() && state.cursor_troubles == 0) return;
    state.changes = state.list;
    context_.memory.refused_cursor.with([](auto& refused) { refused.clear(); });
    context_.memory.list_cursor.with([&](auto& given) { given = state.list.str(); });
  }

  // The list leads nowhere. Without any cursor for changes its last one is better than none: Apple says if it
  // is not.
  void break_off(SyncState& state) const {
    if (state.changes.empty()) state.changes = state.list;
    state.list = Cursor();
    state.list_under_way = false;
    state.next_list = context_.clock.now();  // the lane's own trouble says when
  }

  void tell_end(const MissingOutcome& missing) {
    context_.memory.report.with([](Report& report) { report.whole_list = true; });
    const std::string& name = context_.account.name.str();
    if (missing.doubtful)
      log::warn("device.many_missing",
                {{"account", name}, {"missing", missing.devices}, {"devices", missing.of}});
    else if (missing.devices > 0)
      log::warn("device.missing", {{"account", name}, {"devices", missing.devices}});
    if (missing.devices > 0 && !missing.doubtful) context_.wake(Lane::questions);
    context_.wake(Lane::changes);
  }

  Result<> failed(const Error& error) {
    const auto change = [&](auto&& change_state) {
      return context_.store.write(context_.scope(), [&](Writer& writer) -> Result<> {
        MUSTER_TRY(const auto before, writer.sync_state(context_.account.id));
        MUSTER_TRY(state_, update_state(writer, context_.account.id, change_state));
        if (state_.baseline_done == before.baseline_done) return {};
        return tell_first_list(writer, context_.account.id, context_.clock.now());
      });
    };
    switch (apple::classify(error)) {
      case apple::Failure::cursor_exhausted:
        if (state_.list.empty()) return failure(error);
        // All was given already, but its last page was not seen here: it proves nothing. Nor would it if it
        // were read again.
        MUSTER_TRY(change([&](SyncState& state) {
          if (!state.baseline_done && state.baseline_began) *state.baseline_began += kSecondOfApple;
          end_list(state, context_.reconcile_interval, {});
        }));
        tell_end({});
        return {};
      case apple::Failure::cursor_expired:
        if (state_.list.empty()) return failure(error);
        log::warn("sync.cursor_rejected", {{"account", context_.account.name.str()},
                                           {"phase", "fetch"},
                                           {"apple_code", error.remote.word}});
        MUSTER_TRY(change([&](SyncState& state) {
          state.list = Cursor();
          state.list_under_way = false;
          state.next_list = context_.clock.now();
        }));
        // Again from its beginning: at once the first time.
        context_.retry_in = context_.failures == 0 ? Millis(0) : refetch_wait(context_.failures);
        return failure(error);
      default: return failure(error);
    }
  }

  const LaneContext& context_;
  SyncState state_;
  Time asked_at_ = context_.clock.now();  // for the first page
  long long most_pages_ = 0;              // by the devices that are known
  int idle_pages_ = 0;                    // in a row: nothing in them that this list has not shown
  std::unordered_set<std::string> seen_;  // cursors given so far; the reader's while there is one
};

}  // namespace

bool begins_full_list(const SyncState& state, bool begin_now, Time now) {
  if (state.list_under_way) return false;
  return begin_now || !state.baseline_done || (state.next_list && now >= *state.next_list);
}

Result<bool> read_full_list(const LaneContext& context, bool begin_now) {
  return FullList(context).read(begin_now);
}

}  // namespace muster::sync
