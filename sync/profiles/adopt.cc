#include "sync/profiles/adopt.h"

#include <algorithm>
#include <boost/json.hpp>

#include "apple/answers/failure.h"
#include "base/log/log.h"
#include "base/text/json.h"
#include "sync/profiles/registry.h"

namespace muster::sync {
namespace {

// Profiles of devices that the registry lacks.
Result<std::vector<ProfileUuid>> unregistered(Reader& reader, AccountId account) {
  MUSTER_TRY(const auto counts, reader.devices_by_profile(account));
  MUSTER_TRY(const auto known, reader.profiles(account));
  std::vector<ProfileUuid> missing;
  for (const auto& [uuid, devices] : counts) {
    const bool is_known =
        std::any_of(known.begin(), known.end(), [&](const Profile& profile) { return profile.uuid == uuid; });
    if (!is_known && !uuid.empty() && devices > 0) missing.push_back(uuid);
  }
  return missing;
}

Result<Profile> fetch_one(apple::Service& service, const ProfileUuid& uuid, std::stop_token stop) {
  MUSTER_TRY(const auto json, service.profile(uuid, stop));
  MUSTER_TRY(auto document, parse_json(json));
  if (!document.is_object()) return failure(Code::remote, "Apple's answer to GET /profile is not an object");
  auto& profile = document.get_object();
  profile.erase("profile_uuid");
  profile.erase("devices");
  return Profile{.uuid = uuid,
                 .name = text_member(profile, "profile_name"),
                 .document = boost::json::serialize(profile)};
}

}  // namespace

Result<std::vector<AdoptedProfile>> fetch_profiles(apple::Service& service,
                                                   const std::vector<ProfileUuid>& uuids,
                                                   std::stop_token stop) {
  std::vector<AdoptedProfile> fetched;
  for (const auto& uuid : uuids) {
    auto profile = fetch_one(service, uuid, stop);
    if (profile)
      fetched.push_back({.profile = *std::move(profile)});
    else if (apple::classify(profile.error()) == apple::Failure::cancelled)
      return failure(profile.error());
    else
      fetched.push_back({.profile = {.uuid = uuid}, .error = profile.error()});
  }
  return fetched;
}

Result<> put_adopted(Writer& writer, Profile& profile, const std::string& by, bool may_replace, Time now) {
  profile.defined_at = now;
  profile.defined_by = by;
  MUSTER_TRY(const auto next, put_next_version(writer, profile, may_replace, now));
  writer.note_change({.action = "profile.imported",
                      .object = profile.name,
                      .before = next.before ? version_json(*next.before) : "",
                      .after = version_json(profile)});
  return {};
}

Result<Adoption> adopt_profiles(const RunContext& context, const std::string& by, bool preview) {
  const AccountId account = context.account.id;
  MUSTER_TRY(auto missing, context.store.read([&](Reader& reader) { return unregistered(reader, account); }));
  Adoption adoption;
  if (missing.size() > kAdoptLimit) {
    adoption.left = static_cast<long long>(missing.size() - kAdoptLimit);
    missing.resize(kAdoptLimit);
  }
  MUSTER_TRY(adoption.profiles, fetch_profiles(context.service, missing, context.stop));
  for (auto& adopted : adoption.profiles) adopted.profile.account = account;
  if (preview) return adoption;
  MUSTER_TRY(context.store.write(account, [&](Writer& writer) -> Result<> {
    bool is_none = true;
    for (auto& [profile, error] : adoption.profiles) {
      if (error) continue;
      MUSTER_TRY(const auto present, writer.profile(account, profile.uuid));
      if (present) continue;  // somebody else did the same meanwhile
      MUSTER_TRY(put_adopted(writer, profile, by, false, context.clock.now()));
      is_none = false;
    }
    if (is_none) writer.note_no_change();
    return {};
  }));
  for (const auto& [profile, error] : adoption.profiles)
    if (!error)
      log::info("profile.imported", {{"account", context.account.name.str()},
                                     {"profile", profile.uuid.str()},
                                     {"name", profile.name},
                                     {"version", profile.version}});
  return adoption;
}

}  // namespace muster::sync
