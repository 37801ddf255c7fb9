// What a store promises of old history.
#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

// The last of each kind before the cutoff stays, and all that came behind it.
TEST_P(StoreContract, OldHistoryGoesWhereNewerReplacedIt) {
  using Kind = HistoryEntry::Kind;
  const auto account = make_account();
  const auto first = make_device(account, "S1").id, second = make_device(account, "S2").id;
  const auto add = [&](DeviceId device, Time at, Kind kind, const char* detail) {
    write([&](Writer& w) { return w.add_history(account, {device, at, kind, detail}); });
  };
  const auto details = [&](DeviceId device) {
    std::string all;
    for (const auto& entry : read([&](Reader& r) { return r.history(device); })) all += entry.detail + " ";
    return all;
  };
  const HistoryCutoff cutoff{.before = kNow - 10h, .now = kNow};
  const auto thin = [&](size_t limit) {
    auto thinned = store().write(installation, [&](Writer& w) { return w.thin_history(cutoff, limit); });
    EXPECT_TRUE(thinned) << thinned.error().text();
    return *thinned;
  };
  const auto is_due = [&](const HistoryCutoff& of) {
    return read([&](Reader& r) { return r.has_history_to_thin(of); });
  };
  EXPECT_FALSE(is_due(cutoff));
  EXPECT_EQ(thin(10).removed, 0);

  add(first, kNow - 20h, Kind::decided, "d1");
  add(second, kNow - 20h, Kind::decided, "e1");
  add(first, kNow - 19h, Kind::observed, "o1");
  add(first, kNow + 300h, Kind::decided, "wrong");  // by a clock that was wrong
  add(first, kNow - 18h, Kind::decided, "d2");
  add(first, kNow - 17h, Kind::observed, "o2");
  add(first, kNow - 9h, Kind::decided, "d3");
  add(second, kNow - 8h, Kind::decided, "e2");
  EXPECT_TRUE(is_due(cutoff));
  auto thinned = thin(5);
  EXPECT_EQ(thinned.removed, 1);
  EXPECT_TRUE(thinned.is_more);
  EXPECT_EQ(details(first), "o1 wrong d2 o2 d3 ");
  thinned = thin(5);
  EXPECT_EQ(thinned.removed, 1);
  EXPECT_FALSE(thinned.is_more);
  EXPECT_FALSE(is_due(cutoff));
  EXPECT_EQ(details(first), "wrong d2 o2 d3 ");
  EXPECT_EQ(details(second), "e1 e2 ");

  reopen();
  EXPECT_FALSE(is_due(cutoff));
  const HistoryCutoff later{.before = kNow - 1h, .now = kNow};
  EXPECT_TRUE(is_due(later));
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(const auto rest, w.thin_history(later, 10));
    EXPECT_EQ(rest.removed, 2);
    return {};
  });
  EXPECT_EQ(details(first), "wrong o2 d3 ");
  EXPECT_EQ(details(second), "e2 ");
}

// Also of devices that came after all others had gone.
TEST_P(StoreContract, OldHistoryGoesAfterAnAccountWentToo) {
  using Kind = HistoryEntry::Kind;
  const auto gone = make_account("gone"), account = make_account();
  const HistoryCutoff cutoff{.before = kNow, .now = kNow};
  const auto add_and_thin = [&](const Device& device) {
    long long removed = 0;
    write([&](Writer& w) -> Result<> {
      for (int i = 0; i < 3; ++i)
        MUSTER_TRY(w.add_history(device.account, {device.id, kNow - 1h, Kind::decided, "d"}));
      MUSTER_TRY(const auto thinned, w.thin_history(cutoff, 10));
      removed = thinned.removed;
      return {};
    });
    return removed;
  };
  const auto device = make_device(gone, "S1");
  EXPECT_EQ(add_and_thin(device), 2);
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.remove_account(gone));
    MUSTER_TRY(w.erase_devices(std::span(&device.id, 1)));
    MUSTER_TRY(w.thin_history(cutoff, 10));
    return {};
  });
  EXPECT_EQ(add_and_thin(make_device(account, "S2")), 2);
}

}  // namespace
}  // namespace muster::test
