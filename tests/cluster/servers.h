// Several servers on one PostgreSQL database, with some accounts.
#pragma once

#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/world.h"
#include "tests/support/postgres_cluster.h"

namespace muster::test {

using namespace std::chrono_literals;

inline constexpr int kAccounts = 6;  // with the default one

class Servers : public World {
 protected:
  explicit Servers(std::string url = PostgresCluster::shared().new_database()) : url_(std::move(url)) {}

  void SetUp() override {
    for (int i = 0; i < kAccounts; ++i) names_.push_back(i == 0 ? "default" : fmt::format("a{}", i));
    start_depsim({"-accounts", fmt::format("{}", fmt::join(names_, ","))});
  }
  void TearDown() override {
    for (const auto& server : servers_)
      if (server) inspect_log_of(*server);
    World::TearDown();
  }

  void start(size_t count, const std::vector<std::string>& more = {}, const Environment& environment = {}) {
    for (size_t i = 0; i < count; ++i) {
      std::vector<std::string> flags = {"-depsim",
                                        depsim().url(),
                                        "-api-key",
                                        kApiKey,
                                        "-tls=false",
                                        "-http-addr",
                                        "127.0.0.1:0",
                                        "-sync-interval",
                                        "10s",
                                        "-database",
                                        url_,
                                        "-server-name",
                                        name_of(servers_.size())};
      flags.insert(flags.end(), more.begin(), more.end());
      servers_.push_back(std::make_unique<MusterServer>(flags, environment));
    }
  }
  static std::string name_of(size_t server) { return fmt::format("server-{}", server); }

  boost::json::value ask(size_t server, const std::string& method, const std::string& path,
                         const std::string& body = {}) {
    const auto answer = client_.send(api_request(servers_.at(server)->url(), kApiKey, method, path, body));
    if (!answer) throw std::runtime_error(answer.error().text());
    if (answer->status != 200) throw std::runtime_error(path + ": " + answer->body);
    return answer->body.empty() ? boost::json::value() : parse_json(answer->body).value();
  }
  // Adds the accounts at the first server, each with a rule for all that arrives.
  void add_accounts() {
    for (const auto& name : names_) {
      if (name != "default")
        ask(0, "PUT", "/api/v1/accounts/" + name,
            write_json({{"token", depsim().get("/control/accounts/" + name + "/token")}}));
      ask(0, "POST", "/v1/dep/syncnow?wait=60&account=" + name);  // the baseline
      const auto defined =
          ask(0, "PUT", "/v1/dep/profiles?account=" + name,
              write_json({{"profile_name", name}, {"url", "https://mdm.example.org/" + name}}));
      profiles_[name] = defined.at("profile_uuid").as_string();
      ask(0, "POST", "/v1/dep/autoassigners?account=" + name,
          write_json({{"filter", "*"}, {"profile_uuid", profiles_[name]}}));
    }
  }
  // How many accounts each living server works, as `server` tells.
  std::map<std::string, long long> shares(size_t server) {
    std::map<std::string, long long> shares;
    const auto answer = ask(server, "GET", "/api/v1/servers");
    for (const auto& each : answer.at("servers").as_array())
      if (each.at("state") == "alive")
        shares[std::string(each.at("name").as_string())] = each.at("accounts").as_int64();
    return shares;
  }
  bool are_shared(size_t server, const std::map<std::string, long long>& wanted) {
    const auto looks_so = [&] {
      try {
        return shares(server) == wanted;
      } catch (const std::exception&) {  // the database is not there
        return false;
      }
    };
    return eventually(looks_so, 60s);
  }
  // How it answers, whatever that is; 0 when it does not.
  std::pair<int, std::string> try_to(size_t server, const std::string& method, const std::string& path,
                                     const std::string& body = {}) {
    const auto answer = client_.send(api_request(servers_.at(server)->url(), kApiKey, method, path, body));
    return answer ? std::pair(answer->status, answer->body) : std::pair(0, answer.error().text());
  }
  bool are_assigned(long long count) {
    return eventually([&] { return assigned() == count; }, 60s);
  }
  void add_devices(long long of_each) {
    for (const auto& name : names_) depsim().add(of_each, name);
  }
  // Exchanges the account's token as in the portal: the old one does not work any more.
  void replace_token(size_t server, const std::string& account) {
    const auto tokens = ask(server, "GET", "/v1/dep-tokens?account=" + account);
    const auto certificate = base64_decode(std::string(tokens.at("public_key").as_string())).value();
    const auto file = depsim().make_token_file(certificate, account);
    ask(server, "PUT", "/v1/dep-tokens?account=" + account,
        write_json({{"p7m_content", base64_encode(file)}}));
  }
  long long assigned() {
    long long count = 0;
    for (const auto& name : names_) count += depsim().count_with(profiles_[name], name);
    return count;
  }
  /// Devices that were assigned what they had already.
  size_t repeated() { return depsim().get("/control/calls").at("repeated").as_array().size(); }

  std::string url_;
  std::vector<std::string> names_;
  std::map<std::string, std::string> profiles_;
  std::vector<std::unique_ptr<MusterServer>> servers_;
  http::Client client_;
};

}  // namespace muster::test
