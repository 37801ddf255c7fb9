// What a store promises of its devices, when there are so many that it may keep older ones otherwise than
// newer ones.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <thread>

#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr size_t kMany = 150'000, kManyStep = 7919;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// Up to ten times as slow, and what reads all of them may take ten seconds.
constexpr size_t kReadAtOnce = 10'000;
#else
constexpr size_t kReadAtOnce = 50'000;  // on a busy machine, too
#endif

Serial one_of_many(size_t number) { return Serial("S" + std::to_string(100'000 + number)); }

// A page of them: from `first` on every number once, in no order.
Result<> insert_some(Writer& w, AccountId account, size_t first, size_t count) {
  std::vector<Device> devices(count);
  std::vector<Device*> page;
  for (size_t i = 0; i < count; ++i) {
    Device& device = devices[i];
    MUSTER_TRY(device.id, w.next_device_id());
    device.account = account;
    device.serial = one_of_many((first + i) * kManyStep % kMany);
    page.push_back(&device);
  }
  return w.insert_devices(page);
}

TEST_P(StoreContract, ManyDevicesAreFoundAndPageBySerial) {
  constexpr size_t kDevices = kMany, kPage = 1000, kStep = kManyStep;
  const auto account = make_account(), other = make_account("other");
  make_device(other, "S010");
  const auto serial_of = one_of_many;
  for (size_t done = 0; done < kDevices; done += kPage) {
    if (done == kDevices - 10 * kPage) reopen();
    write([&](Writer& w) { return insert_some(w, account, done, kPage); });
  }

  std::vector<Serial> paged;
  for (Serial after;;) {
    const auto page = read([&](Reader& r) { return r.device_page(account, after, kPage); });
    if (page.empty()) break;
    for (const auto& device : page) paged.push_back(device.serial);
    after = paged.back();
  }
  ASSERT_EQ(paged.size(), kDevices);
  for (size_t i = 0; i < kDevices; ++i) ASSERT_EQ(paged[i], serial_of(i));
  const auto behind = read([&](Reader& r) { return r.serial_behind(account, serial_of(10), kDevices / 2); });
  EXPECT_EQ(behind, serial_of(10 + kDevices / 2));

  const FilterExpression filter{.kind = FilterExpression::Kind::compare,
                                .field = FilterField::serial,
                                .op = FilterOperator::like,
                                .values = {std::string("*123")}};
  const auto covered = read([&](Reader& r) { return r.device_page(account, serial_of(60'000), 2, &filter); });
  ASSERT_THAT(covered, SizeIs(2));
  EXPECT_EQ(covered[0].serial, Serial("S160123"));
  EXPECT_EQ(covered[1].serial, Serial("S161123"));
  EXPECT_THAT(read([&](Reader& r) { return r.devices(account, paged); }), SizeIs(kDevices));
  for (const size_t number : {size_t{0}, kStep, kDevices - kStep}) {
    Device twin;
    twin.account = account;
    twin.serial = serial_of(number);
    EXPECT_FALSE(store().write(installation, [&](Writer& w) { return w.insert_device(twin); }))
        << twin.serial.str();
  }

  write([&](Writer& w) { return w.remove_account(account); });
  for (;;) {
    const auto rest = read([&](Reader& r) { return r.devices_to_erase(account, 10'000); });
    if (rest.empty()) break;
    EXPECT_TRUE(std::is_sorted(rest.begin(), rest.end()));
    write([&](Writer& w) { return w.erase_devices(rest); });
  }
  EXPECT_THAT(read([&](Reader& r) { return r.devices(account, paged); }), IsEmpty());
  EXPECT_THAT(read([&](Reader& r) { return r.device_page(other, Serial(), 5); }), SizeIs(1));
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(const bool erased, w.erase_account(account));
    EXPECT_TRUE(erased);
    return {};
  });
}

// Those of a small account are found otherwise than those of one that has most of all.
TEST_P(StoreContract, AFewDevicesAmongManyAreFoundToo) {
  const auto small = make_account("small"), large = make_account();
  std::vector<DeviceId> few{make_device(small, "A1").id};
  for (size_t done = 0; done < 4000; done += 1000)
    write([&](Writer& w) { return insert_some(w, large, done, 1000); });
  few.push_back(make_device(small, "B2").id);
  reopen();
  few.push_back(make_device(small, "A3").id);
  EXPECT_EQ(read([&](Reader& r) { return r.device_ids(small); }), few);
  EXPECT_THAT(read([&](Reader& r) { return r.device_ids(large); }), SizeIs(4000));

  const FilterExpression filter{.kind = FilterExpression::Kind::compare,
                                .field = FilterField::serial,
                                .op = FilterOperator::like,
                                .values = {std::string("A*")}};
  EXPECT_EQ(read([&](Reader& r) { return r.device_count(small, filter); }), 2);
  EXPECT_EQ(read([&](Reader& r) { return r.device_count(large, filter); }), 0);
  const auto counts = read([&](Reader& r) { return r.match_counts(small, {&filter, nullptr}); });
  ASSERT_THAT(counts, SizeIs(2));
  EXPECT_EQ(counts[0].devices + counts[1].devices, 3);

  const auto first = read([&](Reader& r) {
    return r.standings({.account = small, .filters = {&filter}, .after = few[0], .limit = 1});
  });
  ASSERT_THAT(first.standings, SizeIs(1));
  EXPECT_EQ(first.standings[0].device, few[1]);
  EXPECT_EQ(first.standings[0].rule, -1);
  ASSERT_TRUE(first.next);
  const auto rest = read([&](Reader& r) {
    return r.standings({.account = small, .filters = {&filter}, .after = *first.next, .limit = 10});
  });
  ASSERT_THAT(rest.standings, SizeIs(1));
  EXPECT_EQ(rest.standings[0].device, few[2]);
  EXPECT_EQ(rest.standings[0].rule, 0);
  EXPECT_FALSE(rest.next);
}

FilterExpression is(FilterField field, const char* value) {
  return {.kind = FilterExpression::Kind::compare,
          .field = field,
          .op = FilterOperator::equal,
          .values = {std::string(value)}};
}

// What is common to many, what hardly any device has, and both; before and after devices became something
// else.
TEST_P(StoreContract, FiltersFindAmongManyWhatDevicesAreNow) {
  constexpr size_t kDevices = 5000, kPage = 1000, kLimit = 7;
  const auto account = make_account();
  const auto vision = is(FilterField::family, "Vision"), assigned = is(FilterField::status, "assigned"),
             tagged = is(FilterField::asset_tag, "T");
  const FilterExpression both{.kind = FilterExpression::Kind::all_of, .parts = {vision, tagged}},
      either{.kind = FilterExpression::Kind::any_of, .parts = {vision, assigned}};

  std::map<Serial, Device> expected;
  const auto change = [&](size_t from, size_t step, const std::function<void(Device&)>& how) {
    std::vector<Serial> serials;
    for (size_t i = from; i < expected.size(); i += step)
      serials.push_back(std::next(expected.begin(), static_cast<std::ptrdiff_t>(i))->first);
    write([&](Writer& w) -> Result<> {
      MUSTER_TRY(auto devices, w.devices(account, serials));
      std::vector<const Device*> changed;
      for (auto& device : devices) {
        how(device);
        expected[device.serial] = device;
        changed.push_back(&device);
      }
      MUSTER_TRY(w.update_devices(changed));
      const long long now = std::count_if(expected.begin(), expected.end(), [](const auto& entry) {
        return !entry.second.tombstone && entry.second.facts.family == "Vision";
      });
      MUSTER_TRY(const auto counted, w.device_count(account, vision));
      EXPECT_EQ(counted, now);
      return {};
    });
  };
  const auto check = [&](const FilterExpression& filter, const std::function<bool(const Device&)>& covers) {
    std::vector<Serial> wanted, paged;
    for (const auto& [serial, device] : expected)
      if (!device.tombstone && covers(device)) wanted.push_back(serial);
    for (Serial after;;) {
      const auto page = read([&](Reader& r) { return r.device_page(account, after, kLimit, &filter); });
      if (page.empty()) break;
      EXPECT_LE(page.size(), kLimit);
      for (const auto& device : page) {
        EXPECT_TRUE(covers(device)) << device.serial.str();
        paged.push_back(device.serial);
      }
      after = paged.back();
    }
    EXPECT_EQ(paged, wanted);
    const auto devices = static_cast<long long>(wanted.size());
    EXPECT_EQ(read([&](Reader& r) { return r.device_count(account, filter); }), devices);
    long long matched = 0;
    for (const auto& count : read([&](Reader& r) { return r.match_counts(account, {&filter, nullptr}); }))
      if (count.matches[0]) matched += count.devices;
    EXPECT_EQ(matched, devices);
  };
  const auto is_vision = [](const Device& device) { return device.facts.family == "Vision"; };
  const auto is_assigned = [](const Device& device) { return device.facts.profile_status == "assigned"; };
  const auto is_tagged = [](const Device& device) { return device.facts.asset_tag == "T"; };
  const auto check_all = [&] {
    check(vision, is_vision);
    check(assigned, is_assigned);
    check(tagged, is_tagged);
    check(both, [&](const Device& device) { return is_vision(device) && is_tagged(device); });
    check(either, [&](const Device& device) { return is_vision(device) || is_assigned(device); });
    check(is(FilterField::family, "nothing"), [](const Device&) { return false; });
    check(is(FilterField::note_group, ""), [](const Device&) { return true; });
  };

  for (size_t first = 0; first < kDevices; first += kPage) {
    write([&](Writer& w) { return insert_some(w, account, first, kPage); });
    for (const auto& device : read([&](Reader& r) { return r.device_page(account, Serial(), kMany); }))
      expected[device.serial] = device;
    change(first / 10, 97, [](Device& device) { device.facts.family = "Vision"; });
  }
  check_all();
  reopen();
  change(4990, 7, [](Device& device) { device.facts.asset_tag = "T"; });
  change(3, 501, [](Device& device) { device.facts.profile_status = "assigned"; });
  change(0, 194, [](Device& device) { device.facts.family = "iPad"; });
  change(4997, 1, [](Device& device) { device.facts.family = "Vision"; });
  check_all();
  change(97, 970, [](Device& device) { device.tombstone = Tombstone{.at = from_millis(1)}; });
  write([&](Writer& w) { return w.put_note(account, expected.begin()->first, {.group = "4b"}); });
  check(is(FilterField::note_group, "4b"),
        [&](const Device& device) { return device.serial == expected.begin()->first; });
  check(vision, is_vision);
}

// However a store keeps them, and while that changes: a view has a page of devices, or it has not.
TEST_P(StoreContract, AReaderFindsTheManyDevicesOfItsMoment) {
  constexpr size_t kPage = 1000;
  const auto account = make_account();
  std::atomic<bool> done = false;
  size_t views = 0;
  std::thread reading([&] {
    for (bool last = false; !last;) {
      last = done;
      const auto agree = store().read([&](Reader& r) -> Result<bool> {
        MUSTER_TRY(const auto counts, r.device_counts(account));
        MUSTER_TRY(const auto paged, r.device_page(account, Serial(), kMany));
        std::vector<Serial> all;
        for (const auto& device : paged) all.push_back(device.serial);
        MUSTER_TRY(const auto found, r.devices(account, all));
        return static_cast<size_t>(counts.devices) == paged.size() && found.size() == paged.size() &&
               std::is_sorted(all.begin(), all.end());
      });
      EXPECT_TRUE(agree && *agree) << (agree ? "the counts differ" : agree.error().text());
      ++views;
    }
  });
  for (size_t first = 0; first < kReadAtOnce; first += kPage) {
    write([&](Writer& w) { return insert_some(w, account, first, kPage); });
    EXPECT_FALSE(store().write(installation, [&](Writer& w) -> Result<> {  // undone
      Device device;
      device.account = account;
      device.serial = Serial("UNDONE");
      MUSTER_TRY(w.insert_device(device));
      return failure(Code::conflict, "not this time");
    }));
  }
  done = true;
  reading.join();
  EXPECT_GE(views, 2U);
}

}  // namespace
}  // namespace muster::test
