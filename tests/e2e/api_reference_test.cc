// The examples of docs/api.md that call the server with curl: each works as it stands there.
#include <gmock/gmock.h>

#include <sstream>

#include "base/os/files.h"
#include "base/text/json.h"
#include "tests/e2e/world/transcript.h"
#include "tests/e2e/world/world.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

class ApiReference : public World {
 protected:
  void SetUp() override {
    start_depsim({"-accounts", "default,school"});
    depsim().devices("add", {{"serials", {"C02ABC", "C02DEF"}}, {"baseline", true}});
    start_muster();
    await_baseline(2);
    write("token.json", write_json(depsim().get("/control/accounts/school/token")));
    run_well(
        "curl -sS -u micromdm:$APIKEY -X PUT $SERVER_URL/api/v1/accounts/school -d \"{\\\"token\\\": $(cat "
        "token.json)}\"");
    uuid_ = define_profile({}, "iPads");
    call("PUT", "/api/v1/rules", R"({"filter": "model ~ *", "name": "ipads", "profile_name": "iPads"})");
  }

  std::string revision() const {
    return boost::json::serialize(parse_json(call("GET", "/api/v1/config").body).value().at("revision"));
  }

  std::string uuid_;
};

TEST_F(ApiReference, ItsCallsSucceed) {
  std::istringstream lines(read_file(source("docs/api.md")).value());
  size_t seen = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("    curl ")) continue;
    ++seen;
    for (std::string more; line.ends_with('\\') && std::getline(lines, more);)
      line = line.substr(0, line.size() - 1) + more;
    auto command = replace_all(line.substr(4), "curl ", "curl -sS -o answer -w '%{http_code}' ");
    command = replace_all(replace_all(command, "\"UUID\"", "\"" + uuid_ + "\""), "12}", revision() + "}");
    if (line.find("/api/v1/events") != std::string::npos)
      command = replace_all(command, "curl ", "curl -m 1 ");
    const auto result = run(command, {{"KEY", kApiKey}, {"HOST", muster().url()}});
    EXPECT_EQ(result.out, "200") << line << "\n" << read("answer") << result.err;
  }
  EXPECT_GE(seen, 10U);
}

}  // namespace
}  // namespace muster::test
