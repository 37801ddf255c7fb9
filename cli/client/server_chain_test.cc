#include "cli/client/server_chain.h"

#include <gtest/gtest.h>

#include "base/os/files.h"
#include "cli/client/certificate.h"
#include "http/server/server.h"
#include "tests/support/certificate.h"
#include "tests/support/temp_dir.h"

namespace muster::cli {
namespace {

class ServerChain : public testing::Test {
 protected:
  void SetUp() override {
    http::ServerOptions options;
    options.address = {"127.0.0.1", 0};
    options.tls = http::TlsFiles{files_.certificate, files_.key};
    options.workers = 1;
    auto started = http::Server::start(options, [](const http::Request&) { return http::Response{}; });
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
  }
  ServerConfig config(bool skip_verify) const {
    return {"key", "https://127.0.0.1:" + std::to_string(server_->port()), skip_verify};
  }

  const test::TempDir directory_;
  const test::CertificateFiles files_ = test::make_certificate(directory_.path());
  std::unique_ptr<http::Server> server_;
};

TEST_F(ServerChain, IsWhatTheServerShows) {
  const auto chain = chain_of_server(config(true));
  ASSERT_TRUE(chain) << chain.error().text();
  EXPECT_EQ(*certificates_of_pem(*read_file(files_.certificate)), *chain);
}

TEST_F(ServerChain, IsNotTakenFromAServerThatIsNotTrusted) {
  const auto chain = chain_of_server(config(false));
  ASSERT_FALSE(chain);
  EXPECT_EQ(Code::unreachable, chain.error().code);
  EXPECT_NE(std::string::npos, chain.error().hint.find("-skip-verify"));
}

TEST_F(ServerChain, NeedsHttps) {
  const auto chain = chain_of_server({"key", "http://127.0.0.1:1", false});
  ASSERT_FALSE(chain);
  EXPECT_EQ(Code::invalid, chain.error().code);
}

}  // namespace
}  // namespace muster::cli
