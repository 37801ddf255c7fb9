// NanoDEP's calls about accounts and devices, as far as Apple is not asked.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/support/api/nanodep_fixture.h"

namespace muster::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class NanoDep : public test::NanoDepFixture {
 protected:
  std::vector<std::string> names(const std::string& query = "") {
    const auto answer = get("/v1/dep_names" + query);
    EXPECT_EQ(answer.status, 200) << query;
    std::vector<std::string> names;
    for (const auto& name : answer["dep_names"].as_array()) names.emplace_back(name.as_string());
    return names;
  }
  std::vector<std::string> serials(const std::string& query = "") {
    const auto answer = get("/v1/devices" + query);
    EXPECT_EQ(answer.status, 200) << query;
    std::vector<std::string> serials;
    for (const auto& device : answer["devices"].as_array())
      serials.push_back(std::string(device.at("dep_name").as_string()) + "/" +
                        std::string(device.at("serial_number").as_string()));
    return serials;
  }
};

TEST_F(NanoDep, NamesAreThoseWithAKeyPairOrAToken) {
  write([](Writer& w) { return w.create_account(AccountName("bare")); });
  EXPECT_THAT(names(), ElementsAre("default"));
  get("/v1/tokenpki/school");
  get("/v1/tokenpki/acme");
  EXPECT_THAT(names(), ElementsAre("acme", "default", "school"));
  EXPECT_THAT(names("?dep_name=school&dep_name=nowhere&limit=&cursor="), ElementsAre("school"));
  EXPECT_THAT(names("?limit=1&offset=1"), ElementsAre("default"));
  EXPECT_THAT(names("?offset=3"), IsEmpty());
  const auto page = get("/v1/dep_names?limit=2");
  EXPECT_EQ(page.response.body, "{\"dep_names\":[\"acme\",\"default\"],\"next_cursor\":\"default\"}\n");
  EXPECT_EQ(type_of(page), "application/json");
  const auto rest = get("/v1/dep_names?limit=2&cursor=default");
  EXPECT_EQ(rest.response.body, "{\"dep_names\":[\"school\"]}\n");
  for (const char* query : {"?limit=0", "?limit=x", "?offset=-1", "?cursor=%20"})
    EXPECT_EQ(get(std::string("/v1/dep_names") + query).status, 400) << query;
}

TEST_F(NanoDep, EachCertificateIsOfANewKeyPair) {
  const auto first = get("/v1/tokenpki/school?cn=&validity_days=");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(type_of(first), "application/x-pem-file");
  EXPECT_EQ(first.response.headers.get("Content-Disposition"), "attachment; filename=\"school.pem\"");
  EXPECT_THAT(first.response.body, StartsWith("-----BEGIN CERTIFICATE-----\n"));
  EXPECT_NE(get("/v1/tokenpki/school").response.body, first.response.body);
  for (const char* query : {"validity_days=0", "validity_days=soon", "validity_days=99999"}) {
    const auto refused = get(std::string("/v1/tokenpki/school?") + query);
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_THAT(refused.response.body, StartsWith("Bad Request: \"validity_days\"")) << query;
    EXPECT_EQ(type_of(refused), "text/plain; charset=utf-8");
  }
  EXPECT_EQ(get("/v1/tokenpki/school?cn=" + std::string(65, 'x')).status, 400);
  EXPECT_EQ(get("/v1/tokenpki/School!").status, 400);
}

TEST_F(NanoDep, ConfigAndAssignerOfAnUnknownNameAreEmpty) {
  EXPECT_EQ(get("/v1/config/nowhere").response.body, "null\n");
  EXPECT_EQ(get("/v1/config/default").response.body, "null\n");
  EXPECT_EQ(get("/v1/assigner/nowhere").response.body, "{}\n");
  EXPECT_EQ(get("/v1/assigner/default").response.body, "{}\n");
  const auto tokens = get("/v1/tokens/nowhere");
  EXPECT_EQ(tokens.status, 404);
  EXPECT_THAT(tokens.error(), HasSubstr("nowhere"));
}

TEST_F(NanoDep, TheConfigIsTheAddress) {
  const auto answer = put("/v1/config/school", R"({"base_url":"http://127.0.0.1:8080"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.response.body, "{\"base_url\":\"http://127.0.0.1:8080\"}\n");
  EXPECT_EQ(get("/v1/config/school").response.body, answer.response.body);
  for (const char* body : {"{}", R"({"base_url":""})", R"({"base_url":"ftp://a"})", "null", ""})
    EXPECT_EQ(put("/v1/config/school", body).status, 400) << body;
}

TEST_F(NanoDep, TheAssignerIsTheRuleForAllDevices) {
  apple_.on("GET /profile", test::answer_json({{"profile_name", "A"}}));
  const auto answer = put("/v1/assigner/default?profile_uuid=95c2189ca0efb3272ac8b3c66201f330", "");
  EXPECT_EQ(answer.response.body, "{\"profile_uuid\":\"95c2189ca0efb3272ac8b3c66201f330\"}\n");
  const auto rules = read([&](Reader& r) { return r.rules(account_.id); });
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0].filter, "*");
  EXPECT_EQ(get("/v1/assigner/default").response.body,
            "{\"profile_uuid\":\"95C2189CA0EFB3272AC8B3C66201F330\"}\n");
  for (const char* query : {"", "?profile_uuid="}) {
    const auto refused = put(std::string("/v1/assigner/default") + query, "");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.response.body, StartsWith("Bad Request: \"profile_uuid\""));
  }
  put("/v1/assigner/fresh?profile_uuid=95C2189CA0EFB3272AC8B3C66201F330", "");
  EXPECT_EQ(get("/v1/assigner/fresh").text("profile_uuid"), "95C2189CA0EFB3272AC8B3C66201F330");
}

TEST_F(NanoDep, ABypassCodeHasThreeForms) {
  const std::string all =
      R"({"raw":"1ea841db5edfafe6075b5ae0d845d254","code":"3UM43-PUYVY-QYD1-UVCC-HEHJ-FKA4",)"
      R"("hash":"6ab40d5eabe7218ec04182f461005600c7e3426bddd82cdb405bde9a1e0014b5"})"
      "\n";
  EXPECT_EQ(get("/v1/bypasscode?raw=1ea841db5edfafe6075b5ae0d845d254").response.body, all);
  EXPECT_EQ(get("/v1/bypasscode?raw=&code=3UM43-PUYVY-QYD1-UVCC-HEHJ-FKA4").response.body, all);
  EXPECT_NE(get("/v1/bypasscode").text("raw"), get("/v1/bypasscode").text("raw"));
  for (const char* query : {"raw=1ea8", "code=3UM43", "raw=1ea841db5edfafe6075b5ae0d845d254&code=3UM43"})
    EXPECT_EQ(get(std::string("/v1/bypasscode?") + query).status, 400) << query;
}

TEST_F(NanoDep, ThereIsNoMaidTokenWithoutAKeyPair) {
  const auto answer = get("/v1/maidjwt/default?server_uuid=677CAB70FE1811E2B7780800200C9A66");
  EXPECT_EQ(answer.status, 409);
  EXPECT_THAT(answer.error(), HasSubstr("GET /v1/tokenpki/default"));
  EXPECT_EQ(get("/v1/maidjwt/default?server_uuid=a%0d%0ab").status, 400);
}

TEST_F(NanoDep, DevicesHaveApplesKeys) {
  add_device("A", "pushed", "95C2189CA0EFB3272AC8B3C66201F330");
  change_device("A", [](Device& d) {
    d.facts.model = "MacBook Pro";
    d.facts.family = "Mac";
    d.facts.other = R"({"mdm_migration_deadline":"2027-01-01T00:00:00Z"})";
    d.last_operation = DeviceReport::Operation::added;
    d.last_op_date = parse_rfc3339("2026-03-01T09:00:00Z");
  });
  EXPECT_EQ(get("/v1/devices").response.body,
            R"({"devices":[{"dep_name":"default","device_family":"Mac","model":"MacBook Pro",)"
            R"("op_date":"2026-03-01T09:00:00Z","op_type":"added","profile_status":"pushed",)"
            R"("profile_uuid":"95C2189CA0EFB3272AC8B3C66201F330","serial_number":"A",)"
            R"("mdm_migration_deadline":"2027-01-01T00:00:00Z"}]})"
            "\n");
}

TEST_F(NanoDep, DevicesAreListedByAccountAndSerial) {
  for (const char* serial : {"B", "A", "C", "LEFT"}) add_device(serial);
  change_device("LEFT", [&](Device& d) {
    d.tombstone = Tombstone{Tombstone::Reason::deleted, clock_.now()};
  });
  EXPECT_THAT(serials(), ElementsAre("default/A", "default/B", "default/C"));
  EXPECT_THAT(serials("?dep_name=default&serial=C&serial=a&serial=LEFT&serial=X&"),
              ElementsAre("default/A", "default/C"));
  EXPECT_THAT(serials("?serial=A&serial=B&serial=C&offset=1&limit=1"), ElementsAre("default/B"));
  EXPECT_THAT(serials("?offset=1&limit=1"), ElementsAre("default/B"));
  EXPECT_THAT(serials("?offset=3"), IsEmpty());
  EXPECT_THAT(serials("?dep_name=nowhere"), IsEmpty());
  for (const char* query : {"?limit=0", "?offset=x", "?serial=%20x%20y", "?account=default"})
    EXPECT_EQ(get(std::string("/v1/devices") + query).status, 400) << query;
}

TEST_F(NanoDep, AHundredDevicesAreAPageAndMoreComeInPieces) {
  add_devices(1200);
  EXPECT_EQ(serials().size(), 100U);
  const auto all = serials("?limit=5000");
  EXPECT_EQ(all.size(), 1200U);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
  EXPECT_EQ(serials("?limit=5000&offset=700"), std::vector<std::string>(all.begin() + 700, all.end()));
}

TEST_F(NanoDep, DevicesAreRemovedByDepName) {
  for (const char* serial : {"A", "B"}) add_device(serial);
  const auto answer = del("/v1/devices?dep_name=default&serial=A&serial=UNKNOWN&");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.response.body, "");
  EXPECT_THAT(serials(), ElementsAre("default/B"));
  EXPECT_EQ(del("/v1/devices?dep_name=default").status, 204) << "none are named";
  EXPECT_THAT(serials(), ElementsAre("default/B"));
  EXPECT_EQ(del("/v1/devices?dep_name=nowhere&serial=B").status, 404);
  EXPECT_EQ(del("/v1/devices?dep_name=&serial=B").status, 404);
  EXPECT_EQ(del("/v1/devices?serial=B", R"({"serials":["B"]})").status, 400);
  EXPECT_EQ(del("/v1/devices?dep_name=default&account=other&serial=B").status, 400);
  EXPECT_EQ(del("/v1/devices?dep_name=default&serial=B", R"({"serials":["B"]})").status, 400);
  EXPECT_THAT(serials(), ElementsAre("default/B"));
}

TEST_F(NanoDep, RefusesInItsOwnForm) {
  const auto wrong_key = ask("GET", "/v1/tokens/default", "", "wrong");
  EXPECT_EQ(wrong_key.status, 401);
  EXPECT_EQ(wrong_key.response.headers.get("WWW-Authenticate"), "Basic realm=\"depserver\"");
  EXPECT_EQ(wrong_key.response.body, "the API key is wrong\n");
  EXPECT_EQ(type_of(wrong_key), "text/plain; charset=utf-8");
  const auto wrong_method = post("/v1/assigner/default", "");
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_THAT(wrong_method.response.body, HasSubstr("use GET, PUT\n"));
  EXPECT_EQ(type_of(wrong_method), "text/plain; charset=utf-8");
  EXPECT_EQ(wrong_method.response.headers.get("Allow"), "GET, PUT");
  EXPECT_EQ(ask("DELETE", "/v1/devices", "", "wrong").response.headers.get("WWW-Authenticate"),
            "Basic realm=\"micromdm\"");
  EXPECT_EQ(
      ask("DELETE", "/v1/devices?dep_name=default", "", "wrong").response.headers.get("WWW-Authenticate"),
      "Basic realm=\"depserver\"");
}

}  // namespace
}  // namespace muster::api
