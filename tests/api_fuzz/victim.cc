#include "tests/api_fuzz/victim.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"

namespace muster::api_fuzz {
namespace {

using boost::json::object;

constexpr const char* kFlagKey = "key-of-the-fuzzed-server";
constexpr int kDevices = 40;
// A server with some hundred devices needs 30 MB; bodies may have 64 MB, and as much when they are parsed.
constexpr long long kMostMemory = 400'000;  // kB
constexpr std::ptrdiff_t kMostDescriptors = 200;

std::vector<std::string> flags(const std::string& depsim, const std::string& directory) {
  return {"-api-key",       kFlagKey, "-http-addr",   "127.0.0.1:0", "-tls=false", "-depsim", depsim,
          "-request-limit", "0",      "-config-path", directory,     "-log-level", "warn"};
}

long long resident_kb(pid_t pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stoll(line.substr(6));
  return 0;
}

std::ptrdiff_t descriptors(pid_t pid) {
  return std::distance(std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", pid)), {});
}

}  // namespace

Victim::Victim()
    : depsim_({"-accounts", "default,school", "-devices", std::to_string(kDevices)}),
      server_(std::make_unique<test::MusterServer>(flags(depsim_.url(), directory_.file("data")))) {
  for (const char* account : {"default", "school"})
    for (const auto& [name, secret] : depsim_.get(fmt::format("/control/accounts/{}/token", account)))
      if (name != "access_token_expiry" && name != "consumer_key")
        secrets_[fmt::format("{} of {}", std::string(name), account)] = std::string(secret.as_string());
  secrets_["the server's key"] = kFlagKey;
  keys_.push_back({"-api-key", kFlagKey, true});
  depsim_.devices("add", {{"serials", {"C02ABCDEFGH1", "C02ABCDEFGH2", "C02ABCDEFGH3", "C02ABCDEFGH4"}}});
  restore();
  const auto defined =
      send("PUT", "/v1/dep/profiles", {{"profile_name", "iPads"}, {"url", "https://mdm.example.org/enroll"}});
  profile_ = std::string(defined.at("profile_uuid").as_string());
  for (const auto& [role, account] : {std::pair("admin", "*"),
                                      {"admin", "school"},
                                      {"operator", "*"},
                                      {"operator", "default"},
                                      {"read", "*"},
                                      {"read", "school"},
                                      {"metrics", "*"}}) {
    const std::string name = fmt::format("fuzz-{}-{}", role, account[0] == '*' ? "all" : account);
    const auto made = send("PUT", "/api/v1/keys/" + name, {{"role", role}, {"accounts", {account}}});
    keys_.push_back({name, std::string(made.at("api_key").as_string()), role == std::string("admin")});
    secrets_["the key " + name] = keys_.back().text;
  }
  keys_.push_back({"wrong", "mst_wrong_key", false});
  keys_.push_back({"none", "", false});
}

object Victim::send(const std::string& method, const std::string& path, const object& body) {
  http::Client client;
  const auto answer = client.send(test::api_request(url(), kFlagKey, method, path, write_json(body)));
  if (!answer) throw std::runtime_error(method + " " + path + ": " + answer.error().text());
  const auto json = parse_json(answer->body);
  return json && json->is_object() ? json->get_object() : object();
}

void Victim::restore() {
  for (const char* account : {"default", "school"})
    send("PUT", fmt::format("/api/v1/accounts/{}", account),
         {{"token", depsim_.get(fmt::format("/control/accounts/{}/token", account))}, {"paused", false}});
  for (const char* account : {"default", "school"}) {
    const std::string of = fmt::format("?account={}", account);
    send("PUT", "/v1/dep/profiles" + of,
         {{"profile_name", "iPads"}, {"url", "https://mdm.example.org/enroll"}});
    send("PUT", "/api/v1/lists/lab" + of, {{"csv", "C02ABCDEFGH1\nC02ABCDEFGH2\n"}});
    send("PUT", "/api/v1/rules" + of,
         {{"filter", "family = iPad"}, {"name", "ipads"}, {"profile_name", "iPads"}});
    send("PUT", "/api/v1/rules" + of,
         {{"filter", "not serial in @lab"}, {"scope", "all"}, {"profile_name", "iPads"}});
  }
}

std::vector<std::string> Victim::end() {
  std::vector<std::string> faults;
  const long long memory = resident_kb(server_->pid());
  if (memory > kMostMemory) faults.push_back(fmt::format("the server has {} kB of memory", memory));
  if (const auto open = descriptors(server_->pid()); open > kMostDescriptors)
    faults.push_back(fmt::format("the server has {} descriptors open", open));
  if (server_->end_promptly() != 0)
    faults.push_back("the server does not stop well, or not within two seconds");
  const std::string log = server_->log();
  for (const auto& line : server_->events("internal.error")) faults.push_back(line.text());
  for (const auto& name : test::found_in(log, secrets_)) faults.push_back(name + " is in the log");
  return faults;
}

}  // namespace muster::api_fuzz
