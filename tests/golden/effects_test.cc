// No command reports success for what it did not do: every flag of every command, beside every other one,
// changes what is sent, printed or written, or is refused. The flags are those that the commands declare; a
// new one needs a sample value here.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/guarded.h"
#include "base/os/files.h"
#include "base/text/json.h"
#include "cli/client/config.h"
#include "cli/manual/flags_of.h"
#include "cli/run.h"
#include "http/server/server.h"
#include "tests/golden/golden_file.h"
#include "tests/support/certificate.h"
#include "tests/support/temp_dir.h"

namespace muster::golden {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUuid = "DB16B4C6AAD140D190D86AB80F168023";

// Answers whatever mdmctl asks for with something that it can print.
class AnyServer {
 public:
  AnyServer() {
    http::ServerOptions options;
    options.address = {"127.0.0.1", 0};
    options.workers = 1;
    server_ = *http::Server::start(options, [this](const http::Request& request) { return answer(request); });
  }
  ~AnyServer() { server_->stop(std::chrono::milliseconds(1000)); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

  /// What was asked since the last call; the answers begin anew.
  std::string take_requests() {
    asked_ = 0;
    return requests_.with([](std::string& text) { return std::exchange(text, {}); });
  }

 private:
  http::Response answer(const http::Request& request) {
    requests_.with([&](std::string& text) {
      text += request.method + " " + request.target + " " + request.body + "\n";
    });
    ++asked_;
    http::Response response;
    response.headers.add("Content-Type", "application/json");
    response.body = request.path == "/api/v1/backup"
                        ? std::string("SQLite format 3") + '\0' + std::string(100, 'x')
                        : write_json(body_for(request));
    return response;
  }

  static std::string make_der() {
    const test::TempDir directory;
    std::string pem = read_file(test::make_certificate(directory.path()).certificate).value_or("");
    pem = pem.substr(pem.find('\n'), pem.find("-----END") - pem.find('\n'));
    std::erase(pem, '\n');
    return pem;
  }

  boost::json::object body_for(const http::Request& request) const {
    const boost::json::object device{{"serial_number", "C00000000001"}, {"response_status", "SUCCESS"}};
    const boost::json::object rule{
        {"name", "lab"}, {"filter", "*"}, {"profile_uuid", kUuid}, {"scope", "new"}};
    const boost::json::object profile{
        {"name", "lab"}, {"version", 2}, {"current", true}, {"profile_uuid", kUuid}};
    boost::json::object body{
        {"dep_tokens",
         {{{"consumer_key", std::string(80, 'K')},
           {"consumer_secret", "S"},
           {"access_secret", "S"},
           {"access_token_expiry", "2030-01-01T00:00:00Z"}}}},
        {"public_key", der_},
        {"org_name", "Example Inc"},
        {"profile_uuid", kUuid},
        {"name", "lab"},
        {"version", 2},
        {"before", {{"version", 1}, {"devices", 1}}},
        {"applied", true},
        {"plan",
         {{"changes", 1},
          {"adopted", 0},
          {"groups", {{{"devices", 1}, {"from", ""}, {"to", kUuid}}}},
          {"devices", {{{"serial_number", "C00000000001"}, {"to", kUuid}}}}}},
        {"rule", rule},
        {"rules", {rule}},
        {"autoassigners", {rule}},
        {"profiles", {profile}},
        {"versions", {profile}},
        {"lists", {{{"name", "lab"}, {"size", 1}}}},
        {"serials", {"C00000000001"}},
        {"entries", {{{"number", 1}, {"action", "rule.saved"}}}},
        {"keys", {{{"name", "ci"}, {"accounts", {"school"}}}}},
        {"webhooks", {{{"name", "chat"}, {"topics", {"device.gone"}}}}},
        {"deliveries", {{{"number", 1}, {"type", "device.gone"}}}},
        {"dead_letters", {{{"number", 1}, {"type", "device.gone"}}}},
        {"accepted", true},
        {"notes", {{{"serial_number", "C00000000001"}, {"name", "Cart"}}}},
        {"accounts", {{{"name", "school"}, {"state", "ok"}}, {{"name", "default"}, {"state", "ok"}}}},
        {"history", {{{"at", "2026-01-01T00:00:00Z"}, {"kind", "arrived"}}}},
        {"device", device},
        {"devices", {device}},
        {"revision", 7},
        {"sync_id", 1},
        {"done", true},
        {"state", asked_ > 1 ? "done" : "running"},
        {"held", 1},
        {"waiting", 0},
        {"assigner_profile_uuid", kUuid},
        {"parts", {{{"part", "account"}, {"result", "imported"}}}},
        {"released", 1},
    };
    const bool by_serial = request.path == "/v1/dep/devices" || request.path == "/v1/dep/profiles";
    if (by_serial) body["devices"] = {{"C00000000001", device}};
    if (request.path == "/v1/dep/profiles")
      body["devices"] = boost::json::object{{"C00000000001", "SUCCESS"}};
    if (request.path == "/api/v1/config")
      body = {{"revision", 7},
              {"rules", {rule}},
              {"lists", boost::json::array()},
              {"profiles", boost::json::array()}};
    return body;
  }

  const std::string der_ = make_der();
  std::unique_ptr<http::Server> server_;
  Guarded<std::string> requests_;
  std::atomic<int> asked_ = 0;
};

// A flag and its sample value; "" for a boolean.
struct Sample {
  std::string flag, value;
};

// What a command needs to do anything at all, and other ways to use it.
const std::multimap<std::string, std::vector<Sample>>& needed() {
  static const std::multimap<std::string, std::vector<Sample>> kNeeded = {
      {"config set", {{"name", "n"}, {"api-token", "t"}, {"server-url", "SERVER"}}},
      {"config switch", {{"name", "tests"}}},
      {"get device-list", {{"name", "lab"}}},
      {"apply", {{"f", "config.yaml"}}},
      {"apply api-key", {{"name", "ci"}, {"role", "read"}}},
      {"remove api-key", {{"name", "ci"}}},
      {"apply webhook", {{"name", "chat"}, {"new-secret", ""}}},
      {"apply webhook", {{"name", "chat"}, {"url", "https://example.org/hook"}}},
      {"apply webhook", {{"name", "chat"}, {"secret-file", "secret.txt"}}},
      {"get webhook-deliveries", {{"name", "chat"}}},
      {"get webhook-dead-letters", {{"name", "chat"}}},
      {"remove webhook", {{"name", "chat"}}},
      {"webhook test", {{"name", "chat"}}},
      {"webhook pause", {{"name", "chat"}}},
      {"webhook resume", {{"name", "chat"}}},
      {"webhook replay", {{"name", "chat"}, {"since", "2h"}}},
      {"webhook replay", {{"name", "chat"}, {"dead-letters", ""}}},
      {"apply dep-account", {{"name", "school"}}},
      {"apply dep-autoassigner", {{"uuid", kUuid}}},
      {"apply dep-autoassigner", {{"profile", "lab"}, {"filter", "family = iPad"}}},
      {"apply dep-profiles", {{"f", "profile.json"}}},
      {"apply dep-profiles", {{"f", "profile.json"}, {"validate", ""}}},
      {"apply dep-profiles", {{"template", ""}}},
      {"apply dep-tokens", {{"import", "token.p7m"}}},
      {"apply dep-tokens", {{"new-key", ""}}},
      {"get dep-profiles", {}},
      {"get dep-profiles", {{"uuid", kUuid}}},
      {"get dep-devices", {}},
      {"get dep-devices", {{"serials", "C00000000001"}}},
      {"apply device-list", {{"name", "lab"}, {"f", "serials.csv"}}},
      {"apply device-notes", {{"f", "notes.csv"}}},
      {"apply enrollment-webhook", {}},
      {"apply enrollment-webhook", {{"secret-file", "secret.txt"}}},
      {"apply enrollment-discovery", {{"url", "https://mdm.example.com/d"}}},
      {"disown dep-devices", {{"serials", "C00000000001"}, {"dry-run", ""}}},
      {"disown dep-devices", {{"serials", "C00000000001"}, {"i-know-this-is-permanent", ""}}},
      {"get bypass-code", {{"serial", "C00000000001"}}},
      {"get replacement", {{"serial", "C00000000001"}}},
      {"lock dep-devices", {{"serials", "C00000000001"}}},
      {"lock dep-devices", {{"f", "serials.csv"}}},
      {"import nanodep", {{"url", "SERVER"}, {"api-key", "k"}, {"names", "lab"}}},
      {"import nanodep", {{"storage", "file"}, {"dsn", "nanodep"}}},
      {"import micromdm", {{"url", "SERVER"}, {"api-token", "t"}}},
      {"export nanodep", {{"dsn", "nanodep"}, {"names", "lab"}}},
      {"remove dep-account", {{"name", "school"}}},
      {"remove device-list", {{"name", "lab"}}},
      {"remove devices", {{"serials", "C00000000001"}}},
      {"explain", {{"serial", "C00000000001"}}},
      {"hold", {{"serials", "C00000000001"}}},
      {"release", {{"serials", "C00000000001"}}},
      {"rollback dep-profile", {{"name", "lab"}}},
      {"backup", {{"o", "out.db"}}},
  };
  return kNeeded;
}

// A value other than the default for every flag that takes one.
std::string sample_of(const std::string& command, const cli::FlagText& flag) {
  static const std::map<std::string, std::string> kByCommand = {
      {"get config o", "json"},
      {"apply dep-account import", "token.p7m"},
      {"get dep-profiles f", "out.json"},
      {"get dep-profiles name", "lab"},
      {"remove dep-autoassigner filter", "family = iPad"},
      {"get device-notes o", "csv"},
      {"lock dep-devices f", "serials.csv"},
      {"webhook replay since", "7d"},
      {"import nanodep names", "school"},
  };
  static const std::map<std::string, std::string> kByName = {
      {"account", "school"},
      {"serials", "C00000000001"},
      {"serial", "C00000000001"},
      {"udid", "U1"},
      {"filter", "family = iPad"},
      {"uuid", kUuid},
      {"profile", "lab"},
      {"name", "lab"},
      {"priority", "7"},
      {"url", "https://example.org/other"},
      {"url-file", "url.txt"},
      {"topics", "device.gone"},
      {"accounts", "school"},
      {"format", "slack"},
      {"secret-file", "secret.txt"},
      {"overlap", "2h"},
      {"enroll-within", "14d"},
      {"scope", "all"},
      {"role", "operator"},
      {"expires", "90d"},
      {"since", "7d"},
      {"until", "2026-01-01T00:00:00Z"},
      {"who", "ci"},
      {"what", "rule"},
      {"limit", "50"},
      {"known", "3:abc"},
      {"url", "https://mdm.example.com/d"},
      {"message", "Call 555"},
      {"o", "json"},
      {"f", "profile.json"},
      {"anchor", "anchor.pem"},
      {"import", "token.p7m"},
      {"token-json", "token.json"},
      {"base-url", "http://127.0.0.1:1"},
      {"column", "serial"},
      {"at", "2026-01-01T00:00:00Z"},
      {"version", "1"},
      {"export-public-key", "key.pem"},
      {"api-token", "t"},
      {"api-key", "k"},
      {"storage", "file"},
      {"dsn", "nanodep"},
      {"names", "lab"},
      {"arrivals-within", "48h"},
      {"server-url", "http://127.0.0.1:1"},
      {"export-token", "token-out.json"},
  };
  const auto special = kByCommand.find(command + " " + flag.name);
  if (special != kByCommand.end()) return special->second;
  const auto found = kByName.find(flag.name);
  EXPECT_TRUE(flag.is_boolean || found != kByName.end())
      << "no sample value for -" << flag.name << " of " << command;
  return found == kByName.end() ? "" : found->second;
}

struct Outcome {
  int exit = 0;
  std::string out, err, requests, files;
  bool has_same_effect(const Outcome& other) const {
    return exit == other.exit && out == other.out && requests == other.requests && files == other.files;
  }
};

class Effects : public testing::Test {
 protected:
  Outcome run(const cli::Command& command, const std::vector<Sample>& samples) {
    const test::TempDir directory;
    const auto before = fs::current_path();
    fs::current_path(directory.path());
    arrange();
    server_.take_requests();
    auto words = split_words(command.name());
    for (const auto& [flag, value] : samples) {
      words.push_back("-" + flag);
      if (!value.empty()) words.push_back(value == "SERVER" ? server_.url() : value);
    }
    std::ostringstream out, err;
    const std::string home = directory.path();
    cli::Environment environment{
        .out = out,
        .err = err,
        .variable = [&](const std::string& name) { return name == "HOME" ? home : std::string(); },
        .read_stdin = [](size_t) -> Result<std::string> { return std::string(); }};
    Outcome outcome;
    outcome.exit = cli::run(words, environment);
    outcome.out = out.str();
    outcome.err = err.str();
    outcome.requests = server_.take_requests();
    for (const auto& entry : fs::recursive_directory_iterator("."))
      if (entry.is_regular_file())
        outcome.files += entry.path().string() + ":" + read_file(entry.path()).value_or("") + "\n";
    fs::current_path(before);
    return outcome;
  }

  void arrange() const {
    cli::Config config;
    config.active = "other";
    for (const char* name : {"tests", "other"})
      config.servers[name] = {.api_token = "long-enough-key", .server_url = server_.url()};
    ASSERT_TRUE(fs::create_directory(".micromdm"));
    // Not by write_file(), which waits for the disk: there are thousands of them.
    const auto put = [](const std::string& name, const std::string& text) {
      std::ofstream file(name, std::ios::binary);
      ASSERT_TRUE(file << text) << name;
    };
    put(".micromdm/servers.json", write_json(config.to_json()));
    put("config.yaml", "rules:\n  - name: new\n    filter: family = iPad\n    no_profile: true\n");
    put("profile.json",
        R"({"profile_name":"lab","url":"https://mdm.example.org/enroll","devices":["C00000000001"]})");
    put("token.p7m", "Content-Type: application/pkcs7-mime\n\nMIAG\n");
    put("token.json", R"({"consumer_key":"a","consumer_secret":"b","access_token":"c","access_secret":"d"})");
    put("url.txt", "https://example.org/file");
    put("secret.txt", "a-secret-of-24-characters");
    put("serials.csv", "serial\nC00000000001\n");
    put("notes.csv", "serial,owner\nC00000000001,Ada\n");
    put("anchor.pem", anchor_);
    ASSERT_TRUE(fs::create_directories("nanodep/dep_names"));
    put("nanodep/school.profile.txt", kUuid);
    put("nanodep/lab.profile.txt", kUuid);
  }

  static std::string text(const cli::Command& command, const std::vector<Sample>& samples) {
    std::string line = "mdmctl " + command.name();
    for (const auto& [flag, value] : samples) line += " -" + flag + (value.empty() ? "" : " '" + value + "'");
    return line;
  }

  AnyServer server_;
  const test::TempDir certificates_;
  const std::string anchor_ =
      read_file(test::make_certificate(certificates_.path()).certificate).value_or("");
};

std::vector<Sample> with(std::vector<Sample> samples, const Sample& more) {
  samples.push_back(more);
  return samples;
}

// These allow what may not happen: without an effect they say nothing untrue.
bool is_permission(const Sample& sample) { return sample.flag == "force" || sample.flag == "yes"; }

std::vector<std::pair<const cli::Command*, std::vector<Sample>>> uses() {
  std::vector<std::pair<const cli::Command*, std::vector<Sample>>> all;
  for (const auto& command : cli::commands()) {
    const auto [begin, end] = needed().equal_range(command.name());
    for (auto use = begin; use != end; ++use) all.emplace_back(&command, use->second);
    if (begin == end) all.emplace_back(&command, std::vector<Sample>());
  }
  return all;
}

TEST_F(Effects, EveryFlagHasOneOrIsRefused) {
  for (const auto& [command_of_use, base] : uses()) {
    const auto& command = *command_of_use;
    std::vector<Sample> optional;
    for (const auto& flag : cli::flags_of(command)) {
      const bool is_needed =
          std::any_of(base.begin(), base.end(),
                      [&, &name = flag.name](const Sample& sample) { return sample.flag == name; });
      if (!is_needed) optional.push_back({flag.name, sample_of(command.name(), flag)});
    }
    const auto plain = run(command, base);
    for (size_t i = 0; i < optional.size(); ++i) {
      const auto one = run(command, with(base, optional[i]));
      EXPECT_TRUE(is_permission(optional[i]) || one.exit == 1 || !one.has_same_effect(plain))
          << text(command, with(base, optional[i])) << "\n"
          << one.out << one.err;
      for (size_t k = i + 1; k < optional.size(); ++k) {
        const auto both = run(command, with(with(base, optional[i]), optional[k]));
        if (both.exit == 1) continue;
        const auto other = run(command, with(base, optional[k]));
        EXPECT_TRUE(is_permission(optional[k]) || !both.has_same_effect(one))
            << "-" << optional[k].flag << " has no effect in\n"
            << text(command, with(with(base, optional[i]), optional[k]));
        EXPECT_TRUE(is_permission(optional[i]) || !both.has_same_effect(other))
            << "-" << optional[i].flag << " has no effect in\n"
            << text(command, with(with(base, optional[i]), optional[k]));
      }
    }
  }
}

TEST_F(Effects, WhatIsGivenTwiceOrEmptyIsRefused) {
  for (const auto& command : cli::commands())
    for (const auto& flag : cli::flags_of(command)) {
      if (flag.is_boolean) continue;
      const auto value = sample_of(command.name(), flag);
      if (flag.name == "serials" || flag.name == "udid") continue;  // these add up
      const auto twice = run(command, {{flag.name, value}, {flag.name, value + "2"}});
      EXPECT_EQ(twice.exit, 1) << command.name() << " -" << flag.name;
      EXPECT_THAT(twice.err,
                  testing::AnyOf(testing::HasSubstr("given twice"), testing::HasSubstr("is not one of"),
                                 testing::HasSubstr("not a whole number")))
          << command.name() << " -" << flag.name;
      EXPECT_EQ(twice.requests, "");
    }
}

TEST_F(Effects, UnknownFlagsAndArgumentsAreRefused) {
  for (const auto& command : cli::commands()) {
    const auto flag = run(command, {{"nonsense", "x"}});
    EXPECT_EQ(flag.exit, 1) << command.name();
    EXPECT_THAT(flag.err, testing::HasSubstr("flag provided but not defined: -nonsense")) << command.name();
    EXPECT_EQ(flag.requests, "") << command.name();
  }
}

}  // namespace
}  // namespace muster::golden
