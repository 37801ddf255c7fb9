// MicroMDM's calls about the devices of the database.
#include <gmock/gmock.h>

#include "base/time/rfc3339.h"
#include "tests/support/api_fixture.h"

namespace muster::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Devices : public test::ApiFixture {
 protected:
  std::vector<std::string> list(const std::string& body) {
    const auto answer = post("/v1/devices", body);
    EXPECT_EQ(answer.status, 200) << body;
    std::vector<std::string> serials;
    for (const auto& device : answer["devices"].as_array())
      serials.emplace_back(device.at("serial_number").as_string());
    return serials;
  }
};

TEST_F(Devices, LookNotEnrolledUntilAnMdmServerTells) {
  add_device("A", "pushed", "P");
  EXPECT_EQ(write_json(post("/v1/devices", "{}").json),
            R"({"devices":[{"serial_number":"A","udid":"","enrollment_status":false,)"
            R"("last_seen":"0001-01-01T00:00:00Z","dep_profile_status":"pushed"}]})");
}

TEST_F(Devices, HaveWhatAnMdmServerTold) {
  for (const char* serial : {"A", "B"}) add_device(serial);
  Enrollment told{.serial = Serial("A"),
                  .udid = "UDID-A",
                  .account = account_.id,
                  .enrolled_at = *parse_rfc3339("2026-03-01T08:00:00Z"),
                  .last_seen = *parse_rfc3339("2026-03-01T09:00:00Z")};
  write([&](Writer& w) { return w.put_enrollments(std::span(&told, 1)); });
  EXPECT_EQ(write_json(post("/v1/devices", R"({"filter_serial":["A"]})").json),
            R"({"devices":[{"serial_number":"A","udid":"UDID-A","enrollment_status":true,)"
            R"("last_seen":"2026-03-01T09:00:00Z","dep_profile_status":"empty"}]})");
  EXPECT_THAT(list(R"({"filter_udid":["udid-a"]})"), ElementsAre("A"));
  EXPECT_THAT(list(R"({"filter_udid":["UDID-A"],"filter_serial":["A","B"]})"), ElementsAre("A", "B"));
  EXPECT_THAT(list(R"({"filter_udid":["NOBODY"]})"), IsEmpty());
  const auto refused = del("/v1/devices", R"({"Opts":{"udids":["UDID-A","NOBODY"]}})");
  EXPECT_EQ(refused.status, 404);
  EXPECT_THAT(refused.error(), HasSubstr("not found: NOBODY"));
  EXPECT_THAT(list("{}"), ElementsAre("A", "B"));
  EXPECT_EQ(del("/v1/devices", R"({"Opts":{"udids":["UDID-A"]}})").status, 200);
  EXPECT_THAT(list("{}"), ElementsAre("B"));
}

TEST_F(Devices, NoneIsAnEmptyList) { EXPECT_THAT(list("{}"), IsEmpty()); }

TEST_F(Devices, AreListedInOrderWithoutThoseThatLeft) {
  for (const char* serial : {"B", "A", "LEFT"}) add_device(serial);
  change_device("LEFT", [&](Device& d) {
    d.tombstone = Tombstone{Tombstone::Reason::deleted, clock_.now()};
  });
  EXPECT_THAT(list("{}"), ElementsAre("A", "B"));
  EXPECT_THAT(list(R"({"filter_serial":["LEFT"]})"), IsEmpty());
}

TEST_F(Devices, APageIsAPart) {
  for (const char* serial : {"A", "B", "C"}) add_device(serial);
  EXPECT_THAT(list(R"({"per_page":2})"), ElementsAre("A", "B"));
  EXPECT_THAT(list(R"({"page":1,"per_page":2})"), ElementsAre("C"));
  EXPECT_THAT(list(R"({"page":2,"per_page":2})"), IsEmpty());
  EXPECT_THAT(list(R"({"page":9223372036854775807,"per_page":2})"), IsEmpty());
  EXPECT_THAT(list(R"({"page":null,"per_page":0})"), ElementsAre("A", "B", "C"));
}

TEST_F(Devices, NamedOnesAreThoseThatAreKnown) {
  for (const char* serial : {"A", "B"}) add_device(serial);
  EXPECT_THAT(list(R"({"filter_serial":["B","NOBODY"]})"), ElementsAre("B"));
  EXPECT_THAT(list(R"({"filter_serial":["NOBODY"]})"), IsEmpty());
  EXPECT_THAT(list(R"({"filter_serial":[]})"), ElementsAre("A", "B"));
}

TEST_F(Devices, ALongListComesInPieces) {
  add_devices(2500);
  const auto answer = post("/v1/devices", "{}");
  EXPECT_TRUE(answer.response.stream);
  EXPECT_EQ(answer["devices"].as_array().size(), 2500u);
  EXPECT_EQ(list(R"({"per_page":1500,"page":1})").size(), 1000u);
  EXPECT_EQ(list(R"({"per_page":1001})").back(), "C1000");
}

TEST_F(Devices, ABodyThatCannotBeIsRefused) {
  for (const char* body :
       {R"({"page":-1})", R"({"per_page":"2"})", R"({"filter_serial":"A"})", R"({"per_page":1.5})"})
    EXPECT_EQ(post("/v1/devices", body).status, 400) << body;
}

TEST_F(Devices, AreTakenOutOfTheDatabaseAllOrNone) {
  add_device("A");
  add_device("B");
  const auto refused = del("/v1/devices", R"({"Opts":{"serials":["A","NOBODY"]}})");
  EXPECT_EQ(refused.status, 404);
  EXPECT_THAT(refused.error(), HasSubstr("NOBODY"));
  EXPECT_THAT(list("{}"), ElementsAre("A", "B"));
  EXPECT_EQ(write_json(del("/v1/devices", R"({"Opts":{"serials":["A"]}})").json), "{}");
  EXPECT_EQ(del("/v1/devices", R"({"serials":["B"]})").status, 200);
  EXPECT_THAT(list("{}"), IsEmpty());
  EXPECT_EQ(del("/v1/devices", R"({"serials":[]})").status, 400);
}

}  // namespace
}  // namespace muster::api
