#include "sync/work/disown.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <limits>

#include "apple/answers/failure.h"
#include "base/log/log.h"
#include "base/text/json.h"
#include "sync/work/desired.h"
#include "sync/work/device_audit.h"
#include "sync/work/parts.h"

namespace muster::sync {
namespace {

constexpr const char* kAction = "devices.disowned";
constexpr Millis kDay = std::chrono::hours(24);

// An entry of the audit says how many devices it is about.
long long devices_in(const AuditEntry& entry) {
  const auto after = parse_json(entry.change.after);
  const auto* devices = after && after->is_object() ? after->as_object().if_contains("devices") : nullptr;
  return devices && devices->is_int64() ? devices->as_int64() : 0;
}

Result<long long> disowned_today(Reader& reader, const Account& account, Time now) {
  AuditQuery query;
  query.since = now - kDay;
  query.what = kAction;
  query.account = account.name.str();
  query.limit = std::numeric_limits<std::int32_t>::max();
  MUSTER_TRY(const auto entries, reader.audit_page(query));
  long long devices = 0;
  for (const auto& entry : entries) devices += devices_in(entry);
  return devices;
}

Result<> check_limit(long long today, size_t wanted, long long limit) {
  if (today + static_cast<long long>(wanted) <= limit) return {};
  return failure(
      Code::conflict,
      fmt::format("{} devices are more than may be released today: {} of {} in 24 hours are left", wanted,
                  std::max(limit - today, 0LL), limit),
      "No device was released. `muster serve -disown-limit N` sets the limit, and Apple's portal releases devices, too");
}

// What is about to happen, in the audit before Apple hears of it.
Result<> begin(const RunContext& context, std::span<const Serial> serials, long long limit) {
  return context.store.write(context.account.id, [&](Writer& writer) -> Result<> {
    MUSTER_TRY(const auto present, preview_disowning(writer, context.account, serials, context.clock.now()));
    MUSTER_TRY(check_limit(present.today, present.devices.size(), limit));
    writer.note_change(device_change(kAction, serials));
    return {};
  });
}

Result<> bury_released(const RunContext& context, std::span<const Serial> serials,
                       const apple::SerialAnswers& answers) {
  return update_devices(context.store, context.account.id,
                        [&](Writer& writer, DeviceUpdates& updates) -> Result<> {
                          writer.note_no_change();  // it was noted
                          MUSTER_TRY(auto stored, writer.devices(context.account.id, serials));
                          for (auto& device : stored) {
                            const auto word = answers.answer_for(device.serial);
                            if (!word.is_success() || device.tombstone) continue;
                            Device& released = updates.keep(std::move(device));
                            ignore_rows_before(released, context.account, context.clock.now());
                            bury(updates, released, Tombstone::Reason::disowned, context.clock.now());
                          }
                          return {};
                        });
}

Result<apple::SerialAnswers> disown_part(const RunContext& context, std::span<const Serial> serials) {
  auto answers = context.service.disown(serials, context.stop);
  if (!answers) {
    const Error& error = answers.error();
    if (!apple::outcome_unknown(error)) return failure(error);
    return failure(apple::with_what_may_be(
        error, "The devices may have been released nevertheless. The next sync shows it"));
  }
  MUSTER_TRY(bury_released(context, serials, *answers));
  return answers;
}

}  // namespace

Result<Disowning> preview_disowning(Reader& reader, const Account& account, std::span<const Serial> serials,
                                    Time now) {
  Disowning present;
  MUSTER_TRY(present.devices, named_devices(reader, account.id, serials));
  MUSTER_TRY(present.today, disowned_today(reader, account, now));
  return present;
}

Result<apple::SerialAnswers> disown_devices(const RunContext& context, std::span<const Serial> named,
                                            long long limit) {
  const auto serials = distinct(named);
  MUSTER_TRY(begin(context, serials, limit));
  MUSTER_TRY(auto answers, in_calls(serials, [&](auto part) { return disown_part(context, part); }));
  size_t released = 0;
  for (const auto& [serial, word] : answers.answers) released += word.is_success();
  log::info("device.disowned", {{"account", context.account.name.str()},
                                {"devices", static_cast<long long>(released)},
                                {"rejected", static_cast<long long>(serials.size() - released)}});
  return answers;
}

}  // namespace muster::sync
