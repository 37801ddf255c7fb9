#include "sim/faults/fault_script.h"

#include <gtest/gtest.h>

#include "base/os/files.h"
#include "sim/test_service.h"
#include "tests/support/temp_dir.h"

namespace muster::sim {
namespace {

std::string script(const test::TempDir& directory, const std::string& text) {
  const std::string path = directory.file("faults");
  EXPECT_TRUE(write_file(path, text));
  return path;
}

TEST(FaultScript, IsAFaultALine) {
  const test::TempDir directory;
  const auto faults = read_fault_script(script(directory, R"(# a bad morning

{"endpoint": "sync", "count": 3, "status": 503, "headers": {"Retry-After": "60"}}
  {"endpoint": "assign", "start": "10m", "for": "1h", "count": 0, "results": {"*": "THROTTLED"}}
)"));
  ASSERT_TRUE(faults) << faults.error().text();
  ASSERT_EQ(faults->size(), 2U);
  EXPECT_EQ(faults->at(0).status, 503);
  EXPECT_EQ(faults->at(1).start_ms, 600'000);
  EXPECT_EQ(faults->at(1).for_ms, 3'600'000);
}

TEST(FaultScript, NamesTheLineThatIsWrong) {
  const test::TempDir directory;
  for (const char* wrong : {"{\"endpont\": \"sync\"}", "{\"status\": 503", "[1]"}) {
    const auto path = script(directory, "# one\n{}\n" + std::string(wrong) + "\n{}\n");
    const auto faults = read_fault_script(path);
    ASSERT_FALSE(faults) << wrong;
    EXPECT_NE(faults.error().text().find(path + ":3"), std::string::npos) << faults.error().text();
  }
  EXPECT_EQ(read_fault_script(directory.file("none")).error().code, Code::not_found);
}

TEST(FaultScript, IsThereFromTheFirstCall) {
  const test::TempDir directory;
  const auto path = script(directory, R"({"endpoint": "account", "status": 418})");
  const auto options =
      parse_options({"-faults", path, "-fault", R"({"endpoint": "session", "status": 500})", "-fault",
                     R"({"endpoint": "session", "status": 501})", "-clock", "2026-03-01T09:00:00Z"});
  ASSERT_TRUE(options) << options.error().text();
  TestService service(*options);
  EXPECT_EQ(service.open(service.sign(service.token())).status, 500);
  EXPECT_EQ(service.open(service.sign(service.token())).status, 501);
  EXPECT_EQ(service.apple("GET", "/account").status, 418);
  EXPECT_EQ(text_at(service.control("GET", "/clock"), "now"), "2026-03-01T09:00:00.000Z");
  EXPECT_TRUE(service.control("GET", "/clock").at("frozen").as_bool());
}

TEST(FaultScript, OnTheCommandLineMustBeRight) {
  for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
           {"-fault", "{\"stat\": 1}"}, {"-faults", "/nowhere"}, {"-clock", "yesterday"}}) {
    const auto options = parse_options(wrong);
    ASSERT_FALSE(options) << wrong[0];
    EXPECT_NE(options.error().text().find(wrong[0] == "-faults" ? wrong[1] : wrong[0]), std::string::npos)
        << options.error().text();
  }
  Options options;
  options.faults.push_back(parse_fault(R"({"account": "school", "status": 500})").value());
  EXPECT_FALSE(Simulator::create(options)) << "there is no such account";
}

}  // namespace
}  // namespace muster::sim
