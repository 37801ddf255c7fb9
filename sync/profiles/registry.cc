#include "sync/profiles/registry.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "base/log/log.h"
#include "base/text/json.h"
#include "sync/rules/rules.h"

namespace muster::sync {
namespace {

constexpr const char* kHowToListVersions =
    "`mdmctl get dep-profiles -name NAME` lists the versions of a name";

Error no_such_profile(const std::string& name) {
  return {Code::not_found, "there is no profile with the name \"" + name + "\"",
          "`mdmctl get dep-profiles` lists the profiles"};
}

std::string title_of(const Profile& profile) {
  return "version " + std::to_string(profile.version) + " of \"" + profile.name + "\"";
}

Result<Profile> target_of(Reader& reader, const Profile& current, std::optional<int> version) {
  MUSTER_TRY(const auto profiles, reader.profiles(current.account));
  const Profile* target = nullptr;
  for (const auto& profile : profiles) {
    if (profile.name != current.name) continue;
    if (version ? profile.version == *version
                : profile.version < current.version && (!target || profile.version > target->version))
      target = &profile;
  }
  if (!target && version)
    return failure(Code::not_found, "\"" + current.name + "\" has no version " + std::to_string(*version),
                   kHowToListVersions);
  if (!target)
    return failure(Code::conflict, "there is no version before " + title_of(current), kHowToListVersions);
  if (target->uuid == current.uuid)
    return failure(Code::conflict, title_of(current) + " is already current", kHowToListVersions);
  if (!target->unknown_at_apple.empty())
    return failure(Code::conflict,
                   "Apple does not know " + title_of(*target) + " anymore (" + target->unknown_at_apple + ")",
                   "Define its document again with `mdmctl apply dep-profiles`");
  return *target;
}

}  // namespace

Result<std::vector<RegistryEntry>> registry_of(Reader& reader, AccountId account,
                                               const std::optional<std::string>& name) {
  MUSTER_TRY(auto profiles, reader.profiles(account));
  MUSTER_TRY(const auto rules, reader.rules(account));
  MUSTER_TRY(const auto counts, reader.devices_by_profile(account));
  std::map<std::string, ProfileUuid> current;
  std::vector<RegistryEntry> entries;
  for (auto& profile : profiles) {
    if (name && profile.name != *name) continue;
    if (!current.contains(profile.name)) {
      MUSTER_TRY(const auto found, reader.current_profile(account, profile.name));
      current[profile.name] = found ? found->uuid : ProfileUuid();
    }
    RegistryEntry entry{.profile = std::move(profile)};
    entry.is_current = current[entry.profile.name] == entry.profile.uuid;
    if (const auto count = counts.find(entry.profile.uuid); count != counts.end())
      entry.devices = count->second;
    for (const auto& rule : rules)
      if (rule.profile == entry.profile.uuid) entry.rules.push_back(muster::title_of(rule));
    entries.push_back(std::move(entry));
  }
  if (name && entries.empty()) return failure(no_such_profile(*name));
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::tie(a.profile.name, a.profile.version) < std::tie(b.profile.name, b.profile.version);
  });
  return entries;
}

Result<long long> devices_with(Reader& reader, AccountId account, const ProfileUuid& profile) {
  MUSTER_TRY(const auto counts, reader.devices_by_profile(account));
  const auto found = counts.find(profile);
  return found == counts.end() ? 0 : found->second;
}

Result<bool> is_followed(Reader& reader, AccountId account, const std::string& name) {
  MUSTER_TRY(const auto rules, reader.rules(account));
  return !name.empty() &&
         std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.profile_name == name; });
}

Result<int> make_current(Writer& writer, const Profile& profile, Time now) {
  MUSTER_TRY(writer.set_current_profile(profile.account, profile.name, profile.uuid));
  return follow_profile(writer, profile.account, profile.name, profile.uuid, now);
}

Result<NextVersion> put_next_version(Writer& writer, Profile& profile, bool may_replace, Time now) {
  NextVersion next;
  MUSTER_TRY(next.before, writer.current_profile(profile.account, profile.name));
  MUSTER_TRY(const int newest, writer.newest_profile_version(profile.account, profile.name));
  profile.version = newest + 1;
  MUSTER_TRY(writer.put_profile(profile));
  if (next.before && !may_replace) return next;
  MUSTER_TRY(next.rules, make_current(writer, profile, now));
  return next;
}

std::string version_json(const Profile& profile) {
  return write_json(boost::json::object{{"version", profile.version}, {"profile_uuid", profile.uuid.str()}});
}

Result<Rollback> roll_back(Store& store, const Account& account, const std::string& name,
                           std::optional<int> version, RuleChange how) {
  Rollback done;
  MUSTER_TRY(const bool followed,
             store.read([&](Reader& reader) { return is_followed(reader, account.id, name); }));
  if (!followed) how.max_changes = RuleChange{}.max_changes;  // what rules change otherwise is not by this
  how.account = account.id;
  how.apply = [&](Writer& writer) -> Result<> {
    MUSTER_TRY(const auto current, writer.current_profile(account.id, name));
    if (!current) return failure(no_such_profile(name));
    done.before = *current;
    MUSTER_TRY(done.profile, target_of(writer, *current, version));
    writer.note_change({.action = "profile.rolled_back",
                        .object = name,
                        .before = version_json(*current),
                        .after = version_json(done.profile)});
    MUSTER_TRY(done.rules, make_current(writer, done.profile, how.now));
    return {};
  };
  MUSTER_TRY(done.outcome, change_rules(store, how));
  if (!followed) done.outcome.plan = {};
  MUSTER_TRY(done.devices_before,
             store.read([&](Reader& reader) { return devices_with(reader, account.id, done.before.uuid); }));
  if (done.outcome.applied)
    log::info("profile.rolled_back", {{"account", account.name.str()},
                                      {"name", name},
                                      {"from", done.before.version},
                                      {"to", done.profile.version},
                                      {"rules", done.rules}});
  return done;
}

}  // namespace muster::sync
