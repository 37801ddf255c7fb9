// The server hands out its own description: docs/openapi.yaml, and the page made of it.
#include <gmock/gmock.h>

#include <regex>

#include "base/os/files.h"
#include "tests/e2e/world/described_api.h"
#include "tests/e2e/world/world.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using testing::HasSubstr;

class Description : public World {
 protected:
  void SetUp() override { start_muster(); }
  std::string page() const { return call("GET", "/api/docs").body; }
};

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const size_t at = text.find(begin) + begin.size();
  return text.substr(at, text.find(end, at) - at);
}

TEST_F(Description, IsTheFileOfTheDocuments) {
  EXPECT_TRUE(call("GET", "/api/v1/openapi.yaml").body == read_file(source("docs/openapi.yaml")).value());
}

TEST_F(Description, NeedsNoKey) {
  for (const char* path : {"/api/v1/openapi.yaml", "/api/docs"}) {
    const auto status = run_well(std::string("curl -sS -o answer -w '%{http_code}' $SERVER_URL") + path);
    EXPECT_EQ(status, "200") << path;
  }
}

TEST_F(Description, ThePageShowsEveryCallAndEveryMember) {
  const auto html = page();
  for (const auto& described : described_api().calls()) {
    const std::string id(described.operation->at("operationId").as_string());
    const auto section = between(html, "<section id=\"" + id + "\">", "</section>");
    EXPECT_THAT(section, HasSubstr("<code>" + described.method + " " + described.path + "</code>"));
    const auto* body = described.operation->if_contains("requestBody");
    if (!body) continue;
    const auto& content = described_api().resolved(*body).at("content").as_object();
    const auto* media = content.if_contains("application/json");
    if (!media) {
      EXPECT_THAT(section, HasSubstr("-T FILE")) << id;
      continue;
    }
    const auto* properties = described_api().resolved(media->at("schema")).if_contains("properties");
    for (const auto& [member, unused] : properties ? properties->as_object() : boost::json::object())
      EXPECT_THAT(section, HasSubstr("<code>" + std::string(member) + "</code>")) << id;
  }
}

TEST_F(Description, ThePageLinksOnlyToItselfAndTheFile) {
  const auto html = page();
  const std::regex attribute("(href|src|action)=\"([^\"]*)\"");
  size_t seen = 0;
  for (std::sregex_iterator at(html.begin(), html.end(), attribute), end; at != end; ++at, ++seen) {
    const std::string target = (*at)[2];
    if (target == "v1/openapi.yaml") continue;
    ASSERT_TRUE(target.starts_with('#')) << target;
    EXPECT_THAT(html, HasSubstr("id=\"" + target.substr(1) + "\"")) << "a link leads nowhere";
  }
  EXPECT_GE(seen, 80U);
  for (const char* loader : {"<script", "<link", "<img", "<iframe", "@import", "url("})
    EXPECT_EQ(html.find(loader), std::string::npos) << loader;
}

TEST_F(Description, ThePolicyAllowsTheStyleOfThePageAndNothingElse) {
  const auto answer = call("GET", "/api/docs");
  write("style", between(answer.body, "<style>", "</style>"));
  auto digest = run_well("openssl dgst -sha256 -binary style | base64");
  digest.pop_back();
  EXPECT_EQ(answer.headers.get("Content-Security-Policy"),
            "default-src 'none'; style-src 'sha256-" + digest +
                "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
}

}  // namespace
}  // namespace muster::test
