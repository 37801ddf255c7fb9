#include "sync/upkeep.h"

#include <algorithm>

#include "base/log/log.h"
#include "model/text/words.h"
#include "sync/accounts/health.h"
#include "sync/enrollment/late.h"
#include "sync/work/history_retention.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;

// `Date` headers have whole seconds, and answers take time to arrive: smaller differences are ignored.
constexpr Millis kClockNoise = 2s;

}  // namespace

void log_failure(const std::string& account, Lane lane, const Error& error) {
  log::error("sync.failed", {{"account", account}, {"lane", word(lane)}, {"reason", error.text()}});
}

// With -depsim nothing is known before, for its token was never checked. What fails is tried again with the
// next list.
Result<> learn_account(const RunContext& context, Account& account) {
  auto apple = context.service.account(context.stop);
  if (!apple) {
    if (apple.error().code == Code::cancelled || (!account.apple && may_concern_account(apple.error())))
      return failure(apple.error());
    log_failure(account.name.str(), Lane::full_list, apple.error());
    return {};
  }
  if (account.apple == *apple) return {};
  account.apple = std::move(*apple);
  return context.store.write(context.scope(),
                             [&](Writer& w) { return w.put_apple_account(account.id, *account.apple); });
}

void remember_clock(Store& store, const Account& account, const apple::Service& service) {
  const auto offset = service.apple_offset();
  if (!offset) return;
  if (account.clock_offset && std::chrono::abs(*account.clock_offset - *offset) <= kClockNoise) return;
  const auto stored = store.write(WriteScope::of_run(account),
                                  [&](Writer& w) { return w.put_clock_offset(account.id, *offset); });
  if (!stored)
    log::error("sync.failed", {{"account", account.name.str()}, {"reason", stored.error().text()}});
}

void look_for_late(Store& store, const Clock& clock, const Account& account, std::optional<Tick>& looked_at) {
  const Tick now = clock.steady();
  if (looked_at && now - *looked_at < kLateEvery) return;
  if (const auto told = tell_late(store, account, clock.now()))
    looked_at = now;
  else if (told.error().code != Code::cancelled)
    log_failure(account.name.str(), Lane::changes, told.error());
}

// By Apple's clock if ours is ahead: one that was set a year ahead by mistake must not cost a year of
// history.
void remove_old_entries(Store& store, const Clock& clock, const Account& account,
                        const apple::Service& service, Millis retention, std::stop_token stop) {
  const Millis ahead = std::max(service.apple_offset().value_or(Millis{}), Millis{});
  const auto removed = remove_old_history(store, clock.now() - ahead, retention, stop);
  if (!removed) return log_failure(account.name.str(), Lane::full_list, removed.error());
  if (*removed > 0) log::info("history.removed", {{"entries", *removed}});
  const auto of_audit = remove_old_audit(store, clock.now() - ahead, retention, stop);
  if (!of_audit) return log_failure(account.name.str(), Lane::full_list, of_audit.error());
  if (*of_audit > 0) log::info("audit.removed", {{"entries", *of_audit}});
}

}  // namespace muster::sync
