// No call of the API ignores what it is sent: over the table of all calls, a parameter or member that is
// unknown, given twice or of the wrong kind is refused, and every known one is read.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "api/routing/route_table.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using testing::HasSubstr;

// Parameters that may be any text, and how one that nobody has is answered.
const std::map<std::string, std::string> kTakeAnyText = {
    {"GET/api/v1/audit who", "{\"entries\":[]}\n"},
    {"GET/v1/dep_names dep_name", "{\"dep_names\":[]}\n"},
    {"GET/v1/devices dep_name", "{\"devices\":[]}\n"},
    {"GET/v1/tokenpki/{account} cn", "BEGIN CERTIFICATE"}};

class EveryCall : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "2"});
    start_muster();
    await_baseline(2);
  }

  static std::string path_of(const api::KnownCall& known) {
    std::string path = known.pattern;
    for (size_t at = 0; (at = path.find('{')) != std::string::npos;)
      path.replace(at, path.find('}') - at + 1, at > 4 && path.substr(at, 5) == "{acco" ? "default" : "x");
    return path;
  }
  http::Response send(const api::KnownCall& known, const std::string& query,
                      const std::string& body = {}) const {
    return call(known.method, path_of(known) + (query.empty() ? "" : "?" + query), body);
  }
  static std::string name_of(const api::KnownCall& known) { return known.method + " " + known.pattern; }
};

TEST_F(EveryCall, RefusesAnUnknownParameter) {
  for (const auto& known : api::known_calls()) {
    if (known.passes_on) continue;
    const auto answer = send(known, "nonsense=1");
    EXPECT_EQ(answer.status, 400) << name_of(known);
    EXPECT_THAT(answer.body, HasSubstr("unknown parameter \\\"nonsense\\\"")) << name_of(known);
  }
}

TEST_F(EveryCall, RefusesAParameterThatIsGivenTwice) {
  for (const auto& known : api::known_calls())
    for (const auto& parameter : known.parameters) {
      const auto& repeatable = known.repeatable;
      if (std::find(repeatable.begin(), repeatable.end(), parameter) != repeatable.end()) continue;
      const auto answer = send(known, parameter + "=1&" + parameter + "=1");
      EXPECT_EQ(answer.status, 400) << name_of(known) << " " << parameter;
      EXPECT_THAT(answer.body, HasSubstr("given twice")) << name_of(known) << " " << parameter;
    }
}

TEST_F(EveryCall, ReadsEveryParameter) {
  for (const auto& known : api::known_calls())
    for (const auto& parameter : known.parameters) {
      const auto answer = send(known, parameter + "=odd%20value%21");
      if (const auto with_any_text = kTakeAnyText.find(known.method + known.pattern + " " + parameter);
          with_any_text != kTakeAnyText.end()) {
        EXPECT_THAT(answer.body, HasSubstr(with_any_text->second)) << name_of(known) << " " << parameter;
        continue;
      }
      EXPECT_THAT(answer.status, testing::AnyOf(400, 404))
          << name_of(known) << " " << parameter << ": " << answer.body;
    }
}

TEST_F(EveryCall, RefusesAnUnknownMember) {
  for (const auto& known : api::known_calls()) {
    if (known.takes_document) continue;
    const auto answer = send(known, "", R"({"nonsense": 1})");
    EXPECT_EQ(answer.status, 400) << name_of(known);
    EXPECT_THAT(answer.body,
                HasSubstr(known.members.empty() ? "takes no body" : "unknown member \\\"nonsense\\\""))
        << name_of(known);
  }
}

TEST_F(EveryCall, RefusesADuplicateKey) {
  for (const auto& known : api::known_calls()) {
    if (known.members.empty()) continue;
    const auto& member = known.members.front();
    const auto answer = send(known, "", fmt::format(R"({{"{0}": null, "{0}": null}})", member));
    EXPECT_EQ(answer.status, 400) << name_of(known);
    EXPECT_THAT(answer.body, HasSubstr("duplicate key")) << name_of(known);
  }
}

TEST_F(EveryCall, ReadsEveryMember) {
  for (const auto& known : api::known_calls())
    for (const auto& member : known.members)
      for (const char* odd : {R"({"odd": 1})", R"([{"odd": 1}])", "5.5", "\"odd value!\""}) {
        const auto answer = send(known, "", fmt::format(R"({{"{}": {}}})", member, odd));
        EXPECT_THAT(answer.status, testing::AnyOf(400, 404, 409))
            << name_of(known) << " " << member << " " << odd << ": " << answer.body;
      }
}

// What MicroMDM and NanoMDM have beside enrollment profiles.
TEST_F(EveryCall, OfAnMdmServerIsAnsweredAsSuch) {
  for (const char* path :
       {"/v1/blueprints", "/v1/users", "/v1/apps", "/v1/commands", "/v1/commands/UDID", "/push/UDID",
        "/v1/devices/UDID/block", "/v1/profiles", "/v1/enqueue/UDID", "/mdm/checkin", "/scep"})
    for (const char* method : {"GET", "POST", "PUT", "DELETE"}) {
      const auto answer = call(method, path);
      EXPECT_EQ(answer.status, 404) << method << " " << path;
      EXPECT_THAT(answer.body, HasSubstr("belongs to your MDM server")) << method << " " << path;
    }
  EXPECT_THAT(call("GET", "/v1/scepter").body, HasSubstr("unknown path /v1/scepter"));
}

}  // namespace
}  // namespace muster::test
