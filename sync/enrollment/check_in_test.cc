#include "sync/enrollment/check_in.h"

#include <gmock/gmock.h>

#include "base/text/encoding.h"
#include "base/time/rfc3339.h"
#include "tests/support/mdm/check_in_text.h"

namespace muster::sync {
namespace {

using test::check_in_text;
using test::CheckInText;
using testing::HasSubstr;
using Kind = CheckIn::Kind;

const Time kCheckInNow = *parse_rfc3339("2026-03-01T09:00:00Z");

CheckIn read_one(const std::string& body) {
  const auto check_in = read_check_in(body, kCheckInNow);
  EXPECT_TRUE(check_in) << check_in.error().text();
  EXPECT_TRUE(check_in && *check_in) << body;
  return check_in && *check_in ? **check_in : CheckIn{};
}

bool tells_nothing(const std::string& body) {
  const auto check_in = read_check_in(body, kCheckInNow);
  EXPECT_TRUE(check_in) << check_in.error().text();
  return check_in && !*check_in;
}

std::string why_not(const std::string& body) {
  const auto check_in = read_check_in(body, kCheckInNow);
  EXPECT_FALSE(check_in) << body;
  return check_in ? "" : check_in.error().text();
}

TEST(CheckIns, OfEachTopicAreRead) {
  const auto authenticate = read_one(check_in_text({.topic = "mdm.Authenticate",
                                                    .udid = "00008030-0011aabb",
                                                    .serial = "c02a",
                                                    .at = "2026-03-01T08:00:00.25Z"}));
  EXPECT_EQ(authenticate.kind, Kind::authenticate);
  EXPECT_EQ(authenticate.serial, Serial("C02A"));
  EXPECT_EQ(authenticate.udid, "00008030-0011AABB");
  EXPECT_EQ(format_rfc3339_millis(authenticate.at), "2026-03-01T08:00:00.250Z");
  const auto first = read_one(check_in_text({.topic = "mdm.TokenUpdate", .tally = 1}));
  EXPECT_EQ(first.kind, Kind::token_update);
  EXPECT_TRUE(first.is_first);
  EXPECT_FALSE(read_one(check_in_text({.topic = "mdm.TokenUpdate", .tally = 2})).is_first);
  EXPECT_FALSE(read_one(check_in_text({.topic = "mdm.TokenUpdate"})).is_first);
  EXPECT_EQ(read_one(check_in_text({.topic = "mdm.CheckOut"})).kind, Kind::check_out);
  EXPECT_EQ(read_one(check_in_text({.topic = "mdm.Connect"})).kind, Kind::connect);
  EXPECT_EQ(read_one(check_in_text({.topic = "mdm.DeclarativeManagement"})).kind, Kind::connect);
}

TEST(CheckIns, HaveTheTimeOfTheMdmServerAndNoneToCome) {
  const auto time_of = [](const std::string& at) {
    return read_one(check_in_text({.topic = "mdm.Connect", .at = at})).at;
  };
  EXPECT_EQ(time_of("2026-03-01T09:30:00+01:00"), *parse_rfc3339("2026-03-01T08:30:00Z"));
  EXPECT_EQ(time_of("2026-03-01T09:00:01Z"), kCheckInNow);
  EXPECT_EQ(time_of("0001-01-01T00:00:00Z"), kCheckInNow) << "Go's time that is none";
  EXPECT_EQ(time_of(""), kCheckInNow);
}

TEST(CheckIns, OfUsersTellNothingOfTheDevice) {
  EXPECT_TRUE(tells_nothing(check_in_text({.topic = "mdm.TokenUpdate", .user = "6A3F9F4D", .tally = 1})));
  EXPECT_TRUE(
      tells_nothing(check_in_text({.topic = "mdm.Connect", .user = "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"})));
  EXPECT_TRUE(tells_nothing(check_in_text({.topic = "mdm.Connect", .parent = "00008030-0011"})));
  EXPECT_TRUE(tells_nothing(check_in_text({.topic = "mdm.Authenticate", .udid = ""})))
      << "a user's enrolment";
}

// The answer to a command may have anything in it, and be long.
TEST(CheckIns, WhoseAnswerIsNotReadTellNothing) {
  const auto with_payload = [](const std::string& payload) {
    return R"({"topic":"mdm.Connect","acknowledge_event":{"udid":"X","raw_payload":")" +
           base64_encode(payload) + R"("}})";
  };
  EXPECT_TRUE(tells_nothing(with_payload(std::string(100'000, 'x'))));
  EXPECT_TRUE(tells_nothing(with_payload("no plist")));
  EXPECT_EQ(read_one(with_payload("")).udid, "X");
}

TEST(CheckIns, ThatAreNoneAreRejectedWithTheReason) {
  EXPECT_THAT(why_not("<xml>"), HasSubstr("the message is no JSON"));
  EXPECT_THAT(why_not("[]"), HasSubstr("no JSON object"));
  EXPECT_THAT(why_not("{}"), HasSubstr("no \"topic\""));
  EXPECT_THAT(why_not(R"({"topic":"dep.SyncDevices"})"), HasSubstr("MicroMDM, NanoMDM and NanoHUB"));
  EXPECT_THAT(why_not(R"({"topic":"mdm.CheckOut","checkin_event":null})"), HasSubstr("\"checkin_event\""));
  EXPECT_THAT(why_not(R"({"topic":"mdm.CheckOut","checkin_event":{"raw_payload":"%"}})"),
              HasSubstr("Base64"));
  EXPECT_THAT(why_not(R"({"topic":"mdm.CheckOut","checkin_event":{"raw_payload":"eHg="}})"),
              HasSubstr("property list"));
  EXPECT_THAT(why_not(check_in_text({.topic = "mdm.Authenticate", .serial = ""})), HasSubstr("SerialNumber"));
  EXPECT_THAT(why_not(check_in_text({.topic = "mdm.Authenticate", .serial = "a b\n"})),
              HasSubstr("no serial number"));
  EXPECT_THAT(why_not(check_in_text({.topic = "mdm.CheckOut", .udid = "'; DROP TABLE"})), HasSubstr("UDID"));
}

}  // namespace
}  // namespace muster::sync
