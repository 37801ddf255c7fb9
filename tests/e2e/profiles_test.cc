// The examples of docs/profiles.md; and the profile check compared with the independent rules of depsim.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "base/os/files.h"
#include "base/text/json.h"
#include "tests/e2e/world/transcript.h"
#include "tests/e2e/world/world.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using testing::HasSubstr;

// What every run shows differently: UUIDs and times that are made up, and who runs it.
std::string without_times(std::string text) {
  text = std::regex_replace(text, std::regex("\\b[0-9A-F]{32}\\b"), "UUID");
  text = std::regex_replace(text, std::regex("\\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z"), "TIME");
  return std::regex_replace(text, std::regex("TIME  .*"), "TIME  SOMEBODY");
}

class Profiles : public World {
 protected:
  // A file that the document shows is made; any other line is typed.
  void expect_example(const Example& example) {
    if (example.command.starts_with("cat ")) return write(example.command.substr(4), example.output);
    await_idle();  // users read before they type on: by then what the line before began is done
    const auto got = run("{ " + example.command + "; } 2>&1").out;
    EXPECT_EQ(without_times(example.output), without_times(got))
        << "docs/profiles.md:" << example.line << ": $ " << example.command;
  }
};

TEST_F(Profiles, AreAsTheDocumentShows) {
  auto text = read_file(source("docs/profiles.md"));
  ASSERT_TRUE(text) << text.error().text();
  // An example under an item of a list is indented twice.
  *text = std::regex_replace(*text, std::regex("\n    (    )+"), "\n    ");
  start_depsim();
  depsim().devices("add", {{"serials", to_json({"C00000000001", "C00000000002"})}});
  start_muster();
  await_baseline(2);
  const auto examples = examples_in(*text);
  ASSERT_GE(examples.size(), 16U);
  for (const auto& example : examples) expect_example(example);
}

// The files of the golden cases, by name.
std::map<std::string, std::string> golden_profiles() {
  static const std::string kPrefix = "profile_findings_";
  std::map<std::string, std::string> profiles;
  for (const auto& entry : std::filesystem::directory_iterator(source("tests/golden/cases"))) {
    const std::string name = entry.path().stem();
    if (!name.starts_with(kPrefix)) continue;
    std::istringstream lines(read_file(entry.path()).value_or(""));
    std::string* body = nullptr;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("== "))
        body = line.starts_with("== file ") ? &profiles[name.substr(kPrefix.size()) + "-" + line.substr(8)]
                                            : nullptr;
      else if (body)
        *body += line + "\n";
    }
  }
  return profiles;
}

// Apple's answer in an answer of the server, "" when it has none.
std::string word_in(const std::string& text) {
  std::smatch found;
  return std::regex_search(text, found, std::regex("\\b[A-Z]+_[A-Z_]+\\b")) ? found.str() : "";
}

TEST_F(Profiles, ThatAppleRejectsAreRejectedHereWithTheSameWord) {
  start_depsim({"-devices", "1"});
  start_muster();
  await_baseline(1);
  size_t refused = 0, taken = 0;
  std::set<std::string> stricter;
  for (const auto& [name, text] : golden_profiles()) {
    const auto answer = call("PUT", "/v1/dep/profiles", text);
    const auto checked = parse_json(call("POST", "/api/v1/profiles/validate", text).body);
    ASSERT_TRUE(checked) << name;
    const std::string findings = write_json(checked->at("findings"));
    if (answer.status == 200) {
      ++taken;
      if (!checked->at("valid").as_bool()) stricter.insert(name);
      continue;
    }
    ++refused;
    EXPECT_FALSE(checked->at("valid").as_bool()) << name << ": " << answer.body << findings;
    EXPECT_THAT(findings, HasSubstr(word_in(answer.body))) << name << ": " << answer.body;
  }
  // What Apple's documentation leaves open, and no device can do.
  EXPECT_THAT(stricter,
              testing::ElementsAre("certificates-cut.json", "certificates-hosts.json",
                                   "certificates-lines.json", "certificates-not_base64.json",
                                   "certificates-padding.json", "certificates-pem.json", "keys-twice.json",
                                   "urls-port.json", "urls-ports.json", "urls-web.json"));
  EXPECT_GE(refused, 30U);
  EXPECT_GE(taken, 15U);
}

TEST_F(Profiles, AreCheckedByTheServerToo) {
  start_depsim({"-devices", "1"});
  start_muster();
  const auto answer =
      call("POST", "/api/v1/profiles/validate", "{\"profile_name\": \"École\",\n \"is_supervized\": true}");
  EXPECT_EQ(200, answer.status);
  EXPECT_EQ(
      R"({"valid":false,"findings":[)"
      R"({"severity":"error","line":1,"column":1,"reason":"it is missing","apple_code":"CONFIG_URL_REQUIRED","key":"url",)"
      R"("remedy":"Give the address at which devices enroll, like \"https://mdm.example.org/enroll\""},)"
      R"({"severity":"warning","line":2,"column":2,"reason":"Apple's documentation has no such key",)"
      R"("key":"is_supervized","remedy":"Did you mean \"is_supervised\"?"}]})"
      "\n",
      answer.body);
  EXPECT_EQ(
      "{\"valid\":false,\"findings\":[{\"severity\":\"error\",\"line\":1,\"column\":1,\"reason\":\"it is empty\","
      "\"apple_code\":\"MALFORMED_REQUEST_BODY\",\"remedy\":\"`mdmctl apply dep-profiles -template` shows a profile's form\"}]}\n",
      call("POST", "/api/v1/profiles/validate").body);
}

}  // namespace
}  // namespace muster::test
