// Both phases of listing, the portal's actions as they show in sync, details, and the rest on devices.
#include <gmock/gmock.h>

#include <set>

#include "base/time/rfc3339.h"
#include "sim/apple/cursor.h"
#include "sim/test_service.h"

namespace muster::sim {
namespace {

Options with_devices(long long devices, const std::function<void(Settings&)>& change = {}) {
  Options options;
  options.devices = devices;
  options.accounts = {"default", "other"};
  if (change) change(options.settings);
  return options;
}

std::vector<std::string> serials_of(const boost::json::object& page) {
  std::vector<std::string> serials;
  for (const auto& row : page.at("devices").as_array()) serials.push_back(text_at(row, "serial_number"));
  return serials;
}
// `added A`, for every row.
std::vector<std::string> operations(const boost::json::object& page) {
  std::vector<std::string> rows;
  for (const auto& row : page.at("devices").as_array())
    rows.push_back(text_at(row, "op_type") + " " + text_at(row, "serial_number"));
  return rows;
}
std::string cursor_of(const boost::json::object& page) { return std::string(page.at("cursor").as_string()); }
boost::json::object row_of(const boost::json::object& page, size_t index) {
  return page.at("devices").as_array().at(index).as_object();
}
std::string first_serial(TestService& service) {
  return text_at(service.control("GET", "/accounts/default/devices?limit=1").at("devices").as_array().at(0),
                 "serial_number");
}

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Fetch, PagesThroughTheListInOrderOfAssignment) {
  TestService service(with_devices(25));
  auto page = service.apple_json("POST", "/server/devices", R"({"limit":10})");
  std::vector<std::string> all = serials_of(page);
  int pages = 1;
  std::string last_date;
  while (page.at("more_to_follow").as_bool()) {
    EXPECT_FALSE(Cursor::parse(cursor_of(page))->fetch_complete);
    page =
        service.apple_json("POST", "/server/devices", R"({"limit":10,"cursor":")" + cursor_of(page) + "\"}");
    ++pages;
    for (const auto& serial : serials_of(page)) all.push_back(serial);
    for (const auto& row : page.at("devices").as_array()) {
      EXPECT_FALSE(row.as_object().contains("op_type"));
      EXPECT_FALSE(row.as_object().contains("op_date"));
      EXPECT_LE(last_date, text_at(row, "device_assigned_date"));
      last_date = text_at(row, "device_assigned_date");
    }
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(all.size(), 25U);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 25U);
  const auto cursor = Cursor::parse(cursor_of(page));
  EXPECT_TRUE(cursor->fetch_complete);
  EXPECT_EQ(cursor->limit, 10);
  EXPECT_EQ(text_at(page, "fetched_until"), format_rfc3339(from_millis(cursor->last_operation_ms)));
}

TEST(Fetch, LimitIsDefaultedAndLoweredToTheMaximum) {
  TestService service(with_devices(300, [](Settings& settings) { settings.page_limit = 200; }));
  EXPECT_EQ(serials_of(service.apple_json("POST", "/server/devices", "{}")).size(), 100U);
  EXPECT_EQ(serials_of(service.apple_json("POST", "/server/devices", R"({"limit":5000})")).size(), 200U);
  EXPECT_EQ(service.apple("POST", "/server/devices", R"({"limit":"ten"})").body, "MALFORMED_REQUEST_BODY");
  EXPECT_EQ(service.apple("POST", "/server/devices", "{\"limit\":10").body, "MALFORMED_REQUEST_BODY");
  EXPECT_EQ(service.apple("POST", "/server/devices", "[]").body, "MALFORMED_REQUEST_BODY");
}

TEST(Fetch, ShowsTheListOfItsBeginningAndSyncTheRest) {
  TestService service(with_devices(4));
  auto page = service.apple_json("POST", "/server/devices", R"({"limit":2})");
  service.control("POST", "/devices/remove", R"({"count":1,"last":true})");
  service.control("POST", "/devices/add", R"({"serials":["NEW000000001"]})");
  page = service.apple_json("POST", "/server/devices", R"({"limit":2,"cursor":")" + cursor_of(page) + "\"}");
  EXPECT_FALSE(page.at("more_to_follow").as_bool());
  ASSERT_EQ(serials_of(page).size(), 2U);  // the removed one still, the new one not yet
  const std::string removed = serials_of(page)[1];
  EXPECT_THAT(operations(service.sync(cursor_of(page))),
              ElementsAre("deleted " + removed, "added NEW000000001"));
}

TEST(Fetch, ACompletedCursorIsExhausted) {
  TestService service(with_devices(1));
  const auto cursor = service.fetch_all();
  EXPECT_EQ(service.apple("POST", "/server/devices", R"({"cursor":")" + cursor + "\"}").body,
            "EXHAUSTED_CURSOR");
  EXPECT_EQ(service.apple("POST", "/server/devices", R"({"cursor":"nonsense"})").body, "INVALID_CURSOR");
  // The client that starts with a stored cursor long after still continues to sync.
  service.control("POST", "/clock", R"({"advance":"8d"})");
  EXPECT_EQ(service.apple("POST", "/server/devices", R"({"cursor":")" + cursor + "\"}").body,
            "EXHAUSTED_CURSOR");
}

TEST(Sync, CursorRules) {
  TestService service(with_devices(3));
  EXPECT_EQ(service.apple("POST", "/devices/sync", "{}").body, "CURSOR_REQUIRED");
  EXPECT_EQ(service.apple("POST", "/devices/sync", R"({"cursor":""})").body, "CURSOR_REQUIRED");
  EXPECT_EQ(service.apple("POST", "/devices/sync", R"({"cursor":"AAAA"})").body, "INVALID_CURSOR");
  const auto middle = cursor_of(service.apple_json("POST", "/server/devices", R"({"limit":1})"));
  const std::string body = R"({"cursor":")" + middle + "\"}";
  EXPECT_EQ(service.apple("POST", "/devices/sync", body).body, "INVALID_CURSOR");
  service.control("PUT", "/settings", R"({"incomplete_cursor":"accept"})");
  EXPECT_EQ(service.apple("POST", "/devices/sync", body).status, 200);

  const auto cursor = service.fetch_all();
  service.control("POST", "/clock", R"({"advance":"6d"})");
  const auto fresh = cursor_of(service.sync(cursor));
  service.control("POST", "/clock", R"({"advance":"2d"})");
  EXPECT_EQ(service.apple("POST", "/devices/sync", R"({"cursor":")" + cursor + "\"}").body, "EXPIRED_CURSOR");
  EXPECT_EQ(service.apple("POST", "/devices/sync", R"({"cursor":")" + fresh + "\"}").status, 200);
}

TEST(Sync, AnEmptyAnswerHasAFreshCursorOfNow) {
  TestService service;
  service.control("POST", "/clock", R"({"frozen":true})");
  const auto start = service.fetch_all();
  service.control("POST", "/clock", R"({"advance":"1h"})");
  const auto page = service.sync(start);
  EXPECT_EQ(serials_of(page).size(), 0U);
  const auto cursor = Cursor::parse(cursor_of(page));
  EXPECT_EQ(cursor->last_operation_ms, service.control("GET", "/clock").at("now_ms").as_int64());
  EXPECT_EQ(cursor->request_ms, cursor->last_operation_ms);
}

TEST(Sync, APageMayEndInsideOneMillisecondAndNothingIsLostOrDoubled) {
  TestService service;
  service.control("POST", "/clock", R"({"frozen":true})");
  auto cursor = service.fetch_all();
  service.control("POST", "/devices/add", R"({"count":25})");
  std::vector<std::string> all;
  int pages = 0;
  for (bool more = true; more; ++pages) {
    const auto page = service.sync(cursor, 10);
    cursor = cursor_of(page);
    more = page.at("more_to_follow").as_bool();
    for (const auto& serial : serials_of(page)) all.push_back(serial);
    // More come while the client pages: the clock stands still, and yet they are later.
    if (pages == 0) service.control("POST", "/devices/add", R"({"count":5})");
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(all.size(), 30U);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 30U);
  // Whatever comes in the very millisecond of the last cursor is not lost.
  service.control("POST", "/devices/add", R"({"count":1})");
  EXPECT_EQ(serials_of(service.sync(cursor)).size(), 1U);
}

TEST(Sync, RowsAreSnapshots) {
  TestService service;
  const auto cursor = service.fetch_all();
  service.control("POST", "/devices/add", R"({"serials":["A"]})");
  service.control("POST", "/devices/set", R"({"serials":["A"],"profile_status":"removed"})");
  service.control("POST", "/devices/remove", R"({"serials":["A"]})");
  service.control("POST", "/devices/add", R"({"serials":["A"]})");
  const auto page = service.sync(cursor);
  EXPECT_THAT(operations(page), ElementsAre("added A", "modified A", "deleted A", "added A"));
  EXPECT_EQ(text_at(row_of(page, 0), "profile_status"), "empty");
  EXPECT_EQ(text_at(row_of(page, 1), "profile_status"), "removed");
  EXPECT_EQ(text_at(row_of(page, 3), "profile_status"), "empty");
  EXPECT_EQ(text_at(row_of(page, 0), "op_date"), text_at(row_of(page, 0), "device_assigned_date"));
}

TEST(Sync, DeletedRowsAreSparseOrFull) {
  TestService service(with_devices(2));
  const auto cursor = service.fetch_all();
  service.control("POST", "/devices/remove", R"({"all":true})");
  EXPECT_EQ(row_of(service.sync(cursor), 0).size(), 3U);
  service.control("PUT", "/settings", R"({"sparse_deleted":false})");
  EXPECT_TRUE(row_of(service.sync(cursor), 0).contains("model"));
}

TEST(Sync, RedeliversTheLastMillisecond) {
  TestService service(with_devices(0, [](Settings& settings) { settings.redeliver_every = 2; }));
  const auto start = service.fetch_all();
  service.control("POST", "/devices/add", R"({"serials":["A","B"]})");
  const auto first = service.sync(start);
  EXPECT_EQ(serials_of(first).size(), 2U);
  const auto again = service.sync(cursor_of(first));
  EXPECT_THAT(serials_of(again), ElementsAre("A", "B"));
  EXPECT_EQ(text_at(again, "fetched_until"), text_at(first, "fetched_until"));
  EXPECT_FALSE(again.at("more_to_follow").as_bool());
  EXPECT_EQ(serials_of(service.sync(cursor_of(again))).size(), 0U);
}

TEST(Sync, MoreToFollowMayBeText) {
  TestService service(with_devices(2, [](Settings& settings) { settings.text_more_to_follow = true; }));
  EXPECT_EQ(text_at(service.apple_json("POST", "/server/devices", R"({"limit":1})"), "more_to_follow"),
            "true");
}

TEST(Portal, AMovedDeviceIsModifiedAndRemovedWithTheOldProfile) {
  TestService service(with_devices(0));
  const auto other_cursor = service.fetch_all("other");
  service.control("POST", "/devices/add", R"({"serials":["A"]})");
  const auto cursor = service.fetch_all();
  auto profile = boost::json::parse(kGoodProfile).as_object();
  profile["devices"] = {"A"};
  const auto defined = service.apple_json("POST", "/profile", boost::json::serialize(profile));
  const auto uuid = text_at(defined, "profile_uuid");
  service.control("POST", "/clock", R"({"advance":"1h"})");
  service.control("POST", "/devices/move", R"({"serials":["A"],"to":"other"})");

  EXPECT_THAT(operations(service.sync(cursor)), ElementsAre("deleted A"));
  const auto page = service.sync(other_cursor, 1000, "other");
  EXPECT_THAT(operations(page), ElementsAre("modified A"));
  const auto row = row_of(page, 0);
  EXPECT_EQ(text_at(row, "profile_status"), "removed");
  EXPECT_EQ(text_at(row, "profile_uuid"), uuid);
  EXPECT_TRUE(row.contains("profile_assign_time"));
  EXPECT_EQ(text_at(row, "op_date"), text_at(row, "device_assigned_date"));
  EXPECT_EQ(text_at(row, "device_assigned_by"), "admin@other.example.com");
  // The old service cannot touch it any more, and the profile is not the new one's.
  const auto remove = service.apple_json("DELETE", "/profile/devices", R"({"devices":["A"]})");
  EXPECT_EQ(text_at(remove.at("devices"), "A"), "NOT_ACCESSIBLE");
  EXPECT_EQ(service.apple("GET", "/profile?profile_uuid=" + uuid, "", {}, "other").status, 404);
}

TEST(Portal, AMoveMayComeAsAddedOrTwice) {
  TestService service(with_devices(2));
  const auto cursor = service.fetch_all("other");
  service.control("POST", "/devices/move", R"({"count":1,"to":"other","as":"added"})");
  service.control("PUT", "/settings", R"({"move_repeat":2})");
  service.control("POST", "/devices/move", R"({"count":1,"to":"other"})");
  const auto page = service.sync(cursor, 1000, "other");
  ASSERT_EQ(serials_of(page).size(), 3U);
  EXPECT_EQ(text_at(row_of(page, 0), "op_type"), "added");
  EXPECT_EQ(text_at(row_of(page, 0), "profile_status"), "empty");
  EXPECT_EQ(row_of(page, 1), row_of(page, 2));
}

TEST(Portal, ReassignedToTheSameServiceTheProfileIsGoneButItsUuidStays) {
  TestService service(with_devices(1));
  const auto serial = first_serial(service);
  auto profile = boost::json::parse(kGoodProfile).as_object();
  profile["devices"] = {serial};
  const auto uuid =
      text_at(service.apple_json("POST", "/profile", boost::json::serialize(profile)), "profile_uuid");
  const auto cursor = service.fetch_all();
  service.control("POST", "/devices/reassign", R"({"all":true})");
  const auto row = row_of(service.sync(cursor), 0);
  EXPECT_EQ(text_at(row, "op_type"), "modified");
  EXPECT_EQ(text_at(row, "profile_status"), "removed");
  EXPECT_EQ(text_at(row, "profile_uuid"), uuid);
  EXPECT_EQ(text_at(row, "op_date"), text_at(row, "device_assigned_date"));
}

TEST(Portal, ReleasedDevicesDoNotComeBack) {
  TestService service(with_devices(1));
  const auto serial = first_serial(service);
  service.control("POST", "/devices/release", R"({"all":true})");
  const auto response = service.send("POST", "/control/devices/add", R"({"serials":[")" + serial + "\"]}");
  EXPECT_EQ(response.status, 409);
  EXPECT_THAT(response.body, HasSubstr("released"));
  EXPECT_TRUE(service.control("GET", "/devices/" + serial).at("released").as_bool());
}

TEST(Portal, AReplacementTellsWhatItReplaced) {
  TestService service(with_devices(0));
  service.control("POST", "/devices/add", R"({"serials":["OLD"],"family":"iPhone"})");
  const auto cursor = service.fetch_all();
  service.control("POST", "/devices/replace", R"({"serial":"OLD","new_serial":"NEW"})");
  const auto page = service.sync(cursor);
  EXPECT_THAT(operations(page), ElementsAre("deleted OLD", "added NEW"));
  EXPECT_TRUE(row_of(page, 0).at("released_by_replacement").as_bool());
  EXPECT_TRUE(row_of(page, 1).at("is_replacement_device").as_bool());
  const auto details = service.apple_json("GET", "/device/replacementDetails?device=NEW");
  EXPECT_EQ(text_at(details, "original_device_serial_number"), "OLD");
  EXPECT_EQ(text_at(details, "replacement_date").size(), 10U);
  EXPECT_EQ(service.apple("GET", "/device/replacementDetails?device=OLD").body, "DEVICE_NOT_FOUND");
  EXPECT_EQ(service.apple("GET", "/device/replacementDetails").body, "DEVICE_ID_REQUIRED");
}

TEST(Portal, ADateCanBeForcedOnTheRow) {
  TestService service(with_devices(1));
  const auto cursor = service.fetch_all();
  service.control("POST", "/devices/touch", R"({"all":true,"op_date":"2020-01-02T03:04:05Z"})");
  EXPECT_EQ(text_at(row_of(service.sync(cursor), 0), "op_date"), "2020-01-02T03:04:05Z");
}

TEST(Portal, ABaselineDeviceShowsInFetchOnly) {
  TestService service(with_devices(0));
  const auto cursor = service.fetch_all();
  service.control("POST", "/devices/add", R"({"serials":["A"],"baseline":true})");
  EXPECT_EQ(serials_of(service.sync(cursor)).size(), 0U);
  EXPECT_THAT(serials_of(service.apple_json("POST", "/server/devices", "{}")), ElementsAre("A"));
}

TEST(Rows, OddOnesAreAsATestWantsThem) {
  TestService service(with_devices(0));
  service.control(
      "POST", "/devices/add",
      R"({"devices":[{"serial_number":"A","model":"Newton","device_family":"PDA","color":null,"x":{"y":1}}]})");
  service.control(
      "POST", "/devices/set",
      R"({"serials":["A"],"asset_tag":"T-1","mdm_migration_deadline":"2027-01-01T00:00:00Z","omit":["os"]})");
  auto row = row_of(service.apple_json("POST", "/server/devices", "{}"), 0);
  EXPECT_EQ(text_at(row, "model"), "Newton");
  EXPECT_EQ(text_at(row, "device_family"), "PDA");
  EXPECT_TRUE(row.at("color").is_null());
  EXPECT_EQ(boost::json::serialize(row.at("x")), R"({"y":1})");
  EXPECT_EQ(text_at(row, "asset_tag"), "T-1");
  EXPECT_EQ(text_at(row, "mdm_migration_deadline"), "2027-01-01T00:00:00Z");
  EXPECT_FALSE(row.contains("os"));
}

TEST(Rows, KeysFollowTheProtocolVersion) {
  TestService service(with_devices(0));
  service.control("POST", "/devices/add", R"x({"count":1,"model":"iPad mini (6th generation)"})x");
  service.control("POST", "/devices/set", R"({"all":true,"mdm_migration_deadline":"2027-01-01T00:00:00Z"})");
  const auto row = [&](const char* version) {
    const auto response =
        service.apple("POST", "/server/devices", "{}", {{"X-Server-Protocol-Version", version}});
    return row_of(boost::json::parse(response.body).as_object(), 0);
  };
  EXPECT_FALSE(row("1").contains("os"));
  EXPECT_EQ(text_at(row("2"), "os"), "iOS");
  EXPECT_EQ(text_at(row("6"), "os"), "iOS");
  EXPECT_EQ(text_at(row("7"), "os"), "iPadOS");
  EXPECT_FALSE(row("7").contains("mdm_migration_deadline"));
  EXPECT_TRUE(row("8").contains("mdm_migration_deadline"));
  EXPECT_FALSE(row("9").contains("imei"));
  EXPECT_TRUE(row("10").at("imei").is_array());
}

TEST(Details, AnswerBySerial) {
  TestService service(with_devices(1));
  const auto serial = first_serial(service);
  const auto details =
      service.apple_json("POST", "/devices", R"({"devices":[")" + serial + R"(","NOPE",")" + serial + "\"]}")
          .at("devices")
          .as_object();
  EXPECT_EQ(details.size(), 2U);
  EXPECT_EQ(text_at(details.at(serial), "response_status"), "SUCCESS");
  EXPECT_EQ(text_at(details.at(serial), "serial_number"), serial);
  EXPECT_FALSE(details.at(serial).as_object().contains("op_type"));
  EXPECT_EQ(boost::json::serialize(details.at("NOPE")), R"({"response_status":"NOT_ACCESSIBLE"})");
  for (const char* body : {"{}", R"({"devices":[]})", R"({"devices":null})"})
    EXPECT_EQ(service.apple("POST", "/devices", body).body, "DEVICE_ID_REQUIRED") << body;
  EXPECT_EQ(service.apple("POST", "/devices", R"({"devices":[1]})").body, "MALFORMED_REQUEST_BODY");
}

TEST(Details, AFaultForcesWordsOfSerials) {
  TestService service(with_devices(0));
  service.control("POST", "/devices/add", R"({"serials":["A","B","C","D"]})");
  service.control(
      "POST", "/faults",
      R"({"endpoint":"details","results":{"A":"NOT_ACCESSIBLE","B":null,"C":"SUCCESS","NOPE":"SUCCESS"}})");
  const auto details = service.apple_json("POST", "/devices", R"({"devices":["B","A","C","D","NOPE"]})")
                           .at("devices")
                           .as_object();
  EXPECT_EQ(details.size(), 4U);
  EXPECT_EQ(boost::json::serialize(details.at("A")), R"({"response_status":"NOT_ACCESSIBLE"})");
  EXPECT_EQ(text_at(details.at("C"), "serial_number"), "C");
  EXPECT_EQ(text_at(details.at("D"), "serial_number"), "D");
  EXPECT_EQ(boost::json::serialize(details.at("NOPE")), R"({"response_status":"SUCCESS"})");
}

TEST(Details, AFaultChangesTheRealAnswer) {
  TestService service(with_devices(3));
  service.control(
      "POST", "/faults",
      R"({"endpoint":"fetch","patch":{"more_to_follow":{"$delete":true}},"rows":{"serial_number":7}})");
  const auto page = service.apple_json("POST", "/server/devices", "{}");
  EXPECT_FALSE(page.contains("more_to_follow"));
  EXPECT_FALSE(text_at(page, "cursor").empty());
  for (const auto& row : page.at("devices").as_array()) EXPECT_EQ(row.at("serial_number"), 7);
  service.control("POST", "/faults",
                  R"({"endpoint":"details","patch":{"a":1}})");  // a refusal stays as it is
  EXPECT_EQ(service.apple("POST", "/devices", "{}").body, "DEVICE_ID_REQUIRED");
}

TEST(Sync, ADeviceMayLeaveSilently) {
  TestService service(with_devices(0));
  service.control("POST", "/devices/add", R"({"serials":["A","B"]})");
  const auto cursor = service.fetch_all();
  service.control("POST", "/devices/remove", R"({"serials":["A"],"event":false})");
  EXPECT_THAT(operations(service.sync(cursor)), IsEmpty());
  EXPECT_THAT(serials_of(service.apple_json("POST", "/server/devices", "{}")), ElementsAre("B"));
  const auto details = service.apple_json("POST", "/devices", R"({"devices":["A"]})");
  EXPECT_EQ(text_at(details.at("devices").at("A"), "response_status"), "NOT_ACCESSIBLE");
}

TEST(Disown, ReleasesUnlessThePortalForbidsIt) {
  TestService service(with_devices(2));
  const auto cursor = service.fetch_all();
  const auto serial = first_serial(service);
  const std::string body = R"({"devices":[")" + serial + R"(","NOPE"]})";
  service.control("PUT", "/accounts/default", R"({"can_disown":false})");
  EXPECT_EQ(text_at(service.apple_json("POST", "/devices/disown", body).at("devices"), serial.c_str()),
            "NOT_ACCESSIBLE");
  service.control("PUT", "/accounts/default", R"({"can_disown":true})");
  const auto answer = service.apple_json("POST", "/devices/disown", body).at("devices");
  EXPECT_EQ(text_at(answer, serial.c_str()), "SUCCESS");
  EXPECT_EQ(text_at(answer, "NOPE"), "NOT_ACCESSIBLE");
  EXPECT_THAT(operations(service.sync(cursor)), ElementsAre("deleted " + serial));
}

TEST(ActivationLock, AnswersPerDevice) {
  TestService service(with_devices(0));
  service.control("POST", "/devices/add", R"({"serials":["PHONE"],"family":"iPhone"})");
  service.control("POST", "/devices/add", R"({"serials":["TV"],"family":"AppleTV"})");
  const auto lock = [&](const std::string& serial) {
    return text_at(service.apple_json("POST", "/device/activationlock", R"({"device":")" + serial + "\"}"),
                   "response_status");
  };
  EXPECT_EQ(lock("PHONE"), "SUCCESS");
  EXPECT_EQ(lock("PHONE"), "DEVICE_ALREADY_LOCKED");
  EXPECT_EQ(lock("TV"), "DEVICE_NOT_SUPPORTED");
  EXPECT_EQ(lock("NOPE"), "NOT_ACCESSIBLE");
}

TEST(ActivationLock, IsRememberedWithItsKey) {
  TestService service(with_devices(0));
  service.control("POST", "/devices/add", R"({"serials":["PHONE"],"family":"iPhone"})");
  EXPECT_FALSE(service.control("GET", "/devices/PHONE").contains("locked"));
  service.apple_json("POST", "/device/activationlock",
                     R"({"device":"PHONE","escrow_key":"abc","lost_message":"Call 555"})");
  const auto device = service.control("GET", "/devices/PHONE");
  EXPECT_TRUE(device.at("locked").as_bool());
  EXPECT_EQ(text_at(device, "escrow_key"), "abc");
  EXPECT_EQ(text_at(device, "lost_message"), "Call 555");
}

TEST(ActivationLock, TakesItsWordFromAFault) {
  TestService service(with_devices(0));
  service.control("POST", "/devices/add", R"({"serials":["A","B","C"],"family":"iPhone"})");
  service.control(
      "POST", "/faults",
      R"({"endpoint":"activationlock","count":3,"results":{"A":"FAILED","B":null,"C":"SUCCESS"}})");
  const auto lock = [&](const std::string& serial) {
    return service.apple_json("POST", "/device/activationlock", R"({"device":")" + serial + "\"}");
  };
  EXPECT_EQ(text_at(lock("A"), "response_status"), "FAILED");
  EXPECT_FALSE(lock("B").contains("response_status"));
  EXPECT_EQ(text_at(lock("C"), "response_status"), "SUCCESS");
  EXPECT_FALSE(service.control("GET", "/devices/A").contains("locked"));
  EXPECT_TRUE(service.control("GET", "/devices/C").contains("locked"));
}

}  // namespace
}  // namespace muster::sim
