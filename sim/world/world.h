// All devices, accounts and profiles. One lock guards it (service.h); nothing here blocks.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "sim/world/account.h"
#include "sim/world/device.h"
#include "sim/world/random.h"

namespace muster::sim {

struct Profile {
  std::string uuid;
  int account = -1;  ///< -1: belongs to a service that is not simulated
  std::string name;
  std::string document;  ///< as GET /profile answers it, JSON
};

class World {
 public:
  explicit World(uint64_t seed);

  Random& random() { return random_; }

  /// An account of that name; Code::conflict when there is one, Code::invalid for a bad name (letters, digits
  /// and
  /// ._- only). The first one of all has the well-known token; others' tokens follow from seed, name and
  /// month.
  Result<int> create_account(const std::string& name, long long now_ms);
  std::deque<Account>& accounts() { return accounts_; }
  const std::deque<Account>& accounts() const { return accounts_; }
  Account& account(int index) { return accounts_[static_cast<size_t>(index)]; }
  /// Something is about to happen to devices: rows that were made ahead are right no more.
  void forget_ready_rows() {
    for (Account& account : accounts_) account.ready_rows.clear();
  }
  /// -1 when there is none.
  int find_account(std::string_view name) const;

  /// Returns an account another token; the one it had is known as replaced from then on.
  void set_token(Account& account, Token token);
  struct TokenOwner {
    int account = -1;
    bool replaced = false;
  };
  /// Whose access token this is; account -1 when nobody's.
  TokenOwner owner_of(const std::string& access_token) const;

  std::deque<Device>& devices() { return devices_; }
  const std::deque<Device>& devices() const { return devices_; }
  Device& device(DeviceId id) { return devices_[id]; }
  const Device& device(DeviceId id) const { return devices_[id]; }
  Device* find_device(std::string_view serial);
  DeviceId id_of(const Device& device) const { return ids_.at(device.serial); }
  /// The serial must be new.
  DeviceId create_device(std::string serial, uint16_t kind);
  /// A serial that no device has.
  std::string new_serial();

  std::vector<Profile>& profiles() { return profiles_; }
  const std::vector<Profile>& profiles() const { return profiles_; }
  const Profile& profile(ProfileId id) const { return profiles_[id]; }
  ProfileId create_profile(int account, std::string uuid, std::string name, std::string document);
  /// 0 when no profile has that UUID.
  ProfileId find_profile(const std::string& uuid) const;
  std::string new_profile_uuid();

  /// The person's index, for DeviceState::assigned_by.
  uint16_t person(const std::string& apple_account);
  const std::string& person_name(uint16_t index) const { return people_[index]; }

 private:
  const uint64_t seed_;
  Random random_;
  std::deque<Account> accounts_;
  std::unordered_map<std::string, TokenOwner> tokens_;
  std::deque<Device> devices_;  // never shrinks and does not move: ids_ holds views of the serials
  std::unordered_map<std::string_view, DeviceId> ids_;
  std::vector<Profile> profiles_;
  std::unordered_map<std::string, ProfileId> profile_ids_;
  std::vector<std::string> people_;
};

}  // namespace muster::sim
