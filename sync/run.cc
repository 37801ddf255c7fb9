// The story of a run:
//
//   1. Load the account's cursor and phase.
//   2. Ask Apple for a page: the full list first (fetch), then what changed (sync), with the same cursor.
//   3. Store the page in one transaction with all that follows from it, and the cursor (page.cc). Meanwhile the next
//      pages are already on their way (page_reader.cc).
//   4. Go on until there is no more. A cursor that comes twice ends the run: it never becomes a loop.
//   5. The assignments this made are the worker's (assignments.cc).
//
// An expired cursor begins the full list again, at most once a run and with a back-off of its own; so does reconcile,
// once a day, to find what the cursor never showed. Devices it shows that were not known are arrivals, unless the
// account's first list (its baseline) has never been read to its end.
#include "sync/run.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "apple/failure.h"
#include "base/log.h"
#include "sync/backoff.h"
#include "sync/connect.h"
#include "sync/page.h"
#include "sync/page_reader.h"
#include "sync/parts.h"
#include "sync/ties.h"

namespace muster::sync {
namespace {

using Phase = SyncState::Phase;

std::string_view word(Phase phase) { return phase == Phase::fetch ? "fetch" : "sync"; }

class Run {
 public:
  explicit Run(const RunContext& context) : context_(context) {}

  Result<RunReport> go(Reading reading) {
    MUSTER_TRY(state_, context_.store.read([&](Reader& r) { return r.sync_state(context_.account.id); }));
    // Stored with the first page only: a full list that cannot be begun costs nothing that is known.
    if (reading == Reading::all && state_.phase == Phase::sync) {
      state_.phase = Phase::fetch;
      state_.cursor = Cursor();
    }
    whole_list_ = state_.phase == Phase::fetch && state_.cursor.empty();
    if (!state_.cursor.empty()) seen_.insert(state_.cursor.str());
    begin_reading();
    for (;;) {
      auto page = reader_->next();
      if (!page) {
        MUSTER_TRY(recover(page.error()));
        if (finished_) return report_;
        begin_reading();
        continue;
      }
      const bool end = page->is_end(), reader_ends = page->reader_ends;
      MUSTER_TRY(store(std::move(*page)));
      if (end) return report_;
      if (reader_ends) begin_reading();
    }
  }

 private:
  void begin_reading() {
    const int limit = context_.account.apple ? context_.account.apple->page_limit : kPageLimit;
    reader_.reset();
    reader_.emplace(context_.service, limit, state_.phase, state_.cursor, seen_, context_.stop);
  }

  // Page and cursor, all or nothing.
  Result<> store(ListPage list_page) {
    apple::DevicePage& page = list_page.content;
    const bool last_of_phase = list_page.is_last_of_phase(), repeats = list_page.repeats;
    MUSTER_TRY(ask_about_ties(page.devices));
    const Time now = context_.clock.now();
    const bool ends_full_list = last_of_phase && state_.phase == Phase::fetch;
    SyncState after = state_;
    if (ends_full_list) after = behind_full_list(page.cursor);
    after.cursor = page.cursor;
    if (repeats) after = with_trouble(after, now);
    if (last_of_phase && state_.phase == Phase::sync) after = without_trouble(after);

    const PageInput input{.account = context_.account.id,
                          .account_name = context_.account.name,
                          .source = source(),
                          .policy = context_.policy,
                          .now = now};
    const auto rows = page.devices.size();
    int absent = 0;
    const auto write_page = [&](Writer& writer) -> Result<PageOutcome> {
      MUSTER_TRY(check_current(writer, context_.account));
      MUSTER_TRY(auto applied, apply_rows(writer, input, std::move(page.devices)));
      if (whole_list_ && state_.phase == Phase::fetch) mark(applied.listed);
      // Never from a list that was read in part, nor from the baseline, which has nothing to compare with.
      if (ends_full_list && whole_list_ && state_.baseline_done) {
        MUSTER_TRY(absent, bury_absent(writer, input, listed_));
      }
      MUSTER_TRY(writer.put_sync_state(context_.account.id, after));
      return applied;
    };
    // In passing: a page that a power loss takes takes its cursor with it, and Apple gives it again.
    MUSTER_TRY(const auto outcome, list_page.is_end() ? context_.store.write(write_page)
                                                      : context_.store.write_in_passing(write_page));

    const std::string& name = context_.account.name.str();
    log::info("sync.page", {{"account", name},
                            {"phase", word(state_.phase)},
                            {"devices", rows},
                            {"arrivals", outcome.arrivals},
                            {"more", !last_of_phase}});
    for (const auto& text : outcome.warnings) log::warn("device.warning", {{"account", name}, {"msg", text}});
    for (const auto& text : page.odd_rows) log::warn("device.odd_row", {{"account", name}, {"reason", text}});
    if (absent) log::warn("device.absent", {{"account", name}, {"devices", absent}});
    if (repeats) log::warn("sync.cursor_repeated", {{"account", name}, {"phase", word(state_.phase)}});

    report_.whole_list = report_.whole_list || (ends_full_list && whole_list_);
    state_ = after;
    ++report_.pages;
    report_.devices += static_cast<long long>(rows);
    report_.arrivals += outcome.arrivals;
    report_.left += outcome.left + absent;
    report_.uncovered += outcome.uncovered;
    if (context_.on_page) context_.on_page(report_);
    return {};
  }

  Result<> ask_about_ties(std::vector<DeviceReport>& rows) {
    if (state_.phase == Phase::fetch || rows.empty())
      return {};  // rows of the full list have no dates to tie
    // Nothing is written. But a writer knows of most serials that are new without looking for them.
    MUSTER_TRY(const auto ties, context_.store.write_in_passing(
                                    [&](Writer& w) { return find_ties(w, context_.account.id, rows); }));
    std::map<Serial, apple::DeviceDetails> details;
    MUSTER_TRY(in_parts(ties, apple::kDetailsLimit, [&](std::span<const Serial> part) -> Result<> {
      MUSTER_TRY(auto answer, context_.service.device_details(part, context_.stop));
      details.merge(answer);
      return {};
    }));
    settle_ties(rows, ties, details);
    return {};
  }

  // On to what is new. A list that was not read from its beginning in one run cannot tell who is absent, so the next
  // one is not far.
  SyncState behind_full_list(const Cursor& cursor) const {
    const Millis until_next = whole_list_ ? context_.reconcile_interval
                                          : std::min(context_.reconcile_interval, kInterruptedListWait);
    SyncState after = state_;
    after.phase = Phase::sync;
    after.cursor = cursor;
    after.baseline_done = true;
    after.next_full = context_.clock.now() + spread(until_next);
    return after;
  }

  // Apple refused or repeated a cursor: the full list is read again, but seldom if that does not help.
  static SyncState with_trouble(SyncState state, Time now) {
    ++state.cursor_troubles;
    state.refetch_not_before = now + refetch_wait(state.cursor_troubles);
    if (state.next_full) state.next_full = std::min(*state.next_full, *state.refetch_not_before);
    return state;
  }

  static SyncState without_trouble(SyncState state) {
    state.cursor_troubles = 0;
    state.refetch_not_before.reset();
    return state;
  }

  assign::Source source() const {
    if (state_.phase == Phase::sync) return assign::Source::sync;
    return state_.baseline_done ? assign::Source::refetch : assign::Source::baseline;
  }

  void mark(const std::vector<DeviceId>& ids) {
    for (const DeviceId id : ids) {
      const auto index = static_cast<size_t>(id);
      if (index >= listed_.size()) listed_.resize(index + index / 2 + 1);
      listed_[index] = true;
    }
  }

  // What a refused cursor means. Gives the error back when it is not about the cursor.
  Result<> recover(const Error& error) {
    const std::string& name = context_.account.name.str();
    switch (apple::classify(error)) {
      case apple::Failure::cursor_exhausted:
        if (state_.phase == Phase::sync) {  // nothing new
          finished_ = true;
          return state_.cursor_troubles ? change_state(without_trouble(state_)) : Result<>();
        }
        // The full list was read already, by a run that could not go on to sync.
        return change_state(behind_full_list(state_.cursor));
      case apple::Failure::cursor_expired: {
        const Time now = context_.clock.now();
        const bool too_soon = state_.refetch_not_before && now < *state_.refetch_not_before;
        if (refetched_ || too_soon || state_.cursor.empty()) return failure(error);
        log::warn("sync.cursor_refused",
                  {{"account", name}, {"phase", word(state_.phase)}, {"word", error.remote.word}});
        refetched_ = true;
        whole_list_ = true;
        listed_.clear();
        SyncState anew = with_trouble(state_, now);
        anew.phase = Phase::fetch;
        anew.cursor = Cursor();
        return change_state(anew);
      }
      default: return failure(error);
    }
  }

  Result<> change_state(SyncState after) {
    MUSTER_TRY(context_.store.write([&](Writer& writer) -> Result<> {
      MUSTER_TRY(check_current(writer, context_.account));
      return writer.put_sync_state(context_.account.id, after);
    }));
    state_ = std::move(after);
    return {};
  }

  // Apple's maximum today, before /account told (apple-dep-api.md 4.2)
  static constexpr int kPageLimit = 1000;
  static constexpr Millis kInterruptedListWait = std::chrono::hours(1);

  const RunContext& context_;
  SyncState state_;
  RunReport report_;
  bool finished_ = false;
  bool refetched_ = false;
  bool whole_list_ = false;               // this run reads the full list from its beginning
  std::vector<bool> listed_;              // by device id: in the full list so far
  std::unordered_set<std::string> seen_;  // cursors given so far; the reader's while there is one
  std::optional<PageReader> reader_;
};

}  // namespace

RunReport& RunReport::operator+=(const RunReport& other) {
  whole_list = whole_list || other.whole_list;
  pages += other.pages;
  devices += other.devices;
  arrivals += other.arrivals;
  left += other.left;
  uncovered += other.uncovered;
  return *this;
}

Result<RunReport> run(const RunContext& context, Reading reading) { return Run(context).go(reading); }

}  // namespace muster::sync
