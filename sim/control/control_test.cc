// The control API itself: accounts, tokens, choosing devices, the clock, and what it rejects.
#include <gmock/gmock.h>

#include "sim/test_service.h"

namespace muster::sim {
namespace {

using testing::HasSubstr;

Options options_with(long long devices, uint64_t seed = 1) {
  Options options;
  options.devices = devices;
  options.seed = seed;
  options.accounts = {"default", "other"};
  return options;
}

TEST(Control, TheSameSeedGivesTheSameDevicesAndTokens) {
  TestService a(options_with(50, 4));
  TestService b(options_with(50, 4));
  TestService c(options_with(50, 5));
  const auto list = [](TestService& service) {
    return service.send("GET", "/control/accounts/default/devices?format=tsv").body;
  };
  EXPECT_EQ(list(a), list(b));
  EXPECT_NE(list(a), list(c));
  EXPECT_EQ(a.token("other"), b.token("other"));
  EXPECT_NE(a.token("other"), c.token("other"));
  EXPECT_EQ(a.token("other").at("consumer_key").as_string().size(), 99U);
  EXPECT_TRUE(text_at(a.token(), "consumer_key").starts_with("CK_48dd68d198350f51258e885ce9a5c37ab7f98543"));
  EXPECT_EQ(a.control("POST", "/devices/add", R"({"count":3})").at("serials"),
            b.control("POST", "/devices/add", R"({"count":3})").at("serials"));
}

TEST(Control, AccountsAreCreatedListedAndChanged) {
  TestService service(options_with(3));
  service.control("POST", "/accounts", R"({"name":"third"})");
  EXPECT_EQ(service.control("GET", "/accounts").at("accounts").as_array().size(), 3U);
  EXPECT_EQ(service.send("POST", "/control/accounts", R"({"name":"third"})").status, 409);
  EXPECT_EQ(service.send("POST", "/control/accounts", R"({"name":"a b"})").status, 400);
  service.control("PUT", "/accounts/third", R"({"org_name":"Example Inc","server_name":"fakedep"})");
  EXPECT_EQ(text_at(service.apple_json("GET", "/account", "", "third"), "org_name"), "Example Inc");
  EXPECT_EQ(service.control("GET", "/accounts/default").at("devices"), 3);
  EXPECT_EQ(service.send("GET", "/control/accounts/nobody").status, 404);
}

TEST(Control, ARefusedCertificateCostsNoToken) {
  TestService service;
  const auto before = service.token();
  const auto response = service.send("POST", "/control/accounts/default/token", "no certificate");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("X.509"));
  EXPECT_EQ(service.token(), before);
}

TEST(Control, TokensByQuery) {
  TestService service;
  const auto first = service.token();
  const auto renewed = service.control("POST", "/accounts/default/token?format=json&expires=-1d");
  EXPECT_EQ(renewed.at("consumer_key"), first.at("consumer_key"));
  EXPECT_EQ(service.open(service.sign(renewed)).body, "token_expiredForbidden");
  const auto other = service.control("POST", "/accounts/default/token?format=json&consumer=new");
  EXPECT_NE(other.at("consumer_key"), first.at("consumer_key"));
  EXPECT_EQ(service.control("POST", "/accounts/default/token?format=json&keep=true"), other);
  EXPECT_EQ(service.open(service.sign(other)).status, 200);
  EXPECT_EQ(service.send("POST", "/control/accounts/default/token?format=json&expires=soon").status, 400);
}

TEST(Control, ListsShowWhoGotWhat) {
  TestService service(options_with(5));
  service.control("POST", "/clock", R"({"frozen":true})");
  service.fetch_all();
  const auto added = service.control("POST", "/devices/add", R"({"serials":["A","B"]})");
  auto profile = boost::json::parse(kGoodProfile).as_object();
  profile["devices"] = {"A"};
  const auto uuid =
      text_at(service.apple_json("POST", "/profile", boost::json::serialize(profile)), "profile_uuid");
  const auto since = "since=" + std::to_string(added.at("time_ms").as_int64());
  EXPECT_EQ(boost::json::serialize(service.control("GET", "/accounts/default/summary?" + since)),
            R"({"devices":2,"by_status":{"empty":1,"assigned":1,"pushed":0,"removed":0},"by_profile":{")" +
                uuid + "\":1}}");
  EXPECT_EQ(service.control("GET", "/accounts/default/summary").at("devices"), 7);
  EXPECT_EQ(service.send("GET", "/control/accounts/default/devices?format=tsv&" + since).body,
            "A\tassigned\t" + uuid + "\nB\tempty\t-\n");
  EXPECT_EQ(service.control("GET", "/accounts/default/devices?status=empty&limit=2").at("total"), 6);
  EXPECT_EQ(service.control("GET", "/accounts/default/devices?offset=4").at("devices").as_array().size(), 3U);
  EXPECT_EQ(service.control("GET", "/accounts/default/devices?profile_uuid=" + uuid).at("total"), 1);
  EXPECT_EQ(
      service.control("GET", "/accounts/default/profiles").at("profiles").as_array().at(0).at("devices"), 1);
  EXPECT_EQ(service.control("GET", "/accounts/default/events").at("events").as_array().size(), 2U);
}

TEST(Control, ChoosesDevicesAllOrNothing) {
  TestService service(options_with(5));
  const auto status_of = [&](const char* call, const char* body) {
    return service.send("POST", std::string("/control/devices/") + call, body).status;
  };
  service.control("POST", "/devices/add", R"({"serials":["A"]})");
  EXPECT_EQ(status_of("remove", R"({"serials":["A","NOPE"]})"), 404);
  EXPECT_EQ(status_of("remove", R"({"serials":["A"],"account":"other"})"), 409);
  EXPECT_EQ(status_of("remove", R"({"count":7})"), 400);
  EXPECT_EQ(status_of("remove", "{}"), 400);
  EXPECT_EQ(status_of("move", R"({"serials":["A"],"to":"default"})"), 409);
  EXPECT_EQ(status_of("add", R"({"serials":["A"]})"), 409);
  EXPECT_EQ(status_of("add", R"({"serials":["X","X"]})"), 400);
  EXPECT_EQ(status_of("add", R"({"serials":["X"],"count":1})"), 400);
  EXPECT_EQ(status_of("add", R"({"count":1,"family":"Newton"})"), 400);
  EXPECT_EQ(service.control("GET", "/accounts/default").at("devices"), 6);
  EXPECT_EQ(service.send("GET", "/control/devices/X").status, 404);
  EXPECT_EQ(
      service.control("POST", "/devices/remove", R"({"count":1,"last":true})").at("serials").as_array().at(0),
      "A");
  EXPECT_TRUE(service.control("GET", "/devices/A").at("account").is_null());
}

TEST(Control, ComesFromAnotherServiceThatIsNotSimulated) {
  TestService service;
  const auto cursor = service.fetch_all();
  service.control("POST", "/devices/add",
                  R"({"serials":["A"],"as":"modified","profile_uuid":"95C2189CA0EFB3272AC8B3C66201F330"})");
  const auto row = service.sync(cursor).at("devices").as_array().at(0);
  EXPECT_EQ(text_at(row, "op_type"), "modified");
  EXPECT_EQ(text_at(row, "profile_status"), "removed");
  EXPECT_EQ(text_at(row, "profile_uuid"), "95C2189CA0EFB3272AC8B3C66201F330");
  EXPECT_LT(text_at(row, "profile_assign_time"), text_at(row, "op_date"));
}

TEST(Control, TheClockGoesForwardOnly) {
  TestService service;
  service.control("POST", "/clock", R"({"frozen":true})");
  const long long start = service.control("GET", "/clock").at("now_ms").as_int64();
  EXPECT_EQ(service.control("POST", "/clock", R"({"advance":"90m"})").at("now_ms").as_int64(),
            start + 5'400'000);
  EXPECT_EQ(service.send("POST", "/control/clock", R"({"advance":"-1h"})").status, 400);
  EXPECT_EQ(service.send("POST", "/control/clock", R"({"set":"2001-01-01T00:00:00Z"})").status, 400);
  EXPECT_FALSE(service.control("POST", "/clock", R"({"frozen":false})").at("frozen").as_bool());
  EXPECT_GE(service.control("GET", "/clock").at("now_ms").as_int64(), start + 5'400'000);
}

TEST(Control, RejectsWhatItDoesNotKnow) {
  TestService service;
  const auto refused = [&](const char* method, const char* target, const char* body) {
    const auto response = service.send(method, target, body);
    EXPECT_THAT(response.body, HasSubstr("\"error\"")) << target;
    return response.status;
  };
  EXPECT_EQ(refused("POST", "/control/devices/add", R"({"cuont":5})"), 400);
  EXPECT_EQ(refused("POST", "/control/devices/add", "{"), 400);
  EXPECT_EQ(refused("POST", "/control/devices/add", "[1]"), 400);
  EXPECT_EQ(refused("GET", "/control/nowhere", ""), 404);
  EXPECT_EQ(refused("PATCH", "/control/accounts", ""), 405);
  EXPECT_EQ(refused("DELETE", "/control/faults/5", ""), 404);
  EXPECT_EQ(refused("POST", "/control/faults", R"({"account":"nobody","status":500})"), 404);
  EXPECT_EQ(refused("PUT", "/control/settings", R"({"no_such":1})"), 400);
  EXPECT_EQ(refused("GET", "/control/accounts/default/devices?since=yesterday", ""), 400);
  EXPECT_EQ(refused("GET", "/token?account=nobody", ""), 404);
}

}  // namespace
}  // namespace muster::sim
