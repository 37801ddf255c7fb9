// Define, read, assign, remove, throttle; and faults as they spoil these calls.
#include <gmock/gmock.h>

#include "sim/test_service.h"

namespace muster::sim {
namespace {

class Profiles : public testing::Test {
 protected:
  void start(const std::function<void(Settings&)>& change = {}) {
    Options options;
    options.accounts = {"default", "other"};
    if (change) change(options.settings);
    service_ = std::make_unique<TestService>(options);
    service_->control("POST", "/devices/add", R"({"serials":["A","B","C"]})");
    cursor_ = service_->fetch_all();
  }
  std::string define(const std::string& profile = kGoodProfile) {
    return text_at(service_->apple_json("POST", "/profile", profile), "profile_uuid");
  }
  std::string assign_body(const std::string& uuid, const std::string& serials = R"(["A"])") {
    return R"({"profile_uuid":")" + uuid + R"(","devices":)" + serials + "}";
  }
  boost::json::object assign(const std::string& uuid, const std::string& serials, const char* method = "POST",
                             const char* version = "10") {
    const auto response = service_->apple(method, "/profile/devices", assign_body(uuid, serials),
                                          {{"X-Server-Protocol-Version", version}});
    EXPECT_EQ(response.status, 200) << response.body;
    return boost::json::parse(response.body).as_object();
  }
  boost::json::object device(const std::string& serial) {
    return service_->control("GET", "/devices/" + serial);
  }
  std::string status(const std::string& serial) { return text_at(device(serial), "profile_status"); }

  std::unique_ptr<TestService> service_;
  std::string cursor_;
};

TEST_F(Profiles, EachDefinitionIsANewImmutableProfile) {
  start();
  const auto first = define();
  const auto second = define();
  EXPECT_THAT(first, testing::MatchesRegex("[0-9A-F]{32}"));
  EXPECT_NE(first, second);
  const auto shown = service_->apple_json("GET", "/profile?profile_uuid=" + first);
  EXPECT_EQ(text_at(shown, "profile_uuid"), first);
  EXPECT_FALSE(shown.at("is_mdm_removable").as_bool());
  EXPECT_TRUE(shown.at("allow_pairing").as_bool());
  EXPECT_FALSE(shown.contains("devices"));
  EXPECT_EQ(service_->apple("PUT", "/profile", kGoodProfile).status, 405);
}

TEST_F(Profiles, RejectedDefinitionsAreApplesWords) {
  start();
  EXPECT_EQ(service_->apple("POST", "/profile", "{").body, "MALFORMED_REQUEST_BODY");
  EXPECT_EQ(service_->apple("POST", "/profile", "{}").body, "CONFIG_URL_REQUIRED");
  const auto response = service_->apple("POST", "/profile", R"({"profile_name":"P","url":""})");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "CONFIG_URL_INVALID");
  EXPECT_EQ(service_->control("GET", "/accounts/default/profiles").at("profiles").as_array().size(), 0U);
}

TEST_F(Profiles, UnknownProfiles) {
  start();
  EXPECT_EQ(service_->apple("GET", "/profile").body, "PROFILE_UUID_REQUIRED");
  const auto unknown = service_->apple("GET", "/profile?profile_uuid=FFFF");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body, "NOT_FOUND");
  EXPECT_EQ(service_->apple("PUT", "/profile/devices", assign_body("FFFF")).status, 404);
  EXPECT_EQ(service_->apple("PUT", "/profile/devices", assign_body("FFFF")).body, "NOT_FOUND");
  service_->control("PUT", "/settings",
                    R"({"profile_not_found":"PROFILE_NOT_FOUND","get_profile_not_found_status":400})");
  EXPECT_EQ(service_->apple("PUT", "/profile/devices", assign_body("FFFF")).body, "PROFILE_NOT_FOUND");
  EXPECT_EQ(service_->apple("GET", "/profile?profile_uuid=FFFF").status, 400);
}

TEST_F(Profiles, UuidsAreExactUnlessLenient) {
  start();
  std::string uuid = define();
  const std::string upper = uuid;
  for (char& c : uuid) c = static_cast<char>(std::tolower(c));
  uuid.insert(8, "-");
  EXPECT_EQ(service_->apple("GET", "/profile?profile_uuid=" + uuid).status, 404);
  service_->control("PUT", "/settings", R"({"lenient_uuid":true})");
  EXPECT_EQ(text_at(service_->apple_json("GET", "/profile?profile_uuid=" + uuid), "profile_uuid"), upper);
}

TEST_F(Profiles, AssignByPostAndPutAnswersPerSerial) {
  start();
  for (const char* method : {"POST", "PUT"}) {
    const auto uuid = define();
    const auto answer = assign(uuid, R"(["A","B","A","NOPE"])", method);
    EXPECT_EQ(text_at(answer, "profile_uuid"), uuid);
    EXPECT_EQ(boost::json::serialize(answer.at("devices")),
              R"({"A":"SUCCESS","B":"SUCCESS","NOPE":"NOT_ACCESSIBLE"})");
    EXPECT_FALSE(answer.contains("retry_after_seconds"));
    EXPECT_EQ(text_at(device("A"), "profile_uuid"), uuid);
    EXPECT_EQ(status("A"), "assigned");
    EXPECT_EQ(status("C"), "empty");
  }
  EXPECT_EQ(service_->sync(cursor_).at("devices").as_array().size(), 0U);  // no event by default
}

TEST_F(Profiles, DevicesOfADefinitionAreAssigned) {
  start();
  auto profile = boost::json::parse(kGoodProfile).as_object();
  profile["devices"] = {"A", "NOPE"};
  const auto answer = service_->apple_json("POST", "/profile", boost::json::serialize(profile));
  EXPECT_EQ(boost::json::serialize(answer.at("devices")), R"({"A":"SUCCESS","NOPE":"NOT_ACCESSIBLE"})");
  EXPECT_EQ(status("A"), "assigned");
}

TEST_F(Profiles, AssignRejectsWhatIsMissingOrTooMuch) {
  start([](Settings& settings) { settings.assign_limit = 2; });
  const auto uuid = define();
  const auto word = [&](const std::string& body) {
    return service_->apple("PUT", "/profile/devices", body).body;
  };
  EXPECT_EQ(word(R"({"devices":["A"]})"), "PROFILE_UUID_REQUIRED");
  EXPECT_EQ(word(R"({"profile_uuid":"","devices":["A"]})"), "PROFILE_UUID_REQUIRED");
  EXPECT_EQ(word(assign_body(uuid, "[]")), "DEVICE_ID_REQUIRED");
  EXPECT_EQ(word(R"({"profile_uuid":")" + uuid + "\"}"), "DEVICE_ID_REQUIRED");
  EXPECT_EQ(word(assign_body(uuid, R"(["A","B","C"])")), "MALFORMED_REQUEST_BODY");
  EXPECT_EQ(word("not json"), "MALFORMED_REQUEST_BODY");
  EXPECT_EQ(status("A"), "empty");
  service_->control("PUT", "/settings", R"({"empty_devices_ok":true,"assign_limit":0})");
  EXPECT_EQ(service_->apple("PUT", "/profile/devices", assign_body(uuid, "[]")).status, 200);
  EXPECT_EQ(assign(uuid, R"(["A","B","C"])").at("devices").as_object().size(), 3U);
}

TEST_F(Profiles, RemoveKeepsTheUuidAndShowsInSync) {
  start();
  const auto uuid = define();
  assign(uuid, R"(["A"])");
  service_->control("POST", "/clock", R"({"advance":"1m"})");
  const auto answer = service_->apple_json("DELETE", "/profile/devices", R"({"devices":["A","B","NOPE"]})");
  EXPECT_EQ(boost::json::serialize(answer),
            R"({"devices":{"A":"SUCCESS","B":"SUCCESS","NOPE":"NOT_ACCESSIBLE"}})");
  const auto rows = service_->sync(cursor_).at("devices").as_array();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(text_at(rows[0], "op_type"), "modified");
  EXPECT_EQ(text_at(rows[0], "profile_status"), "removed");
  EXPECT_EQ(text_at(rows[0], "profile_uuid"), uuid);
  EXPECT_NE(text_at(rows[0], "op_date"), text_at(rows[0], "device_assigned_date"));
  EXPECT_EQ(service_->apple("DELETE", "/profile/devices", "{}").body, "DEVICE_ID_REQUIRED");
}

TEST_F(Profiles, AssignMayMakeEventsAndDevicesFetchTheirProfile) {
  start([](Settings& settings) { settings.assign_events = true; });
  assign(define(), R"(["A"])");
  const auto row = service_->sync(cursor_).at("devices").as_array().at(0);
  EXPECT_EQ(text_at(row, "op_type"), "modified");
  EXPECT_EQ(text_at(row, "profile_status"), "assigned");
  service_->control("POST", "/devices/push", R"({"serials":["A"]})");
  EXPECT_EQ(status("A"), "pushed");
  EXPECT_TRUE(device("A").contains("profile_push_time"));
  EXPECT_EQ(service_->send("POST", "/control/devices/push", R"({"serials":["B"]})").status, 409);
}

TEST_F(Profiles, ThrottlingLooksDifferentByVersion) {
  start([](Settings& settings) { settings.throttle_after = 1; });
  const auto uuid = define();
  assign(uuid, R"(["A"])");
  const auto throttled = assign(uuid, R"(["A","B"])");
  EXPECT_EQ(boost::json::serialize(throttled.at("devices")), R"({"A":"THROTTLED","B":"SUCCESS"})");
  EXPECT_NEAR(throttled.at("retry_after_seconds").as_int64(), 86'400, 5);
  EXPECT_EQ(text_at(assign(uuid, R"(["A"])", "PUT", "9").at("devices"), "A"), "THROTTLED");
  EXPECT_FALSE(assign(uuid, R"(["A"])", "PUT", "9").contains("retry_after_seconds"));
  EXPECT_EQ(text_at(assign(uuid, R"(["A"])", "PUT", "8").at("devices"), "A"), "FAILED");
  service_->control("POST", "/clock", R"({"advance":"24h"})");
  EXPECT_EQ(text_at(assign(uuid, R"(["A"])").at("devices"), "A"), "SUCCESS");
}

TEST_F(Profiles, ADeviceMayBeThrottledByThePortal) {
  start();
  const auto uuid = define();
  service_->control("POST", "/devices/throttle", R"({"serials":["A"],"for":"1h"})");
  const auto throttled = assign(uuid, R"(["A","B"])");
  EXPECT_EQ(boost::json::serialize(throttled.at("devices")), R"({"A":"THROTTLED","B":"SUCCESS"})");
  EXPECT_NEAR(throttled.at("retry_after_seconds").as_int64(), 3'600, 5);
  service_->control("POST", "/devices/throttle", R"({"serials":["A"],"for":"0s"})");
  EXPECT_EQ(text_at(assign(uuid, R"(["A"])").at("devices"), "A"), "SUCCESS");
}

TEST_F(Profiles, AThrottledDeviceIsHiddenFromSyncUntilTheCoolDownIsOver) {
  start([](Settings& settings) { settings.throttle_after = 1; });
  const auto uuid = define();
  assign(uuid, R"(["A"])");
  assign(uuid, R"(["A"])");
  service_->control("POST", "/devices/remove", R"({"serials":["A","B"]})");
  const auto page = service_->sync(cursor_);
  ASSERT_EQ(page.at("devices").as_array().size(), 1U);
  EXPECT_EQ(text_at(page.at("devices").as_array()[0], "serial_number"), "B");
  service_->control("POST", "/clock", R"({"advance":"25h"})");
  const auto later = service_->sync(text_at(page, "cursor")).at("devices").as_array();
  ASSERT_EQ(later.size(), 1U);
  EXPECT_EQ(text_at(later[0], "serial_number"), "A");
  EXPECT_EQ(text_at(later[0], "op_type"), "deleted");
}

TEST_F(Profiles, AFaultBeforeTheEffectAssignsNothingOneAfterItDoes) {
  start();
  const auto uuid = define();
  service_->control("POST", "/faults",
                    R"({"endpoint":"assign","status":503,"headers":{"Retry-After":"120"}})");
  const auto before = service_->apple("PUT", "/profile/devices", assign_body(uuid));
  EXPECT_EQ(before.status, 503);
  EXPECT_EQ(before.body, "");
  EXPECT_EQ(before.headers.get("Retry-After"), "120");
  EXPECT_TRUE(before.headers.has("Date"));
  EXPECT_EQ(status("A"), "empty");
  service_->control("POST", "/faults", R"({"endpoint":"assign","deliver":"reset","when":"after"})");
  const auto after = service_->apple("PUT", "/profile/devices", assign_body(uuid));
  EXPECT_EQ(after.delivery, http::Response::Delivery::reset);
  EXPECT_EQ(status("A"), "assigned");
  EXPECT_EQ(service_->apple("PUT", "/profile/devices", assign_body(uuid)).delivery,
            http::Response::Delivery::whole);
}

TEST_F(Profiles, OneSerialMaySpoilTheWholeBatch) {
  start();
  const auto uuid = define();
  service_->control(
      "POST", "/faults",
      R"({"endpoint":"assign","count":0,"reject_serials":["B"],"status":400,"body":"DEVICE_ID_REQUIRED"})");
  EXPECT_EQ(service_->apple("PUT", "/profile/devices", assign_body(uuid, R"(["A","B"])")).body,
            "DEVICE_ID_REQUIRED");
  EXPECT_EQ(status("A"), "empty");
  EXPECT_EQ(boost::json::serialize(assign(uuid, R"(["A","C"])").at("devices")),
            R"({"A":"SUCCESS","C":"SUCCESS"})");
}

TEST_F(Profiles, AFaultForcesResultsOfSerials) {
  start();
  const auto uuid = define();
  service_->control("POST", "/faults",
                    R"({"endpoint":"assign","results":{"A":"FAILED","B":null,"NOPE":"WEIRD"}})");
  EXPECT_EQ(boost::json::serialize(assign(uuid, R"(["A","B","C","NOPE"])").at("devices")),
            R"({"A":"FAILED","C":"SUCCESS","NOPE":"WEIRD"})");
  EXPECT_EQ(status("A"), "empty");
  EXPECT_EQ(status("B"), "empty");
  EXPECT_EQ(status("C"), "assigned");
  // Apple says SUCCESS, and the device has no profile.
  service_->control("POST", "/faults",
                    R"({"endpoint":"assign","results":{"*":"SUCCESS"},"apply_success":false})");
  EXPECT_EQ(text_at(assign(uuid, R"(["A"])").at("devices"), "A"), "SUCCESS");
  EXPECT_EQ(status("A"), "empty");
}

TEST_F(Profiles, AFaultRepeatsTheCursorOrLosesTheBody) {
  start();
  service_->control("POST", "/devices/add", R"({"serials":["D"]})");
  service_->control("POST", "/faults", R"({"endpoint":"sync","repeat_cursor":true})");
  const auto page = service_->sync(cursor_);
  EXPECT_EQ(text_at(page, "cursor"), cursor_);
  EXPECT_TRUE(page.at("more_to_follow").as_bool());
  EXPECT_EQ(page.at("devices").as_array().size(), 1U);
  EXPECT_NE(text_at(service_->sync(cursor_), "cursor"), cursor_);
  service_->control("POST", "/faults", R"({"endpoint":"remove","drop_body":true})");
  EXPECT_EQ(service_->apple("DELETE", "/profile/devices", R"({"devices":["A"]})").body,
            "MALFORMED_REQUEST_BODY");
}

TEST_F(Profiles, TheBookCountsCallsAndSerials) {
  start();
  const auto uuid = define();
  service_->control("DELETE", "/calls");
  assign(uuid, R"(["A","B"])", "PUT");
  assign(uuid, R"(["C","NOPE"])", "POST");
  service_->apple("POST", "/devices", "{}", {}, "other");
  const auto calls = service_->control("GET", "/calls");
  EXPECT_EQ(boost::json::serialize(calls.at("serials").at("assign")),
            R"({"calls":2,"serials":4,"most_in_one_call":2,"results":{"NOT_ACCESSIBLE":1,"SUCCESS":3}})");
  EXPECT_EQ(calls.at("endpoints").at("PUT /profile/devices"), 1);
  EXPECT_EQ(calls.at("accounts").at("other").at("POST /devices"), 1);
  EXPECT_EQ(calls.at("statuses").at("400 DEVICE_ID_REQUIRED"), 1);
  const auto log = service_->control("GET", "/calls/log?limit=2&account=default").at("calls").as_array();
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(text_at(log[0], "path"), "/session");
  EXPECT_EQ(text_at(log[1], "name"), "assign");
  EXPECT_EQ(log[1].at("serials"), 2);
  EXPECT_EQ(log[1].at("version"), 10);
}

}  // namespace
}  // namespace muster::sim
