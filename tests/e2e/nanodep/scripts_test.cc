// What NanoDEP's scripts in tools/ do, with curl and jq, one after the other as somebody who begins with it
// would: each line makes the request of one script, byte for byte.
#include <gmock/gmock.h>

#include "base/text/json.h"
#include "tests/e2e/world/transcript.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kName = "mdmserver1";

class NanoDepScripts : public World {
 protected:
  void SetUp() override {
    start_depsim({"-accounts", "default,mdmserver1"});
    depsim().devices("add", {{"account", kName}, {"serials", {"C02NANO1", "C02NANO2"}}, {"baseline", true}});
    start_muster();
  }

  /// The account's first sync: the default account's may end meanwhile.
  void await_sync(size_t mark) {
    muster().await("sync.done", mark, [](const LogLine& line) { return line.field("account") == kName; });
  }

  /// A line with the variables that the scripts need.
  std::string script(const std::string& line) {
    const auto result = run(line, {{"BASE_URL", muster().url()}, {"DEP_NAME", kName}});
    EXPECT_EQ(result.exit, 0) << line << "\n" << result.err;
    return result.out;
  }

  /// The scripts that begin with cfg-: the answer.
  std::string cfg(const std::string& arguments, const std::string& path) {
    return script("curl -sS -u \"depserver:$APIKEY\" " + arguments + " \"${BASE_URL}" + path + "\"");
  }
  /// Those that begin with dep-: the body is what jq makes of its arguments.
  std::string dep(const std::string& method, const std::string& endpoint, const std::string& jq) {
    return script("jq -n " + jq + " | curl -sS -u \"depserver:$APIKEY\" -X " + method +
                  " -H 'Content-type: application/json;charset=UTF8' --data-binary @- -A \"nanodep-tools/0\" "
                  "\"${BASE_URL}/proxy/${DEP_NAME}" +
                  endpoint + "\"");
  }

  // cfg-get-cert.sh and cfg-decrypt-tokens.sh, with the portal between them.
  std::string connect(const std::string& force = "") {
    write("cert.pem", cfg("", "/v1/tokenpki/${DEP_NAME}?cn=depserver&validity_days=1"));
    write("token.p7m", depsim().make_token_file(read("cert.pem"), kName));
    const auto token = depsim().get(std::string("/control/accounts/") + kName + "/token");
    for (const char* secret : {"consumer_secret", "access_token", "access_secret"})
      add_secret(std::string(token.at(secret).as_string()));
    return cfg("-T token.p7m", "/v1/tokenpki/${DEP_NAME}?force=" + force);
  }
  // dep-define-profile.sh
  std::string define(const std::string& document) {
    write("profile.json", document);
    return script(
        "curl -sS -u \"depserver:$APIKEY\" -X POST -H 'Content-type: application/json;charset=UTF8' -T profile.json "
        "\"${BASE_URL}/proxy/${DEP_NAME}/profile\"");
  }
  static std::string uuid_of(const std::string& answer) {
    return std::string(parse_json(answer)->at("profile_uuid").as_string());
  }
  // The device as Muster knows it.
  boost::json::value known(const std::string& serial) const {
    return parse_json(call("GET", std::string("/api/v1/devices/") + kName + "/" + serial).body)->at("device");
  }
};

TEST_F(NanoDepScripts, TakeAnOrganisationFromTheFirstKeyToADeviceWithAProfile) {
  const size_t mark = muster().mark();
  const auto token = connect();
  EXPECT_THAT(token, HasSubstr(R"({"consumer_key":"CK_)"));
  EXPECT_THAT(run_well("openssl x509 -in cert.pem -noout -subject"), HasSubstr("CN = depserver"));
  EXPECT_EQ(cfg("", "/v1/tokens/${DEP_NAME}"), token);
  EXPECT_EQ(cfg("", "/v1/dep_names?dep_name=${DEP_NAME}"), "{\"dep_names\":[\"mdmserver1\"]}\n");
  await_sync(mark);

  // dep-account-detail.sh
  const auto account =
      parse_json(script("curl -sS -u depserver:$APIKEY \"${BASE_URL}/proxy/${DEP_NAME}/account\""));
  EXPECT_EQ(account->at("server_name"), "depsim mdmserver1");

  const auto uuid = uuid_of(define(
      R"({"profile_name": "Everyone", "url": "https://mdm.example.org/enroll", "devices": ["C02NANO1"]})"));
  EXPECT_EQ(depsim().profile_of("C02NANO1"), uuid);
  // dep-get-profile.sh
  const auto profile = parse_json(cfg("", "/proxy/${DEP_NAME}/profile?profile_uuid=" + uuid));
  EXPECT_EQ(profile->at("profile_name"), "Everyone");
  EXPECT_EQ(profile->at("profile_uuid"), boost::json::string(uuid));

  // dep-assign-profile.sh
  const auto assigned =
      dep("POST", "/profile/devices",
          "--arg profile_uuid " + uuid +
              " --arg devices 'C02NANO2 C02NOBODY1' '{profile_uuid: $profile_uuid, devices: "
              "($devices|split(\" \"))}'");
  EXPECT_EQ(assigned, R"({"profile_uuid":")" + uuid +
                          R"(","devices":{"C02NANO2":"SUCCESS","C02NOBODY1":"NOT_ACCESSIBLE"}})");
  EXPECT_EQ(known("C02NANO2").at("desired_by"), "manual");
  // dep-device-details.sh
  const auto details = parse_json(dep("POST", "/devices", "--arg device C02NANO2 '.devices = [$device]'"));
  EXPECT_EQ(details->at("devices").at("C02NANO2").at("profile_uuid"), boost::json::string(uuid));
  // dep-remove-profile.sh
  EXPECT_EQ(dep("DELETE", "/profile/devices", "--arg device C02NANO2 '.devices = [$device]'"),
            R"({"devices":{"C02NANO2":"SUCCESS"}})");
  EXPECT_EQ(depsim().profile_of("C02NANO2"), "");
  EXPECT_EQ(known("C02NANO2").at("desired_by"), "hold");

  // cfg-set-assigner.sh
  EXPECT_EQ(cfg("", "/v1/assigner/${DEP_NAME}"), "{}\n");
  EXPECT_EQ(cfg("-X PUT", "/v1/assigner/${DEP_NAME}?profile_uuid=" + uuid),
            "{\"profile_uuid\":\"" + uuid + "\"}\n");
  EXPECT_EQ(cfg("", "/v1/assigner/${DEP_NAME}"), "{\"profile_uuid\":\"" + uuid + "\"}\n");
  const auto arrived = depsim().add(1, kName).front();
  EXPECT_EQ(call("POST", std::string("/v1/dep/syncnow?wait=60&account=") + kName).status, 200);
  EXPECT_TRUE(comes_true([&] { return depsim().profile_of(arrived) == uuid; }));
}

TEST_F(NanoDepScripts, LockADevice) {
  connect();
  const auto code = parse_json(cfg("", "/v1/bypasscode"));
  const std::string escrow(code->at("hash").as_string());
  // dep-activation-lock.sh
  const std::string jq =
      "--arg device C02NANO1 --arg escrow_key " + escrow +
      " --arg lost_message '' '{ device: $device } + if $escrow_key != \"\" then { escrow_key: "
      "$escrow_key } else {} end + if $lost_message != \"\" then { lost_message: $lost_message } "
      "else {} end'";
  EXPECT_EQ(dep("POST", "/device/activationlock", jq),
            R"({"serial_number":"C02NANO1","response_status":"SUCCESS"})");
  EXPECT_EQ(dep("POST", "/device/activationlock", jq),
            R"({"serial_number":"C02NANO1","response_status":"DEVICE_ALREADY_LOCKED"})");
}

TEST_F(NanoDepScripts, IssueAMaidToken) {
  connect();
  // cfg-maidjwt.sh
  const auto answer = cfg("-i", "/v1/maidjwt/${DEP_NAME}");
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/jwt\r\n"));
  const auto server_uuid =
      script("curl -sS -u depserver:$APIKEY \"${BASE_URL}/proxy/${DEP_NAME}/account\" | jq -rj .server_uuid");
  EXPECT_THAT(answer, HasSubstr("X-Server-Uuid: " + server_uuid + "\r\n"));
  EXPECT_THAT(answer, HasSubstr("X-Jwt-Jti: "));
  // The signature is that of the certificate that the token was made for, also while the next one is in the
  // portal.
  cfg("", "/v1/tokenpki/${DEP_NAME}?cn=depserver&validity_days=1");
  EXPECT_EQ(
      script(
          "curl -sS -u \"depserver:$APIKEY\" \"${BASE_URL}/v1/maidjwt/${DEP_NAME}\" > jwt && "
          "cut -d. -f1-2 jwt | tr -d '\\n' > signed && "
          "cut -d. -f3 jwt | tr -d '\\n' | tr -- '-_' '+/' | sed 's/$/==/' | base64 -d 2>/dev/null > signature; "
          "openssl x509 -in cert.pem -noout -pubkey > public.pem && "
          "openssl dgst -sha256 -verify public.pem -signature signature signed"),
      "Verified OK\n");
}

// Those of pull request 153.
TEST_F(NanoDepScripts, ListAndRemoveDevices) {
  const size_t mark = muster().mark();
  connect();
  await_sync(mark);
  const std::string list = "/v1/devices?dep_name=${DEP_NAME}&serial=C02NANO1&serial=C02NANO2&";
  EXPECT_EQ(script("curl -sS -u \"depserver:$APIKEY\" -A \"nanodep-tools/0\" \"${BASE_URL}" + list +
                   "\" | jq -r '.devices[] | \"\\(.dep_name) \\(.serial_number) \\(.profile_status)\"'"),
            "mdmserver1 C02NANO1 empty\nmdmserver1 C02NANO2 empty\n");
  EXPECT_THAT(cfg("-i -X DELETE", "/v1/devices?dep_name=${DEP_NAME}&serial=C02NANO1&"),
              StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_EQ(script("curl -sS -u \"depserver:$APIKEY\" \"${BASE_URL}" + list +
                   "\" | jq -r '.devices[].serial_number'"),
            "C02NANO2\n");
}

TEST_F(NanoDepScripts, RefuseATokenOfAnotherServiceUnlessForced) {
  connect();
  write("cert.pem", cfg("", "/v1/tokenpki/${DEP_NAME}"));
  write("other.p7m", depsim().make_token_file(read("cert.pem"), kName, "consumer=new"));
  const auto token = depsim().get(std::string("/control/accounts/") + kName + "/token");
  for (const char* secret : {"consumer_secret", "access_token", "access_secret"})
    add_secret(std::string(token.at(secret).as_string()));
  const std::string import = "/v1/tokenpki/${DEP_NAME}?force=";
  EXPECT_EQ(cfg("-T other.p7m", import), "{\"error\":\"mismatched consumer key\"}\n");
  write("token.json", write_json(token));
  EXPECT_EQ(cfg("-T token.json", "/v1/tokens/${DEP_NAME}"), "{\"error\":\"mismatched consumer key\"}\n");
  const std::string consumer_key(token.at("consumer_key").as_string());
  EXPECT_THAT(cfg("-T token.json", "/v1/tokens/${DEP_NAME}?force=1"), HasSubstr(consumer_key));
  EXPECT_THAT(cfg("-T other.p7m", import + "1"), HasSubstr(consumer_key));
  EXPECT_THAT(cfg("-T other.p7m", import), HasSubstr(consumer_key)) << "it is the account's own by now";
}

TEST_F(NanoDepScripts, AreRefusedAsByNanoDep) {
  const auto without_key = script("curl -sS -i \"${BASE_URL}/v1/tokens/${DEP_NAME}\"");
  EXPECT_THAT(without_key, StartsWith("HTTP/1.1 401 Unauthorized\r\n"));
  EXPECT_THAT(without_key, HasSubstr("WWW-Authenticate: Basic realm=\"depserver\"\r\n"));
  EXPECT_THAT(without_key, HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
  const auto wrong_method = cfg("-i -X POST", "/v1/tokens/${DEP_NAME}");
  EXPECT_THAT(wrong_method, StartsWith("HTTP/1.1 405 Method Not Allowed\r\n"));
  EXPECT_THAT(wrong_method, HasSubstr("Content-Type: text/plain; charset=utf-8\r\n"));
  const auto no_value = cfg("-i -X PUT", "/v1/assigner/${DEP_NAME}");
  EXPECT_THAT(no_value, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
  const auto no_token = cfg("-i", "/proxy/default2/account");
  EXPECT_THAT(no_token, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(script("curl -sS \"${BASE_URL}/version\""), StartsWith("{\"version\":\""));
}

}  // namespace
}  // namespace muster::test
