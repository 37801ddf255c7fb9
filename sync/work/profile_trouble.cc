#include "sync/work/profile_trouble.h"

#include <algorithm>

#include "base/time/backoff.h"

namespace muster::sync {
namespace {

Result<> mark(Writer& writer, AccountId account, const ProfileUuid& profile, const std::string& word) {
  MUSTER_TRY(auto rules, writer.rules(account));
  for (auto& rule : rules) {
    if (rule.profile != profile || rule.broken == word) continue;
    rule.broken = word;
    MUSTER_TRY(writer.put_rule(rule));
  }
  MUSTER_TRY(auto known, writer.profile(account, profile));
  if (!known || known->unknown_at_apple == word) return {};
  known->unknown_at_apple = word;
  return writer.put_profile(*known);
}

}  // namespace

Result<> profile_is_unknown(Writer& writer, AccountId account, const ProfileUuid& profile,
                            const std::string& word, Time now) {
  MUSTER_TRY(const auto troubles, writer.profile_troubles(account));
  const auto known = troubles.find(profile);
  ProfileTrouble trouble =
      known == troubles.end() ? ProfileTrouble{.word = word, .since = now} : known->second;
  trouble.word = word;
  trouble.retry_at = now + unclear_wait(++trouble.failures);
  MUSTER_TRY(writer.put_profile_trouble(account, profile, trouble));
  return mark(writer, account, profile, word);
}

Result<> profile_is_known(Writer& writer, AccountId account, const ProfileUuid& profile) {
  MUSTER_TRY(const auto troubles, writer.profile_troubles(account));
  if (!troubles.contains(profile)) return {};
  MUSTER_TRY(writer.put_profile_trouble(account, profile, std::nullopt));
  return mark(writer, account, profile, "");
}

Result<> profiles_are_known(Store& store, WriteScope scope, const std::set<ProfileUuid>& profiles) {
  const AccountId account = scope.account();
  MUSTER_TRY(const auto troubles, store.read([&](Reader& r) { return r.profile_troubles(account); }));
  const auto had_trouble = [&](const ProfileUuid& profile) { return troubles.contains(profile); };
  if (std::none_of(profiles.begin(), profiles.end(), had_trouble)) return {};
  return store.write(scope, [&](Writer& writer) -> Result<> {
    for (const auto& profile : profiles) MUSTER_TRY(profile_is_known(writer, account, profile));
    return {};
  });
}

Result<> profile_is_unchecked(Writer& writer, AccountId account, const ProfileUuid& profile, Time now) {
  return writer.put_profile_trouble(account, profile,
                                    ProfileTrouble{.word = "", .since = now, .retry_at = now});
}

Result<std::vector<ProfileProbe>> profiles_to_probe(Reader& reader, AccountId account, Time now) {
  MUSTER_TRY(const auto troubles, reader.profile_troubles(account));
  std::vector<ProfileProbe> probes;
  for (const auto& [profile, trouble] : troubles)
    if (trouble.retry_at <= now) probes.push_back({profile, trouble.word.empty()});
  return probes;
}

Result<> probes_failed(Writer& writer, AccountId account, std::span<const ProfileProbe> probes, Time now) {
  MUSTER_TRY(const auto troubles, writer.profile_troubles(account));
  for (const auto& probe : probes) {
    const auto found = troubles.find(probe.profile);
    if (found == troubles.end()) continue;
    ProfileTrouble trouble = found->second;
    trouble.retry_at = now + account_wait(++trouble.failures);
    MUSTER_TRY(writer.put_profile_trouble(account, probe.profile, trouble));
  }
  return {};
}

Result<BlockedProfiles> blocked_profiles(Reader& reader, AccountId account, Time now) {
  MUSTER_TRY(const auto troubles, reader.profile_troubles(account));
  BlockedProfiles blocked;
  for (const auto& [profile, trouble] : troubles) {
    if (trouble.retry_at <= now) continue;
    if (!trouble.word.empty()) blocked.profiles.insert(profile);
    blocked.until = std::min(blocked.until.value_or(trouble.retry_at), trouble.retry_at);
  }
  return blocked;
}

}  // namespace muster::sync
