// The battery's part on accounts that rest or go.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Time kNow = from_millis(1'772'355'600'123);

std::vector<std::string> names(const std::vector<Account>& accounts) {
  std::vector<std::string> list;
  for (const auto& account : accounts) list.push_back(account.name.str());
  return list;
}

}  // namespace

TEST_P(StoreContract, AnAccountIsPausedAndGoesOn) {
  const auto id = make_account();
  EXPECT_FALSE(read([&](Reader& r) { return r.account(id); })->paused);
  write([&](Writer& w) { return w.put_paused(id, true); });
  reopen();
  EXPECT_TRUE(read([&](Reader& r) { return r.account(id); })->paused);
  EXPECT_TRUE(read([](Reader& r) { return r.accounts(); }).at(0).paused);
  write([&](Writer& w) { return w.put_paused(id, false); });
  EXPECT_FALSE(read([&](Reader& r) { return r.account(id); })->paused);
}

TEST_P(StoreContract, ARemovedAccountIsNotThereForReaders) {
  const auto id = make_account("school");
  make_account("other");
  make_device(id, "S");
  write([&](Writer& w) { return w.remove_account(id); });
  reopen();
  EXPECT_THAT(names(read([](Reader& r) { return r.accounts(); })), ElementsAre("other"));
  EXPECT_FALSE(read([](Reader& r) { return r.account(AccountName("school")); }));
  EXPECT_FALSE(read([&](Reader& r) { return r.account(id); }));
  EXPECT_THAT(read([](Reader& r) { return r.removed_accounts(); }), ElementsAre(id));
}

TEST_P(StoreContract, ARemovedAccountsNameIsFreeAndItsIdIsNot) {
  const auto first = make_account("school");
  write([&](Writer& w) { return w.remove_account(first); });
  const auto second = make_account("school");
  EXPECT_NE(first, second);
  write([&](Writer& w) { return w.remove_account(second); });
  EXPECT_THAT(read([](Reader& r) { return r.removed_accounts(); }), ElementsAre(first, second));
  for (const auto id : {first, second})
    write([&](Writer& w) -> Result<> {
      MUSTER_TRY(const bool done, w.erase_account(id));
      EXPECT_TRUE(done);
      return {};
    });
  reopen();
  const auto third = make_account("school");
  EXPECT_GT(third, second);
}

TEST_P(StoreContract, ARemovedAccountIsErasedInSteps) {
  const auto id = make_account("school"), other = make_account("other");
  std::vector<DeviceId> devices;
  for (const char* serial : {"C", "A", "B"}) devices.push_back(make_device(id, serial).id);
  auto gone = make_device(id, "GONE");
  gone.tombstone = Tombstone{Tombstone::Reason::deleted, kNow};
  write([&](Writer& w) { return w.update_device(gone); });
  devices.push_back(gone.id);
  const auto kept = make_device(other, "A");
  make_assignment(kept, "U", kNow);
  EXPECT_THAT(read([&](Reader& r) { return r.devices_to_erase(id, 10); }), IsEmpty()) << "it is not removed";

  write([&](Writer& w) { return w.remove_account(id); });
  EXPECT_EQ(read([&](Reader& r) { return r.devices_to_erase(id, 10); }), devices);
  EXPECT_THAT(read([&](Reader& r) { return r.devices_to_erase(id, 2); }),
              ElementsAre(devices[0], devices[1]));
  write([&](Writer& w) { return w.erase_devices(std::span(devices).first(3)); });
  reopen();
  EXPECT_THAT(read([&](Reader& r) { return r.devices_to_erase(id, 10); }), ElementsAre(devices[3]));
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(const bool done, w.erase_account(id));
    EXPECT_FALSE(done) << "a device is left";
    return {};
  });
  EXPECT_THAT(read([](Reader& r) { return r.removed_accounts(); }), ElementsAre(id));
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.erase_devices(std::span(devices).last(1)));
    MUSTER_TRY(const bool done, w.erase_account(id));
    EXPECT_TRUE(done);
    return {};
  });
  EXPECT_THAT(read([](Reader& r) { return r.removed_accounts(); }), IsEmpty());
  EXPECT_EQ(read([&](Reader& r) { return r.device(kept.id); }), kept);
  EXPECT_TRUE(read([&](Reader& r) { return r.assignment(kept.id); }));
}

TEST_P(StoreContract, AnAccountThatIsNotRemovedIsNotErased) {
  const auto id = make_account();
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(const bool done, w.erase_account(id));
    EXPECT_TRUE(done);
    return {};
  });
  EXPECT_TRUE(read([&](Reader& r) { return r.account(id); }));
}

TEST_P(StoreContract, NothingComesToAnAccountThatIsErased) {
  const auto id = make_account();
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.remove_account(id));
    MUSTER_TRY(w.erase_account(id));
    return {};
  });
  Device late;
  late.account = id;
  late.serial = Serial("LATE");
  EXPECT_FALSE(store().write([&](Writer& w) { return w.insert_device(late); }));
}

}  // namespace muster::test
