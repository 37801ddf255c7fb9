#include "sync/locks/lock.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "apple/answers/failure.h"
#include "apple/bypass_code.h"
#include "base/log/log.h"
#include "sync/work/device_audit.h"
#include "sync/work/parts.h"

namespace muster::sync {
namespace {

constexpr const char* kLocked = "devices.locked";

// Apple's words for a device that it has not locked (apple-dep-api.md 4.8). A word that nobody knows says
// neither.
constexpr std::string_view kNotLocked[] = {"NOT_ACCESSIBLE", "ORG_NOT_SUPPORTED", "DEVICE_NOT_SUPPORTED",
                                           "DEVICE_ALREADY_LOCKED", "FAILED"};

bool says_not_locked(const AnswerWord& word) {
  return std::find(std::begin(kNotLocked), std::end(kNotLocked), word.text) != std::end(kNotLocked);
}

Result<DeviceLock> lock_to_try(Reader& reader, const RunContext& context, const Serial& serial,
                               const std::string& by) {
  MUSTER_TRY(auto stored, reader.device_lock(context.account.id, serial));
  if (stored) return *std::move(stored);
  return DeviceLock{.account = context.account.id,
                    .serial = serial,
                    .code = apple::BypassCode::make().text(),
                    .made_at = context.clock.now(),
                    .made_by = by};
}

// The codes, in the database with the audit's entry before Apple hears of them.
Result<std::vector<DeviceLock>> begin_locking(const RunContext& context, std::span<const Serial> serials,
                                              const LockRequest& request) {
  return context.store.write(context.account.id, [&](Writer& writer) -> Result<std::vector<DeviceLock>> {
    MUSTER_TRY(const auto devices, preview_locks(writer, context.account, serials));
    std::vector<DeviceLock> locks;
    for (const auto& device : devices) {
      MUSTER_TRY(auto lock, lock_to_try(writer, context, device.serial, request.by));
      ++lock.unanswered;
      MUSTER_TRY(writer.put_device_lock(lock));
      locks.push_back(std::move(lock));
    }
    writer.note_change(device_change(kLocked, serials, {}, request.message));
    return locks;
  });
}

Result<> change_locks(const RunContext& context, std::span<const DeviceLock> locks,
                      const std::function<void(DeviceLock&)>& change) {
  return context.store.write(context.account.id, [&](Writer& writer) -> Result<> {
    writer.note_no_change();  // it was noted
    for (const auto& each : locks) {
      MUSTER_TRY(auto lock, writer.device_lock(each.account, each.serial));
      if (!lock) continue;  // the account was removed meanwhile
      change(*lock);
      MUSTER_TRY(writer.put_device_lock(*lock));
    }
    return {};
  });
}

void take_answer(DeviceLock& lock, const AnswerWord& word, Time now) {
  lock.word = word.text;
  lock.answered_at = now;
  if (word.is_success()) lock.locked_at = now;
  if (word.is_success() || says_not_locked(word)) --lock.unanswered;
}

// The call has not locked the device, and nothing was said of it.
void take_back(DeviceLock& lock) { --lock.unanswered; }

Result<AnswerWord> lock_one(const RunContext& context, const DeviceLock& lock, const std::string& message) {
  MUSTER_TRY(const auto code, apple::BypassCode::from_text(lock.code));
  MUSTER_TRY(const auto escrow_key, code.hash());
  auto word = context.service.lock(lock.serial, escrow_key, message, context.stop);
  const std::span<const DeviceLock> only(&lock, 1);
  if (word) {
    MUSTER_TRY(change_locks(context, only,
                            [&](DeviceLock& stored) { take_answer(stored, *word, context.clock.now()); }));
    return word;
  }
  const Error& error = word.error();
  if (apple::outcome_unknown(error))
    return failure(apple::with_what_may_be(
        error,
        "The device " + lock.serial.str() +
            " may be locked nevertheless. Its bypass code is kept, and used again when the call is repeated"));
  MUSTER_TRY(change_locks(context, only, take_back));
  return failure(error);
}

}  // namespace

Result<std::vector<Device>> preview_locks(Reader& reader, const Account& account,
                                          std::span<const Serial> serials) {
  if (serials.size() > kMostLocks)
    return failure(
        Code::invalid,
        fmt::format("{} devices are too many: a call locks at most {}", serials.size(), kMostLocks),
        "No device was locked. Lock them in parts");
  return named_devices(reader, account.id, serials);
}

Result<LockAnswers> lock_devices(const RunContext& context, const LockRequest& request) {
  const auto serials = distinct(request.serials);
  MUSTER_TRY(const auto locks, begin_locking(context, serials, request));
  LockAnswers done;
  size_t locked = 0;
  std::span<const DeviceLock> rest(locks);
  while (!rest.empty() && !done.stopped_by) {
    const DeviceLock& lock = rest.front();
    rest = rest.subspan(1);
    auto word = lock_one(context, lock, request.message);
    if (!word) {
      done.stopped_by = std::move(word).error();
      continue;
    }
    locked += word->is_success();
    done.answers.answers.emplace(lock.serial, *std::move(word));
  }
  if (!rest.empty()) MUSTER_TRY(change_locks(context, rest, take_back));
  if (done.stopped_by && done.answers.answers.empty()) return failure(*std::move(done.stopped_by));
  log::info("device.locked", {{"account", context.account.name.str()},
                              {"devices", static_cast<long long>(locked)},
                              {"rejected", static_cast<long long>(serials.size() - locked)}});
  return done;
}

}  // namespace muster::sync
