#include "sync/run/missing.h"

#include <algorithm>

#include "sync/work/parts.h"

namespace muster::sync {
namespace {

// More than a twentieth of an account, and more than a shelf of devices, do not leave from one day to the
// next unannounced (the list of changes tells of those that do).
constexpr long long kMostPart = 20;
constexpr long long kMostDevices = 20;
// The second list may begin a little early: pauses have jitter.
constexpr Millis kAgreesAfter = std::chrono::minutes(50);

bool too_many(long long missing, long long of) { return missing > kMostDevices && missing * kMostPart > of; }

Result<> ask_about(Writer& writer, AccountId account, std::span<const DeviceId> missing, Time now) {
  constexpr size_t kAtOnce = 1000;
  return in_parts(missing, kAtOnce, [&](std::span<const DeviceId> part) -> Result<> {
    MUSTER_TRY(const auto devices, writer.devices(part));
    std::vector<Serial> serials;
    for (const auto& device : devices) serials.push_back(device.serial);
    MUSTER_TRY(const auto asked, writer.questions_about(account, Question::Kind::missing, serials));
    std::vector<Question> questions;
    std::vector<HistoryEntry> history;
    for (const auto& device : devices) {
      const bool is_asked = std::any_of(asked.begin(), asked.end(), [&](const Question& question) {
        return question.serial == device.serial;
      });
      if (is_asked) continue;
      questions.push_back({.account = account,
                           .kind = Question::Kind::missing,
                           .serial = device.serial,
                           .op_date = {},
                           .since = now,
                           .next_try = now});
      history.push_back({device.id, now, HistoryEntry::Kind::missing, {}});
    }
    MUSTER_TRY(writer.add_histories(account, history));
    return writer.put_questions(questions);
  });
}

}  // namespace

Result<MissingOutcome> find_missing(Writer& writer, AccountId account, const ListMarks& marks,
                                    SyncState& state, Time now) {
  MUSTER_TRY(auto ids, writer.device_ids(account));
  MissingOutcome outcome{.of = static_cast<long long>(ids.size())};
  std::erase_if(ids, [&](DeviceId id) { return marks.listed.has(id) || marks.changed.has(id); });
  outcome.devices = static_cast<long long>(ids.size());
  const bool agrees = state.many_missing_since && now - *state.many_missing_since >= kAgreesAfter;
  outcome.doubtful = too_many(outcome.devices, outcome.of) && !agrees;
  if (outcome.doubtful) {
    if (!state.many_missing_since) state.many_missing_since = now;
    state.many_missing = outcome.devices;
    return outcome;
  }
  state.many_missing_since.reset();
  state.many_missing = 0;
  MUSTER_TRY(ask_about(writer, account, ids, now));
  return outcome;
}

}  // namespace muster::sync
