// The registry of profiles: store_contract.h.
#include <gmock/gmock.h>

#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

}  // namespace

TEST_P(StoreContract, CountsTheDevicesThatHaveEachProfile) {
  const auto account = make_account("school"), other = make_account("other");
  const auto give = [&](AccountId whose, const std::string& serial, const std::string& status,
                        const std::string& uuid) {
    auto device = make_device(whose, serial);
    device.facts.profile_status = status;
    device.facts.profile_uuid = ProfileUuid(uuid);
    write([&](Writer& w) { return w.update_device(device); });
    return device;
  };
  const auto counts = [&](AccountId whose) {
    return read([&](Reader& r) { return r.devices_by_profile(whose); });
  };
  EXPECT_THAT(counts(account), IsEmpty());
  give(account, "A1", "assigned", "ONE");
  give(account, "A2", "pushed", "ONE");
  give(account, "A3", "assigned", "TWO");
  give(account, "A4", "removed", "TWO");
  give(account, "A5", "empty", "");
  give(other, "B1", "assigned", "TWO");
  auto gone = give(account, "A6", "assigned", "ONE");
  gone.tombstone = Tombstone{};
  write([&](Writer& w) { return w.update_device(gone); });
  EXPECT_THAT(counts(account), ElementsAre(Pair(ProfileUuid("ONE"), 2), Pair(ProfileUuid("TWO"), 1)));
  EXPECT_THAT(counts(other), ElementsAre(Pair(ProfileUuid("TWO"), 1)));
}

}  // namespace muster::test
