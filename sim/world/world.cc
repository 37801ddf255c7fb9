#include "sim/world/world.h"

#include <algorithm>
#include <chrono>

#include "sim/world/catalogue.h"
#include "sim/world/codec.h"

namespace muster::sim {
namespace {

constexpr size_t kLongestName = 100;
constexpr size_t kMostPeople = 65'535;

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

// Tokens tell their time of issue. With the month's first day a restart with the same seed knows the same
// tokens.
long long start_of_month(long long ms) {
  using namespace std::chrono;
  const year_month_day date(floor<days>(sys_time<milliseconds>(milliseconds(ms))));
  return duration_cast<milliseconds>(sys_days(date.year() / date.month() / 1).time_since_epoch()).count();
}

}  // namespace

World::World(uint64_t seed) : seed_(seed), random_(seed) {
  profiles_.emplace_back();  // id 0: no profile
  people_.emplace_back();
}

Result<int> World::create_account(const std::string& name, long long now_ms) {
  if (!is_name(name))
    return failure(Code::invalid, "\"" + name + "\" is not a valid account name",
                   "Use letters, digits, dots, dashes and underscores");
  if (find_account(name) != -1) return failure(Code::conflict, "the account \"" + name + "\" already exists");
  Random random(seed_ ^ hash_text(name));
  const auto index = static_cast<int>(accounts_.size());
  Account& account = accounts_.emplace_back();
  account.name = name;
  account.index = index;
  account.server_name = "depsim " + name;
  account.server_uuid = random.upper_hex(32);
  account.admin_id = "admin@" + name + ".example.com";
  account.org_name = "Example " + name;
  account.org_email = "it@" + name + ".example.com";
  account.org_phone = "555-" + random.pick("0123456789", 4);
  account.org_address = "1 Example Street, Springfield";
  account.org_id = random.pick("123456789", 9);
  account.org_id_hash = random.hex(64);
  account.admin = person(account.admin_id);
  set_token(account, index == 0 ? well_known_token(now_ms) : make_token(random, start_of_month(now_ms)));
  return index;
}

int World::find_account(std::string_view name) const {
  for (size_t i = 0; i < accounts_.size(); ++i)
    if (accounts_[i].name == name) return static_cast<int>(i);
  return -1;
}

void World::set_token(Account& account, Token token) {
  if (const auto old = tokens_.find(account.token.access_token); old != tokens_.end())
    old->second.replaced = true;
  tokens_[token.access_token] = {.account = account.index, .replaced = false};
  account.token = std::move(token);
}

World::TokenOwner World::owner_of(const std::string& access_token) const {
  const auto found = tokens_.find(access_token);
  return found == tokens_.end() ? TokenOwner{} : found->second;
}

Device* World::find_device(std::string_view serial) {
  const auto found = ids_.find(serial);
  return found == ids_.end() ? nullptr : &devices_[found->second];
}

DeviceId World::create_device(std::string serial, uint16_t kind) {
  const auto id = static_cast<DeviceId>(devices_.size());
  Device& device = devices_.emplace_back();
  device.serial = std::move(serial);
  device.kind = kind;
  ids_.emplace(device.serial, id);
  return id;
}

std::string World::new_serial() {
  for (;;) {
    std::string serial = make_serial(random_);
    if (!ids_.contains(serial)) return serial;
  }
}

ProfileId World::create_profile(int account, std::string uuid, std::string name, std::string document) {
  const auto id = static_cast<ProfileId>(profiles_.size());
  profile_ids_[uuid] = id;
  profiles_.push_back({.uuid = std::move(uuid),
                       .account = account,
                       .name = std::move(name),
                       .document = std::move(document)});
  return id;
}

ProfileId World::find_profile(const std::string& uuid) const {
  const auto found = profile_ids_.find(uuid);
  return found == profile_ids_.end() ? 0 : found->second;
}

// Random even with a fixed seed: two runs of the simulator must not give two profiles one UUID.
std::string World::new_profile_uuid() { return to_hex(random_octets(16), Case::upper); }

uint16_t World::person(const std::string& apple_account) {
  const auto found = std::find(people_.begin(), people_.end(), apple_account);
  if (found != people_.end()) return static_cast<uint16_t>(found - people_.begin());
  if (people_.size() == kMostPeople) return 0;
  people_.push_back(apple_account);
  return static_cast<uint16_t>(people_.size() - 1);
}

}  // namespace muster::sim
