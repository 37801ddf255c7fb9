#include "cli/client/config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <iostream>

#include "base/os/files.h"
#include "tests/support/temp_dir.h"

namespace muster::cli {
namespace {

class ConfigFiles : public testing::Test {
 protected:
  Environment environment(std::map<std::string, std::string> variables) const {
    variables["HOME"] = home_.path();
    return {.out = std::cout,
            .err = std::cerr,
            .variable =
                [variables](const std::string& name) {
                  const auto found = variables.find(name);
                  return found == variables.end() ? "" : found->second;
                },
            .read_stdin = [](size_t) -> Result<std::string> { return std::string(); }};
  }
  ConfigFile file() const { return *ConfigFile::of_home(environment({})); }
  static unsigned mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(0, ::stat(path.c_str(), &status));
    return status.st_mode & 07777U;
  }

  const test::TempDir home_;
};

TEST_F(ConfigFiles, ComeBackAsTheyWereSaved) {
  Config config;
  config.active = "a";
  config.servers["a"] = {"token \"quoted\"", "https://a.example.org", true};
  ASSERT_TRUE(file().save(config));
  const auto loaded = file().load();
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ("a", loaded->active);
  EXPECT_EQ(config.servers, loaded->servers);
}

TEST_F(ConfigFiles, AreForTheirOwnerOnly) {
  ASSERT_TRUE(file().save({}));
  EXPECT_EQ(0600U, mode_of(file().path()));
  EXPECT_EQ(0700U, mode_of(home_.path() + "/.micromdm"));
}

TEST_F(ConfigFiles, OfMicroMdmAreRead) {
  ASSERT_TRUE(
      write_file(file().path(),
                 R"({"active":"p","servers":{"p":{"api_token":"k","server_url":"https://mdm.example.org/",)"
                 R"("skip_verify":false}}})"));
  EXPECT_EQ((ServerConfig{"k", "https://mdm.example.org", false}), *active_server(environment({})));
}

TEST_F(ConfigFiles, GiveWayToTheEnvironmentOnlyAsAWhole) {
  const auto both =
      active_server(environment({{"MDMCTL_SERVER_URL", "e.example.org"}, {"MDMCTL_API_TOKEN", "t"}}));
  ASSERT_TRUE(both) << both.error().text();
  EXPECT_EQ((ServerConfig{"t", "https://e.example.org", false}), *both);
  EXPECT_FALSE(active_server(environment({{"MDMCTL_SERVER_URL", "e.example.org"}})));
  EXPECT_FALSE(active_server(environment({{"MDMCTL_API_TOKEN", "t"}})));
}

TEST(ServerUrl, IsHttpsUnlessItSaysOtherwise) {
  EXPECT_EQ("https://a.example.org:8443", *server_url_of("a.example.org:8443/"));
  EXPECT_EQ("http://127.0.0.1:8080", *server_url_of("http://127.0.0.1:8080"));
  EXPECT_FALSE(server_url_of(""));
  EXPECT_FALSE(server_url_of("ftp://a"));
  EXPECT_FALSE(server_url_of("https://"));
}

}  // namespace
}  // namespace muster::cli
