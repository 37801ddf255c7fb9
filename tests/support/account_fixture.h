// An account with a token, its database, a clock that stands still, and Apple in the same process: what the
// tests of sync/ and api/ begin with.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "base/log/log.h"
#include "sync/rules/rules.h"
#include "sync/work/desired.h"
#include "tests/support/apple_in_process.h"
#include "tests/support/lane.h"
#include "tests/support/manual_clock.h"
#include "tests/support/open_store.h"
#include "tests/support/temp_dir.h"

namespace muster::test {

/// The value; an error ends the test with its text.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

inline std::vector<Serial> serials_of(std::initializer_list<const char*> texts) {
  return {texts.begin(), texts.end()};
}

class AccountFixture : public testing::Test {
 protected:
  template <class Fn>
  auto read(Fn&& fn) {
    return must(store_->read(fn));
  }
  template <class Fn>
  auto write(Fn&& fn) {
    return must(store_->write(installation, fn));
  }

  AccountFixture() {
    log::set_level(log::Level::error);
    write([](Writer& w) -> Result<> {
      MUSTER_TRY(const auto id, w.create_account(kDefaultAccount));
      return w.put_token(id, {"CK", "CS", "AT", "AS", {}});
    });
    reload();
  }

  /// Sees what was stored of the account since.
  void reload() {
    account_ = read([](Reader& r) { return r.account(kDefaultAccount); }).value();
  }

  Device add_device(const std::string& serial, const std::string& status = "empty",
                    const std::string& profile = "") {
    Device device;
    device.serial = Serial(serial);
    device.facts.profile_status = status;
    device.facts.profile_uuid = ProfileUuid(profile);
    return add_device(device);
  }
  Device add_device(Device device) {
    device.account = account_.id;
    device.first_seen = clock_.now();
    write([&](Writer& w) { return w.insert_device(device); });
    return device;
  }
  /// Many in one transaction: C0000, C0001, ...
  std::vector<Device> add_devices(int count, const std::string& prefix = "C", const Desired& desired = {}) {
    std::vector<Device> devices(static_cast<size_t>(count));
    write([&](Writer& w) -> Result<> {
      for (size_t i = 0; i < devices.size(); ++i) {
        devices[i].account = account_.id;
        devices[i].serial = Serial(fmt::format("{}{:04}", prefix, i));
        devices[i].desired = desired;
        devices[i].first_seen = clock_.now();
        MUSTER_TRY(w.insert_device(devices[i]));
      }
      return {};
    });
    return devices;
  }
  template <class Change>
  void change_device(const std::string& serial, Change&& change) {
    auto changed = device(serial);
    change(changed);
    write([&](Writer& w) { return w.update_device(changed); });
  }

  bool is_known(const std::string& serial) { return !find(serial).empty(); }
  Device device(const std::string& serial) { return find(serial).at(0); }
  std::vector<HistoryEntry> history(const std::string& serial) {
    return read([&](Reader& r) { return r.history(device(serial).id); });
  }
  std::vector<HistoryEntry::Kind> kinds(const std::string& serial) {
    std::vector<HistoryEntry::Kind> all;
    for (const auto& entry : history(serial)) all.push_back(entry.kind);
    return all;
  }

  std::optional<Assignment> work(const std::string& serial) {
    return read([&](Reader& r) { return r.assignment(device(serial).id); });
  }
  /// A device that desires `profile` by a person's word, and its assignment.
  Assignment add_work(const std::string& serial, const std::string& profile,
                      Assignment::State state = Assignment::State::due,
                      Assignment::Urgency urgency = Assignment::Urgency::arrival) {
    Device wanting;
    wanting.serial = Serial(serial);
    wanting.facts.profile_status = "empty";
    wanting.desired = {Desired::By::manual, ProfileUuid(profile), {}, clock_.now()};
    wanting = add_device(wanting);
    const Assignment work = sync::work_for(wanting, state, urgency, clock_.now());
    write([&](Writer& w) { return w.put_assignment(work); });
    return work;
  }

  /// Many of them, due now.
  std::vector<Assignment> add_works(int count, const std::string& profile, const std::string& prefix = "C") {
    const Desired desired{Desired::By::manual, ProfileUuid(profile), {}, clock_.now()};
    std::vector<Assignment> works;
    for (const auto& device : add_devices(count, prefix, desired))
      works.push_back(
          sync::work_for(device, Assignment::State::due, Assignment::Urgency::arrival, clock_.now()));
    write([&](Writer& w) { return w.put_assignments(works); });
    return works;
  }

  /// Arrivals go by it from then on; devices that are there stay as they are.
  Rule add_rule(const sync::RuleEdit& wanted) {
    return write([&](Writer& w) { return sync::put_rule(w, account_.id, wanted, clock_.now()); });
  }

  SyncState state() {
    return read([&](Reader& r) { return r.sync_state(account_.id); });
  }
  void put_state(const SyncState& state) {
    write([&](Writer& w) { return w.put_sync_state(account_.id, state); });
  }

  const TempDir directory_;
  ManualClock clock_;
  std::unique_ptr<Store> store_ = must(test::open_store(directory_.path()));
  AppleInProcess apple_;
  apple::Service service_{"http://apple", {"CK", "CS", "AT", "AS", {}}, apple_, clock_};
  Account account_;
  LaneUnderTest lane_{*store_, service_, clock_, account_};

 private:
  std::vector<Device> find(const std::string& serial) {
    const Serial wanted(serial);
    return read([&](Reader& r) { return r.devices(account_.id, std::span(&wanted, 1)); });
  }
};

}  // namespace muster::test
