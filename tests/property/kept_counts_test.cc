// The counts that are kept are those that one gets by counting, whatever the transactions do, are undone, or
// fail at.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "base/log/log.h"
#include "tests/property/any_filter.h"
#include "tests/support/open_store.h"
#include "tests/support/temp_dir.h"

namespace muster::property {
namespace {

struct Counts {
  long long devices = 0, uncovered = 0, contested = 0, waiting = 0;
  std::map<ProfileUuid, long long> by_profile;
  friend bool operator==(const Counts&, const Counts&) = default;
};

std::ostream& operator<<(std::ostream& out, const Counts& c) {
  out << c.devices << " devices, " << c.uncovered << " uncovered, " << c.contested << " contested, "
      << c.waiting << " waiting";
  for (const auto& [profile, number] : c.by_profile) out << ", " << number << " with " << profile.str();
  return out;
}

Result<Counts> kept(Reader& reader, AccountId account) {
  Counts counts;
  MUSTER_TRY(const auto devices, reader.device_counts(account));
  counts.devices = devices.devices;
  counts.uncovered = devices.uncovered;
  MUSTER_TRY(const auto listed, reader.uncovered_page(account, Serial(), 1000));
  RC_ASSERT(static_cast<long long>(listed.size()) == counts.uncovered);  // the list is the count's
  counts.contested = devices.contested;
  MUSTER_TRY(counts.waiting, reader.assignment_count(account));
  MUSTER_TRY(counts.by_profile, reader.devices_by_profile(account));
  return counts;
}

Result<Counts> counted(Reader& reader, AccountId account, const std::vector<DeviceId>& ids) {
  Counts counts;
  for (const DeviceId id : ids) {
    MUSTER_TRY(const auto device, reader.device(id));
    if (!device || device->account != account) continue;
    MUSTER_TRY(const auto work, reader.assignment(id));
    if (work) ++counts.waiting;
    if (device->tombstone) continue;
    ++counts.devices;
    if (device->desired.by == Desired::By::nobody && device->arrived_at) ++counts.uncovered;
    if (device->contested_at) ++counts.contested;
    if (device->facts.profile_status == "assigned" || device->facts.profile_status == "pushed")
      ++counts.by_profile[device->facts.profile_uuid];
  }
  return counts;
}

class World {
 public:
  World() {
    log::set_level(log::Level::error);
    open();
    (void)store_->write(installation, [&](Writer& w) -> Result<> {
      for (const char* name : {"school", "other"}) {
        MUSTER_TRY(const auto id, w.create_account(AccountName(name)));
        accounts_.push_back(id);
      }
      Rule rule{.account = accounts_[0], .filter = "*", .profile = ProfileUuid("A")};
      MUSTER_TRY(w.put_rule(rule));
      rule_ = rule.id;
      return {};
    });
  }

  void begin_anew() {
    RC_ASSERT(store_->write(installation, [&](Writer& w) { return w.erase_devices(ids_); }).has_value());
    ids_.clear();
  }

  /// A few changes in one transaction, which ends in one of several ways.
  void go_on() {
    const bool is_undone = chance(3), fails_midway = !is_undone && chance(4);
    const auto before = ids_;
    const auto done = store_->write(installation, [&](Writer& w) -> Result<> {
      for (int left = *rc::gen::inRange(1, 6); left > 0; --left) {
        change(w);
        if (chance(3)) check(w);
      }
      if (fails_midway && !ids_.empty()) fail(w);
      return is_undone ? Result<>(failure(Code::cancelled, "")) : Result<>();
    });
    const bool failed = fails_midway && !ids_.empty();
    RC_ASSERT(done.has_value() == !(is_undone || failed));
    if (!done) ids_ = before;
    if (chance(10)) open();
    (void)store_->read([&](Reader& r) -> Result<> {
      check(r);
      return {};
    });
  }

 private:
  void open() {
    store_.reset();
    store_ = *test::open_store(directory_.path());
  }

  void change(Writer& w) {
    switch (ids_.empty() ? 0 : *rc::gen::inRange(0, 8)) {
      case 0:
      case 1: return insert(w);
      case 2:
      case 3:
      case 4: return update(w);
      case 5: return work(w);
      case 6: return erase(w);
      case 7: {
        const Rule rule{.id = rule_,
                        .account = accounts_[0],
                        .filter = "*",
                        .profile = ProfileUuid(pick<std::string>({"", "A", "B"}))};
        RC_ASSERT(w.repoint_waiting(rule, kNow).has_value());
      }
    }
  }

  static void shuffle(Device& device) {
    device.facts.profile_status =
        pick<std::string>({"", "empty", "assigned", "pushed", "Assigned", "removed"});
    device.facts.profile_uuid = ProfileUuid(pick<std::string>({"", "A", "B", "it's"}));
    device.desired.by =
        pick<Desired::By>({Desired::By::nobody, Desired::By::rule, Desired::By::manual, Desired::By::hold});
    device.desired.rule = RuleId{1};
    device.arrived_at = chance(2) ? std::optional(kNow) : std::nullopt;
    device.contested_at = chance(3) ? std::optional(kNow) : std::nullopt;
    device.tombstone = chance(4) ? std::optional(Tombstone{Tombstone::Reason::deleted, kNow}) : std::nullopt;
  }

  void insert(Writer& w) {
    Device device;
    device.account = pick(accounts_);
    device.serial = Serial("S" + std::to_string(++serials_));
    device.first_seen = kNow;
    shuffle(device);
    RC_ASSERT(w.insert_device(device).has_value());
    if (std::find(ids_.begin(), ids_.end(), device.id) == ids_.end()) ids_.push_back(device.id);
  }
  void update(Writer& w) {
    auto device = *w.device(pick(ids_));
    if (!device) return;  // erased
    if (!chance(5)) shuffle(*device);
    RC_ASSERT(w.update_device(*device).has_value());
  }
  void work(Writer& w) {
    const auto device = *w.device(pick(ids_));
    if (!device) return;
    if (chance(3)) {
      RC_ASSERT(w.remove_assignment(device->id).has_value());
      return;
    }
    Assignment assignment{};
    assignment.device = device->id;
    assignment.account = device->account;
    assignment.profile = ProfileUuid("A");
    assignment.state = Assignment::State::due;
    RC_ASSERT(w.put_assignment(assignment).has_value());
  }
  void erase(Writer& w) {
    const std::vector<DeviceId> some{pick(ids_), pick(ids_)};
    RC_ASSERT(w.erase_devices(some).has_value());
  }
  // A statement fails, and whoever ran it forgets to say so.
  void fail(Writer& w) {
    for (const DeviceId id : ids_) {
      auto twin = *w.device(id);
      if (!twin) continue;
      twin->id = {};
      (void)w.insert_device(*twin);  // the failure may come with a later call
      return;
    }
    Device nobodys;
    nobodys.account = AccountId{4711};
    nobodys.serial = Serial("S");
    (void)w.insert_device(nobodys);
  }

  void check(Reader& reader) {
    for (const AccountId account : accounts_) {
      const auto expected = counted(reader, account, ids_), found = kept(reader, account);
      RC_ASSERT(expected.has_value());
      RC_ASSERT(found.has_value());
      RC_ASSERT(*found == *expected);
    }
  }

  const test::TempDir directory_;
  std::unique_ptr<Store> store_;
  std::vector<AccountId> accounts_;
  RuleId rule_{};
  std::vector<DeviceId> ids_;  // that some device had: of one that was erased another may get it
  int serials_ = 0;
};

RC_GTEST_PROP(KeptCounts, AreThoseThatOneGetsByCounting, ()) {
  static World world;
  world.begin_anew();
  for (int transactions = 0; transactions < 8; ++transactions) world.go_on();
}

}  // namespace
}  // namespace muster::property
