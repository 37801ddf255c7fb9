// Devices page by page, of one account or of all.
#include <gmock/gmock.h>

#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DevicesCalls : public test::ApiFixture {
 protected:
  std::vector<std::string> list(const std::string& query = "") {
    const auto answer = get("/api/v1/devices" + query);
    EXPECT_EQ(answer.status, 200) << query;
    std::vector<std::string> serials;
    for (const auto& device : answer["devices"].as_array())
      serials.emplace_back(device.at("serial_number").as_string());
    return serials;
  }
  void add_other_account() {
    const auto id = write([](Writer& w) { return w.create_account(AccountName("aula")); });
    for (const char* serial : {"X", "Y"}) {
      Device device;
      device.account = id;
      device.serial = Serial(serial);
      write([&](Writer& w) { return w.insert_device(device); });
    }
  }
};

TEST_F(DevicesCalls, AnEmptyAccountIsAnEmptyList) {
  EXPECT_EQ(write_json(get("/api/v1/devices").json), R"({"devices":[]})");
}

TEST_F(DevicesCalls, AreInOrderWithoutThoseThatLeft) {
  for (const char* serial : {"C", "A", "B"}) add_device(serial);
  change_device("B", [&](Device& d) { d.tombstone = Tombstone{Tombstone::Reason::deleted, clock_.now()}; });
  EXPECT_THAT(list(), ElementsAre("A", "C"));
}

TEST_F(DevicesCalls, HaveTheAssignmentThatWaits) {
  add_work("A", "P");
  EXPECT_EQ(get("/api/v1/devices")["devices"].as_array().at(0).at("assignment").at("profile_uuid"), "P");
}

TEST_F(DevicesCalls, ComeInPages) {
  for (const char* serial : {"A", "B", "C"}) add_device(serial);
  const auto first = get("/api/v1/devices?limit=2");
  EXPECT_EQ(first.text("next_cursor"), "B");
  EXPECT_THAT(list("?limit=2&cursor=B"), ElementsAre("C"));
  EXPECT_FALSE(get("/api/v1/devices?limit=2&cursor=B").has("next_cursor"));
  EXPECT_THAT(list("?cursor=C"), IsEmpty());
}

TEST_F(DevicesCalls, AFilterChooses) {
  add_device("A", "pushed", "P");
  add_device("B");
  EXPECT_THAT(list("?filter=status%20%3D%20empty"), ElementsAre("B"));
  EXPECT_EQ(get("/api/v1/devices?filter=famly%20%3D%20iPad").status, 400);
}

TEST_F(DevicesCalls, UncoveredAreThoseThatArrivedAndNoRuleTook) {
  add_device("WAS_THERE");
  for (const char* serial : {"A", "B"}) {
    Device arrived;
    arrived.serial = Serial(serial);
    arrived.arrived_at = clock_.now();
    add_device(arrived);
  }
  EXPECT_THAT(list("?uncovered=1"), ElementsAre("A", "B"));
  EXPECT_THAT(list("?uncovered=true&filter=serial%20%3D%20B"), ElementsAre("B"));
  EXPECT_THAT(list("?uncovered=0"), ElementsAre("A", "B", "WAS_THERE"));
}

TEST_F(DevicesCalls, OfAllAccountsAreInOrderOfAccountAndSerial) {
  add_device("A");
  add_other_account();
  EXPECT_THAT(list("?account=*"), ElementsAre("X", "Y", "A"));
  const auto first = get("/api/v1/devices?account=*&limit=1");
  EXPECT_EQ(first.text("next_cursor"), "aula/X");
  EXPECT_THAT(list("?account=*&limit=2&cursor=aula%2FX"), ElementsAre("Y", "A"));
  EXPECT_THAT(list("?account=*&cursor=aula%2FY"), ElementsAre("A"));
  EXPECT_THAT(list("?account=*&cursor=default%2FA"), IsEmpty());
}

TEST_F(DevicesCalls, ParametersThatCannotBeAreRefused) {
  for (const char* query : {"?limit=0", "?limit=1001", "?limit=x", "?uncovered=perhaps"})
    EXPECT_EQ(get(std::string("/api/v1/devices") + query).status, 400) << query;
  EXPECT_EQ(get("/api/v1/devices?account=nobody").status, 404);
}

}  // namespace
}  // namespace muster::api
