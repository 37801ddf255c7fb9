// Adds profile names to profile UUIDs in answers.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/profile.h"

namespace muster::api::muster_v1 {

class ProfileNames {
 public:
  explicit ProfileNames(const std::vector<Profile>& profiles);

  /// Sets `key` to the UUID, "" for none, and `key_name` where the registry knows it: `iPads`,
  /// `iPads version 2`.
  void put(boost::json::object& json, const std::string& key, const ProfileUuid& uuid) const;

 private:
  std::unordered_map<ProfileUuid, std::string> names_;
};

}  // namespace muster::api::muster_v1
