#include "sync/enrollment/late.h"

#include <algorithm>

#include "base/log/log.h"
#include "base/text/flags.h"

namespace muster::sync {
namespace {

constexpr size_t kAtOnce = 500;  // histories of one transaction

const Rule* rule_of(const Device& device, const std::vector<Rule>& rules) {
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [&](const Rule& rule) { return rule.id == device.desired.rule; });
  return found == rules.end() ? nullptr : &*found;
}

// Of the devices that became late since `told_until`. They may have enrolled since they were read, and rules
// may have changed.
Result<std::vector<HistoryEntry>> news_of(Reader& reader, const Account& account,
                                          std::span<const Serial> serials, Time told_until, Time now) {
  MUSTER_TRY(const auto rules, reader.rules(account.id));
  MUSTER_TRY(const auto devices, reader.devices(account.id, serials));
  MUSTER_TRY(const auto enrollments, reader.enrollments_in(account.id, serials));
  std::vector<HistoryEntry> news;
  for (const auto& device : devices) {
    const Rule* const rule = rule_of(device, rules);
    const auto enrollment = enrollments.find(device.serial);
    const auto since = late_since(account, device, rule,
                                  enrollment == enrollments.end() ? nullptr : &enrollment->second, now);
    if (!since || *since <= account.apple_time(told_until)) continue;
    news.push_back({device.id, now, HistoryEntry::Kind::late,
                    title_of(*rule) + " expects it within " + format_duration(rule->enroll_within)});
  }
  return news;
}

Result<bool> is_told(Reader& reader) {
  MUSTER_TRY(const auto webhook, reader.enrollment_webhook());
  return webhook.has_value();
}

}  // namespace

Result<std::vector<GivenBetween>> late_devices(Reader& reader, const Account& account, Time now) {
  std::vector<GivenBetween> late;
  MUSTER_TRY(const auto rules, reader.rules(account.id));
  for (const auto& rule : rules)
    if (rule.enroll_within > Millis(0))
      late.push_back({.rule = rule.id, .after = {}, .until = account.apple_time(now) - rule.enroll_within});
  if (late.empty()) return late;
  MUSTER_TRY(const bool told, is_told(reader));
  if (!told) late.clear();
  return late;
}

std::optional<Time> late_since(const Account& account, const Device& device, const Rule* rule,
                               const Enrollment* enrollment, Time now) {
  if (!rule || rule->enroll_within == Millis(0) || device.tombstone) return std::nullopt;
  if (device.desired.by != Desired::By::rule || !device.facts.has_profile(device.desired.profile))
    return std::nullopt;
  const auto given = device.facts.profile_assign_time ? device.facts.profile_assign_time : device.desired.at;
  if (!given) return std::nullopt;
  if (enrollment && (enrollment->enrolled_at || enrollment->ended_at >= given)) return std::nullopt;
  const Time since = *given + rule->enroll_within;
  return since <= account.apple_time(now) ? std::optional(since) : std::nullopt;
}

Result<std::optional<Time>> late_since(Reader& reader, const Account& account, const Device& device,
                                       const Rule* rule, const Enrollment* enrollment, Time now) {
  const auto since = late_since(account, device, rule, enrollment, now);
  if (!since) return since;
  MUSTER_TRY(const bool told, is_told(reader));
  return told ? since : std::nullopt;
}

namespace {

// Page by page: looked for in a view of the store, and told in a transaction of their own. Returns how many.
Result<long long> tell_since(Store& store, const Account& account, std::vector<GivenBetween> late,
                             Time told_until, Time now) {
  for (auto& of_rule : late) of_rule.after = of_rule.until - (now - told_until);
  long long all = 0;
  for (Serial after;;) {
    MUSTER_TRY(const auto devices, store.read([&](Reader& reader) {
      return reader.not_enrolled_page(account.id, late, after, kAtOnce);
    }));
    std::vector<Serial> serials;
    for (const auto& device : devices) serials.push_back(device.serial);
    if (!serials.empty()) {
      MUSTER_TRY(const auto told,
                 store.write(WriteScope::of_run(account), [&](Writer& writer) -> Result<size_t> {
                   MUSTER_TRY(const auto news, news_of(writer, account, serials, told_until, now));
                   if (!news.empty()) MUSTER_TRY(writer.add_histories(account.id, news));
                   return news.size();
                 }));
      all += static_cast<long long>(told);
    }
    if (serials.size() < kAtOnce) return all;
    after = serials.back();
  }
}

// A clock that was ahead must not silence it.
bool is_due(const std::optional<LateLook>& last, Time now) {
  return !last || now < last->told_until || now - last->told_until >= kLateEvery;
}

}  // namespace

Result<long long> tell_late(Store& store, const Account& account, Time now) {
  std::vector<GivenBetween> late;
  MUSTER_TRY(const auto last, store.read([&](Reader& reader) -> Result<std::optional<LateLook>> {
    MUSTER_TRY(late, late_devices(reader, account, now));
    return reader.late_look(account.id);
  }));
  const auto end = [&](const std::optional<LateLook>& look) {
    return store.write(WriteScope::of_run(account),
                       [&](Writer& writer) { return writer.put_late_look(account.id, look); });
  };
  if (late.empty()) {
    if (last) MUSTER_TRY(end(std::nullopt));
    return 0;
  }
  if (!is_due(last, now)) return 0;
  long long news = 0;
  if (last) {
    MUSTER_TRY(news, tell_since(store, account, late, last->told_until, now));
  }
  LateLook look{.told_until = now};
  MUSTER_TRY(const auto counts, store.read([&](Reader& r) { return r.not_enrolled(account.id, late); }));
  for (const auto& [rule, devices] : counts) look.devices += devices;
  MUSTER_TRY(end(look));
  if (news > 0) log::info("enrollment.late", {{"account", account.name.str()}, {"devices", news}});
  return news;
}

}  // namespace muster::sync
