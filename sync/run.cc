// The story of a run:
//
//   1. Load the account's cursor and phase.
//   2. Ask Apple for a page: the full list first (fetch), then what changed (sync), with the same cursor.
//   3. Store the page in one transaction with all that follows from it, and the cursor (page.cc). Meanwhile the next
//      page is already on its way.
//   4. Go on until there is no more. A cursor that comes twice ends the run: it never becomes a loop.
//   5. The assignments this made are the worker's (assignments.cc).
//
// An expired cursor begins the full list again, at most once a run; devices it shows that were not known are
// arrivals, unless the account's first list (its baseline) has never been read to its end.
#include "sync/run.h"

#include <future>
#include <unordered_set>

#include "apple/failure.h"
#include "base/log.h"
#include "sync/page.h"

namespace muster::sync {
namespace {

using Phase = SyncState::Phase;
using apple::DevicePage;

std::string_view word(Phase phase) { return phase == Phase::fetch ? "fetch" : "sync"; }

class Run {
 public:
  explicit Run(const RunContext& context) : context_(context) {}

  Result<RunReport> go() {
    MUSTER_TRY(state_, context_.store.read([&](Reader& r) { return r.sync_state(context_.account.id); }));
    whole_list_ = state_.phase == Phase::fetch && state_.cursor.empty();
    auto answer = ask(state_.phase, state_.cursor);
    for (;;) {
      if (!answer) {
        MUSTER_TRY(recover(answer.error()));
        if (finished_) return report_;
        answer = ask(state_.phase, state_.cursor);
        continue;
      }
      DevicePage page = std::move(*answer);
      const bool last_of_phase = !page.more_to_follow;
      const bool repeats = page.more_to_follow && !seen_.insert(page.cursor.str()).second;
      if (repeats)
        log::warn("sync.cursor_repeated",
                  {{"account", context_.account.name.str()}, {"phase", word(state_.phase)}});
      const bool end = repeats || (last_of_phase && state_.phase == Phase::sync);

      std::future<Result<DevicePage>> next;
      if (!end)
        next = std::async(std::launch::async, [this, phase = last_of_phase ? Phase::sync : state_.phase,
                                               cursor = page.cursor] { return ask(phase, cursor); });
      auto stored = store(std::move(page), last_of_phase);
      if (end) {
        MUSTER_TRY(stored);
        return report_;
      }
      answer = next.get();  // also when storing failed: the call must not outlive the run
      MUSTER_TRY(stored);
    }
  }

 private:
  Result<DevicePage> ask(Phase phase, const Cursor& cursor) {
    const int limit = context_.account.apple ? context_.account.apple->page_limit : kPageLimit;
    return phase == Phase::fetch ? context_.service.fetch_devices(cursor, limit, context_.stop)
                                 : context_.service.sync_devices(cursor, limit, context_.stop);
  }

  // Page and cursor, all or nothing.
  Result<> store(DevicePage page, bool last_of_phase) {
    SyncState after = state_;
    after.cursor = page.cursor;
    if (last_of_phase && state_.phase == Phase::fetch) after = {Phase::sync, page.cursor, true};
    const bool bury = after.phase != state_.phase && whole_list_ && state_.baseline_done;

    const PageInput input{.account = context_.account.id,
                          .source = source(),
                          .policy = context_.policy,
                          .now = context_.clock.now()};
    const auto rows = page.devices.size();
    int absent = 0;
    MUSTER_TRY(auto outcome, context_.store.write([&](Writer& writer) -> Result<PageOutcome> {
      MUSTER_TRY(auto applied, apply_rows(writer, input, std::move(page.devices)));
      if (bury) {
        mark(applied.listed);
        MUSTER_TRY(absent, bury_absent(writer, input, listed_));
      }
      MUSTER_TRY(writer.put_sync_state(context_.account.id, after));
      return applied;
    }));
    if (whole_list_ && state_.phase == Phase::fetch) mark(outcome.listed);

    const std::string& name = context_.account.name.str();
    log::info("sync.page", {{"account", name},
                            {"phase", word(state_.phase)},
                            {"devices", rows},
                            {"arrivals", outcome.arrivals},
                            {"more", !last_of_phase}});
    for (const auto& text : outcome.warnings) log::warn("device.warning", {{"account", name}, {"msg", text}});
    for (const auto& text : page.odd_rows) log::warn("device.odd_row", {{"account", name}, {"reason", text}});
    if (absent) log::warn("device.absent", {{"account", name}, {"devices", absent}});

    state_ = after;
    ++report_.pages;
    report_.devices += static_cast<long long>(rows);
    report_.arrivals += outcome.arrivals;
    report_.left += outcome.left + absent;
    report_.uncovered += outcome.uncovered;
    return {};
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
          return {};
        }
        // The full list was read already, by a run that could not go on to sync.
        return change_state({Phase::sync, state_.cursor, true});
      case apple::Failure::cursor_expired:
        if (refetched_ || state_.cursor.empty()) return failure(error);
        log::warn("sync.cursor_refused",
                  {{"account", name}, {"phase", word(state_.phase)}, {"word", error.remote.word}});
        refetched_ = true;
        whole_list_ = true;
        listed_.clear();
        return change_state({Phase::fetch, Cursor(), state_.baseline_done});
      default: return failure(error);
    }
  }

  Result<> change_state(SyncState after) {
    MUSTER_TRY(context_.store.write([&](Writer& w) { return w.put_sync_state(context_.account.id, after); }));
    state_ = std::move(after);
    return {};
  }

  // Apple's maximum today, before /account told (apple-dep-api.md 4.2)
  static constexpr int kPageLimit = 1000;

  const RunContext& context_;
  SyncState state_;
  RunReport report_;
  bool finished_ = false;
  bool refetched_ = false;
  bool whole_list_ = false;               // this run reads the full list from its beginning
  std::vector<bool> listed_;              // by device id: in the full list so far
  std::unordered_set<std::string> seen_;  // cursors given so far
};

}  // namespace

Result<RunReport> run(const RunContext& context) { return Run(context).go(); }

}  // namespace muster::sync
