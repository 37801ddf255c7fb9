// Notes, lists of serials, and the devices that a filter covers, or that no rule does. That SQL and C++ agree
// on every filter is proved in tests/property/filter_test.cc.
#include <gmock/gmock.h>

#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::vector<Serial> to_serials(std::initializer_list<const char*> texts) {
  std::vector<Serial> serials;
  for (const char* text : texts) serials.emplace_back(text);
  return serials;
}

std::vector<std::string> serials_of(const std::vector<Device>& devices) {
  std::vector<std::string> list;
  for (const auto& device : devices) list.push_back(device.serial.str());
  return list;
}

FilterExpression family_is(const std::string& family) {
  return {.kind = FilterExpression::Kind::compare,
          .field = FilterField::family,
          .op = FilterOperator::equal,
          .values = {family}};
}

FilterExpression in_list(const std::string& name) {
  return {.kind = FilterExpression::Kind::in_list, .field = FilterField::serial, .list = name};
}

}  // namespace

TEST_P(StoreContract, ANoteIsKeptForASerialThatNobodyKnows) {
  const auto id = make_account(), other = make_account("other");
  const Note note{.name = "Cart 3", .owner = "Ada", .group = "4b", .asset_tag = "N-1"};
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.put_note(id, Serial("S"), {.name = "before"}));
    return w.put_note(id, Serial("S"), note);
  });
  reopen();
  const auto asked = to_serials({"R", "S"});
  EXPECT_THAT(read([&](Reader& r) { return r.notes(id, asked); }), ElementsAre(Pair(Serial("S"), note)));
  EXPECT_THAT(read([&](Reader& r) { return r.notes(other, asked); }), IsEmpty());
}

TEST_P(StoreContract, AnEmptyNoteIsRemoved) {
  const auto id = make_account();
  write([&](Writer& w) { return w.put_note(id, Serial("S"), {.name = "x"}); });
  write([&](Writer& w) { return w.put_note(id, Serial("S"), {}); });
  EXPECT_THAT(read([&](Reader& r) { return r.note_page(id, Serial(), 10); }), IsEmpty());
}

TEST_P(StoreContract, NotesComeInPagesInOrderOfSerial) {
  const auto id = make_account(), other = make_account("other");
  write([&](Writer& w) -> Result<> {
    for (const char* serial : {"C", "A", "B"}) MUSTER_TRY(w.put_note(id, Serial(serial), {.name = serial}));
    return w.put_note(other, Serial("B"), {.name = "other"});
  });
  const auto first = read([&](Reader& r) { return r.note_page(id, Serial(), 2); });
  EXPECT_THAT(first,
              ElementsAre(SerialNote{Serial("A"), {.name = "A"}}, SerialNote{Serial("B"), {.name = "B"}}));
  EXPECT_THAT(read([&](Reader& r) { return r.note_page(id, Serial("B"), 2); }),
              ElementsAre(SerialNote{Serial("C"), {.name = "C"}}));
}

TEST_P(StoreContract, AListHasSerialsAVersionAndAName) {
  const auto id = make_account(), other = make_account("other");
  SerialList lab{.account = id, .name = "lab", .version = 1, .updated_at = kNow};
  write([&](Writer& w) -> Result<> {
    lab.size = 0;
    MUSTER_TRY(put_new(w, lab));
    for (const char* serial : {"B", "A", "B"}) {
      MUSTER_TRY(const bool added, w.add_to_list(lab.id, Serial(serial)));
      lab.size += added ? 1 : 0;
    }
    return {};
  });
  EXPECT_EQ(lab.size, 2);
  reopen();
  EXPECT_EQ(read([&](Reader& r) { return r.serial_list(id, "lab"); }), lab);
  EXPECT_THAT(read([&](Reader& r) { return r.serial_list_page(lab.id, Serial(), 10); }),
              ElementsAre(Serial("A"), Serial("B")));
  EXPECT_THAT(read([&](Reader& r) { return r.serial_list_page(lab.id, Serial("A"), 1); }),
              ElementsAre(Serial("B")));

  lab.version = 2;
  lab.updated_at += std::chrono::seconds(1);
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(const bool removed, w.remove_from_list(lab.id, Serial("A")));
    EXPECT_TRUE(removed);
    MUSTER_TRY(const bool again, w.remove_from_list(lab.id, Serial("A")));
    EXPECT_FALSE(again);
    return w.put_serial_list(lab);
  });
  lab.size = 1;
  EXPECT_THAT(read([&](Reader& r) { return r.serial_lists(id); }), ElementsAre(lab));
  EXPECT_FALSE(read([&](Reader& r) { return r.serial_list(other, "lab"); }));
}

TEST_P(StoreContract, AListsNameIsUniqueInItsAccount) {
  const auto id = make_account(), other = make_account("other");
  SerialList lab{.account = id, .name = "lab"}, twin = lab, elsewhere{.account = other, .name = "lab"};
  write([&](Writer& w) { return put_new(w, lab); });
  const auto refused = store().write(installation, [&](Writer& w) { return w.put_serial_list(twin); });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  write([&](Writer& w) { return put_new(w, elsewhere); });
}

TEST_P(StoreContract, ARemovedListIsGoneWithItsSerials) {
  const auto id = make_account();
  SerialList lab{.account = id, .name = "lab"};
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(put_new(w, lab));
    MUSTER_TRY(w.add_to_list(lab.id, Serial("S")));
    return w.remove_serial_list(lab.id);
  });
  EXPECT_FALSE(read([&](Reader& r) { return r.serial_list(id, "lab"); }));
  EXPECT_THAT(read([&](Reader& r) { return r.serial_list_page(lab.id, Serial(), 10); }), IsEmpty());
}

TEST_P(StoreContract, TellsTheListsOfSerials) {
  const auto id = make_account(), other = make_account("other");
  SerialList lab{.account = id, .name = "lab"}, cart{.account = id, .name = "cart"},
      elsewhere{.account = other, .name = "elsewhere"};
  write([&](Writer& w) -> Result<> {
    for (auto* list : {&lab, &cart, &elsewhere}) MUSTER_TRY(put_new(w, *list));
    for (const auto* list : {&lab, &cart, &elsewhere}) MUSTER_TRY(w.add_to_list(list->id, Serial("A")));
    MUSTER_TRY(w.add_to_list(lab.id, Serial("B")));
    return {};
  });
  const auto asked = to_serials({"A", "B", "C"});
  EXPECT_THAT(
      read([&](Reader& r) { return r.lists_of(id, asked); }),
      ElementsAre(Pair(Serial("A"), ElementsAre("cart", "lab")), Pair(Serial("B"), ElementsAre("lab"))));
}

TEST_P(StoreContract, AFilterChoosesDevices) {
  const auto id = make_account(), other = make_account("other");
  for (const char* serial : {"D", "B", "A", "C", "GONE"}) {
    auto device = make_device(id, serial);
    device.facts.family = device.serial == Serial("C") ? "Mac" : "iPad";
    if (device.serial == Serial("GONE")) device.tombstone = Tombstone{Tombstone::Reason::deleted, kNow};
    write([&](Writer& w) { return w.update_device(device); });
  }
  make_device(other, "A");
  const auto ipads = family_is("IPAD");
  const auto page = [&](const char* after, size_t limit) {
    return serials_of(read([&](Reader& r) { return r.device_page(id, Serial(after), limit, &ipads); }));
  };
  EXPECT_THAT(page("", 2), ElementsAre("A", "B"));
  EXPECT_THAT(page("B", 2), ElementsAre("D"));
  EXPECT_EQ(read([&](Reader& r) { return r.device_count(id, ipads); }), 3);
  EXPECT_EQ(read([&](Reader& r) { return r.device_count(id, FilterExpression{}); }), 4);
  EXPECT_EQ(read([&](Reader& r) { return r.device_count(other, ipads); }), 0);
}

TEST_P(StoreContract, AFilterAsksTheListsAndNotesOfItsOwnAccount) {
  const auto id = make_account(), other = make_account("other");
  make_device(id, "A");
  make_device(other, "A");
  SerialList lab{.account = id, .name = "lab"};
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(put_new(w, lab));
    MUSTER_TRY(w.add_to_list(lab.id, Serial("A")));
    return w.put_note(id, Serial("A"), {.group = "4b"});
  });
  const FilterExpression noted{.kind = FilterExpression::Kind::compare,
                               .field = FilterField::note_group,
                               .op = FilterOperator::equal,
                               .values = {"4b"}};
  for (const auto& filter : {in_list("lab"), noted}) {
    EXPECT_EQ(read([&](Reader& r) { return r.device_count(id, filter); }), 1);
    EXPECT_EQ(read([&](Reader& r) { return r.device_count(other, filter); }), 0);
  }
  EXPECT_EQ(read([&](Reader& r) { return r.device_count(id, in_list("nowhere")); }), 0);
}

// The deepest and widest that can be written: 32 levels, and what 4,000 bytes hold.
TEST_P(StoreContract, AFilterMayBeDeepAndWide) {
  const auto id = make_account();
  make_device(id, "A");
  using Kind = FilterExpression::Kind;
  const auto x = family_is("x");
  FilterExpression parentheses = x, negations = x, precedence = x;
  for (int level = 0; level < 32; ++level) {
    const auto kind = level % 2 ? Kind::all_of : Kind::any_of;
    parentheses = {.kind = kind, .parts = {x, parentheses}};
    precedence = {.kind = Kind::any_of, .parts = {x, {.kind = Kind::all_of, .parts = {x, precedence}}}};
    if (level < 16) negations = {.kind = kind, .parts = {x, {.kind = Kind::negation, .parts = {negations}}}};
  }
  FilterExpression wide{.kind = Kind::any_of};
  for (int part = 0; part < 500; ++part) wide.parts.push_back(x);
  EXPECT_EQ(read([&](Reader& r) { return r.device_count(id, wide); }), 0);
  for (const auto& deep : {parentheses, negations, precedence}) {
    EXPECT_EQ(read([&](Reader& r) { return r.device_count(id, deep); }), 0);
    wide.parts.push_back({.kind = Kind::all_of, .parts = {deep, deep}});
    EXPECT_EQ(read([&](Reader& r) { return r.device_count(id, wide); }), 0);
  }
}

TEST_P(StoreContract, UncoveredDevicesAreListedPageByPage) {
  const auto account = make_account(), other = make_account("other");
  const auto make = [&](AccountId of, const std::string& serial, Desired::By by, bool arrived, bool left) {
    auto device = make_device(of, serial);
    device.facts.family = serial == "B" ? "Mac" : "iPad";
    device.desired.by = by;
    if (arrived) device.arrived_at = kNow;
    if (left) device.tombstone = Tombstone{Tombstone::Reason::deleted, kNow};
    write([&](Writer& w) { return w.update_device(device); });
    return device;
  };
  using By = Desired::By;
  make(account, "E", By::nobody, true, false);
  make(account, "B", By::nobody, true, false);
  auto first = make(account, "A", By::nobody, true, false);
  make(account, "C", By::nobody, true, true);
  make(account, "D", By::rule, true, false);
  make(account, "F", By::nobody, false, false);
  make(other, "A", By::nobody, true, false);
  const auto page = [&](const char* after, size_t limit, const FilterExpression* filter = nullptr) {
    return serials_of(
        read([&](Reader& r) { return r.uncovered_page(account, Serial(after), limit, filter); }));
  };
  EXPECT_THAT(page("", 10), ElementsAre("A", "B", "E"));
  EXPECT_THAT(page("", 2), ElementsAre("A", "B"));
  EXPECT_THAT(page("B", 2), ElementsAre("E"));
  const auto macs = family_is("mac");
  EXPECT_THAT(page("", 10, &macs), ElementsAre("B"));
  EXPECT_EQ(read([&](Reader& r) { return r.device_counts(account); }).uncovered, 3);
  first.desired.by = By::hold;
  write([&](Writer& w) { return w.update_device(first); });
  EXPECT_THAT(page("", 10), ElementsAre("B", "E"));
}

TEST_P(StoreContract, PagesAndOffsetsGoBySerialWithoutTombstones) {
  const auto account = make_account(), other = make_account("other");
  for (const char* serial : {"D", "B", "A", "C", "E"}) make_device(account, serial);
  make_device(other, "BB");
  auto gone = make_device(account, "BA");
  gone.tombstone = Tombstone{Tombstone::Reason::deleted, kNow};
  write([&](Writer& w) { return w.update_device(gone); });

  const auto page = [&](const char* after) {
    return serials_of(read([&](Reader& r) { return r.device_page(account, Serial(after), 2); }));
  };
  EXPECT_THAT(page(""), ElementsAre("A", "B"));
  EXPECT_THAT(page("B"), ElementsAre("C", "D"));
  EXPECT_THAT(page("D"), ElementsAre("E"));
  EXPECT_THAT(read([&](Reader& r) { return r.device_ids(account); }), SizeIs(5));

  const auto behind = [&](const char* after, long long count) {
    const auto serial = read([&](Reader& r) { return r.serial_behind(account, Serial(after), count); });
    return serial ? serial->str() : "none";
  };
  EXPECT_EQ(behind("", 1), "A");
  EXPECT_EQ(behind("", 3), "C");
  EXPECT_EQ(behind("B", 1), "C");
  EXPECT_EQ(behind("B", 3), "E");
  EXPECT_EQ(behind("B", 4), "none");
  EXPECT_EQ(behind("E", 1), "none");

  gone.tombstone = std::nullopt;
  write([&](Writer& w) { return w.update_device(gone); });
  EXPECT_EQ(behind("B", 1), "BA");
}

}  // namespace muster::test
