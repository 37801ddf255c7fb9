// Every example of docs/openapi.yaml is sent, and answered with success as described. The calls of a tag are
// sent to one server, in the order of the file.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "tests/e2e/world/described_api.h"
#include "tests/e2e/world/transcript.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using boost::json::object;
using boost::json::value;

// What the examples name, and only this server knows; text in the examples -> text here.
using Replacements = std::map<std::string, std::string>;

std::string in_place_of(const Replacements& names, std::string text) {
  for (const auto& [from, to] : names) text = replace_all(std::move(text), from, to);
  return text;
}

std::string text_of(const value& example) {
  return example.is_string() ? std::string(example.get_string()) : boost::json::serialize(example);
}

std::vector<std::string> tags() {
  std::vector<std::string> names;
  for (const auto& tag : described_api().document().at("tags").as_array())
    names.emplace_back(tag.at("name").as_string());
  return names;
}

// The account `default` with all that the examples name, and an account `school`.
class OpenApiExamples : public World, public testing::WithParamInterface<std::string> {
 protected:
  // A backfill takes a thousand devices at a time; with more it can be paused.
  static constexpr int kManyDevices = 1500;
  static constexpr int kNamedDevices = 9;
  static constexpr const char* kUuid = "95C2189CA0EFB3272AC8B3C66201F330";
  static constexpr const char* kCursor = "MDowOjE3OTU0MzYyMjE";
  static constexpr const char* kTokenFile = "MIIGWgYJKoZIhvcNAQcDoIIGSzCCBkcCAQAxggEy";

  void SetUp() override {
    start_depsim({"-accounts", "default,school"});
    const bool needs_many = GetParam() == "Backfill";
    boost::json::array serials;
    for (int i = 0; i <= kNamedDevices; ++i)
      if (i != 1) serials.emplace_back(fmt::format("C02ABCDEFGH{}", i));
    depsim().devices("add", {{"serials", serials}, {"baseline", true}});
    depsim().devices("replace", {{"serial", "C02ABCDEFGH0"}, {"new_serial", "C02ABCDEFGH1"}});
    if (needs_many) depsim().devices("add", {{"count", kManyDevices}, {"baseline", true}});
    start_muster();
    await_baseline(kNamedDevices + (needs_many ? kManyDevices : 0));
    send("PUT", "/api/v1/accounts/school", {{"token", depsim().get("/control/accounts/school/token")}});
    for (const char* version : {"1", "2"})
      uuid_ = text_of(
          send(
              "PUT", "/v1/dep/profiles",
              {{"profile_name", "iPads"}, {"url", "https://mdm.example.org/enroll"}, {"department", version}})
              .at("profile_uuid"));
    send("PUT", "/api/v1/lists/lab", {{"csv", "C02ABCDEFGH1\nC02ABCDEFGH2\n"}});
    send("PUT", "/api/v1/rules", {{"filter", "family = iPad"}, {"name", "ipads"}, {"profile_name", "iPads"}});
    send("PUT", "/api/v1/rules", {{"filter", "family = Mac"}, {"name", "macs"}, {"profile_name", "iPads"}});
    send("PUT", "/api/v1/rules", {{"filter", "*"}, {"profile_name", "iPads"}});
    if (needs_many) begin_backfill();
    // So that the key of each call is the password of the MDM server.
    if (GetParam() == "Enrollments") send("PUT", "/api/v1/enrollment-webhook", {{"secret", kApiKey}});
    if (GetParam() == "Webhooks")
      for (const char* name : {"chat", "tickets"})
        send("PUT", std::string("/api/v1/webhooks/") + name, {{"url", "https://127.0.0.1.example/hook"}});
  }

  // Apple does not answer, so that it goes on as long as the test does.
  void begin_backfill() {
    depsim().hold("assign");
    send("PUT", "/api/v1/rules",
         {{"filter", "not serial in @lab"}, {"priority", 1}, {"scope", "all"}, {"profile_name", "iPads"}});
    ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));
  }

  boost::json::value send(const std::string& method, const std::string& path, const object& body) {
    const auto answer = call(method, path, write_json(body));
    if (answer.status != 200) throw std::runtime_error(path + ": " + answer.body);
    return parse_json(answer.body).value();
  }

  // A token file for the key of an account.
  std::string token_file(const std::string& account) {
    const auto keys = parse_json(call("GET", "/v1/dep-tokens?account=" + account).body).value();
    const auto der = base64_decode(keys.at("public_key").as_string());
    return base64_encode(depsim().make_token_file(*der, account));
  }

  std::string cursor_of_changes() {
    return text_of(send("POST", "/proxy/default/server/devices", {{"limit", 1000}}).at("cursor"));
  }

  // `path`: of the call, which may name the account.
  Replacements names_for(const std::string& path, const std::string& sent) {
    Replacements names{{kUuid, uuid_}};
    if (sent.find(kTokenFile) != std::string::npos) names[kTokenFile] = token_file("default");
    if (sent == kTokenFile) names[kTokenFile] = *base64_decode(names[kTokenFile]);  // as it is
    if (sent.find(kCursor) != std::string::npos) names[kCursor] = cursor_of_changes();
    if (sent.find("consumer_key") == std::string::npos) return names;
    const bool is_for_default = path.ends_with("/default");
    const auto token =
        depsim().get(fmt::format("/control/accounts/{}/token", is_for_default ? "default" : "school"));
    for (const auto& [member, example] : Replacements{{"consumer_key", "CK_48dd68d198350f51258e885ce9a5c37a"},
                                                      {"consumer_secret", "CS_7c4d7c7d9d27b0f1"},
                                                      {"access_token", "AT_9272a5c1b7ef0e3c"},
                                                      {"access_secret", "AS_c535da1a2f8b9e6d"}})
      names[example] = text_of(token.at(member));
    return names;
  }

  std::string revision() { return text_of(parse_json(call("GET", "/api/v1/config").body)->at("revision")); }

  // With this parameter beside those that it always has.
  void send_example(const DescribedCall& described, const object* more, const std::string& body) {
    std::string path = described.path, query;
    for (const auto& parameter : parameters_of(described)) {
      const std::string name(parameter->at("name").as_string());
      const std::string example = name == "revision" ? revision() : text_of(parameter->at("example"));
      const auto* required = parameter->if_contains("required");
      if (parameter->at("in") == "path")
        path.replace(path.find('{'), name.size() + 2, percent_encode(example));
      else if (parameter == more || name == "account" || (required && required->as_bool()))
        query += (query.empty() ? "?" : "&") + name + "=" +
                 percent_encode(in_place_of(Replacements{{kUuid, uuid_}}, example));
    }
    const auto answer = call(described.method, path + query, in_place_of(names_for(path, body), body));
    ++sent_;
    EXPECT_EQ(answer.status, 200) << described.method << " " << path << query << " " << body << "\n"
                                  << answer.body;
  }

  static std::vector<const object*> parameters_of(const DescribedCall& described) {
    std::vector<const object*> parameters;
    if (const auto* all = described.operation->if_contains("parameters"))
      for (const auto& parameter : all->as_array())
        parameters.push_back(&described_api().resolved(parameter));
    return parameters;
  }

  static std::vector<std::string> bodies_of(const DescribedCall& described) {
    const auto* body = described.operation->if_contains("requestBody");
    if (!body) return {""};
    const auto& content = described_api().resolved(*body).at("content").as_object();
    const auto* examples = content.begin()->value().as_object().if_contains("examples");
    if (!examples) return {""};
    std::vector<std::string> bodies;
    for (const auto& [name, example] : examples->as_object()) bodies.push_back(text_of(example.at("value")));
    return bodies;
  }

  // Parameters of a form of the call that has no body, all at once.
  void send_other_form(const DescribedCall& described) {
    std::string query;
    for (const auto* parameter : parameters_of(described))
      if (parameter->contains("x-other-form"))
        query += (query.empty() ? "?" : "&") + text_of(parameter->at("name")) + "=" +
                 text_of(parameter->at("example"));
    if (query.empty()) return;
    const auto answer = call(described.method, described.path + query);
    EXPECT_EQ(answer.status, 204) << described.method << " " << described.path << query << "\n"
                                  << answer.body;
  }

  std::string uuid_;
  int sent_ = 0;
};

TEST_P(OpenApiExamples, AreAnsweredAsDescribed) {
  for (const auto& described : described_api().calls()) {
    if (described.operation->at("tags").at(0) != value(GetParam())) continue;
    const auto bodies = bodies_of(described);
    for (const auto* parameter : parameters_of(described)) {
      const auto* required = parameter->if_contains("required");
      const bool is_always_sent = parameter->at("name") == "account" || (required && required->as_bool());
      const bool is_of_other_form = parameter->contains("x-other-form");
      if (!is_always_sent && !is_of_other_form) send_example(described, parameter, bodies.front());
    }
    for (const auto& body : bodies) send_example(described, nullptr, body);
    send_other_form(described);
  }
  EXPECT_GT(sent_, 1);
}

INSTANTIATE_TEST_SUITE_P(OfTag, OpenApiExamples, testing::ValuesIn(tags()), [](const auto& tag) {
  std::string name = tag.param;
  std::erase(name, ' ');
  return name;
});

}  // namespace
}  // namespace muster::test
