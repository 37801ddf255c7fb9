// Profiles in versions, and those that Apple does not know.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/profile.h"
#include "model/profile_trouble.h"

namespace muster {

class ProfileReads {
 public:
  virtual ~ProfileReads() = default;

  /// In order of definition.
  virtual Result<std::vector<Profile>> profiles(AccountId account) = 0;
  virtual Result<std::optional<Profile>> profile(AccountId account, const ProfileUuid& uuid) = 0;
  /// The version that the name stands for.
  virtual Result<std::optional<Profile>> current_profile(AccountId account, const std::string& name) = 0;
  /// 0 when there is none of that name.
  virtual Result<int> newest_profile_version(AccountId account, const std::string& name) = 0;
  /// Only profiles that Apple does not know.
  virtual Result<std::map<ProfileUuid, ProfileTrouble>> profile_troubles(AccountId account) = 0;
};

class ProfileWrites {
 public:
  virtual ~ProfileWrites() = default;

  /// By account and UUID: new, or replaced.
  virtual Result<> put_profile(const Profile& profile) = 0;
  /// The profile must be stored.
  virtual Result<> set_current_profile(AccountId account, const std::string& name,
                                       const ProfileUuid& uuid) = 0;
  virtual Result<> put_profile_trouble(AccountId account, const ProfileUuid& uuid,
                                       const std::optional<ProfileTrouble>& trouble) = 0;
};

}  // namespace muster
