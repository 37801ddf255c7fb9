#include "tests/scenario/stage.h"

#include <fmt/format.h>

#include <csignal>

#include "base/text/flags.h"
#include "base/text/json.h"
#include "base/time/rfc3339.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/described_api.h"
#include "tests/scenario/failed.h"
#include "tests/support/eventually.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kApiKey = "key-of-the-scenarios";
constexpr const char* kStart = "2026-03-01T09:00:00Z";

std::string directory_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

// When an account is due at the latest: a time in whole seconds may have been cut.
Time latest(const std::string& date) {
  const auto time = parse_rfc3339(date);
  if (!time) throw Failed("\"" + date + "\" is no time");
  return date.find('.') == std::string::npos ? *time + 999ms : *time;
}

}  // namespace

Stage::Stage() : now_(*parse_rfc3339(kStart)), apple_({"-clock", kStart, "-auth-follows-clock"}) {}

void Stage::start_muster(const std::vector<std::string>& more_flags, bool with_token) {
  if (muster_) throw Failed("Muster runs already");
  std::vector<std::string> flags{"-api-key",     kApiKey,      "-http-addr",     "127.0.0.1:0", "-tls=false",
                                 "-config-path", path("data"), "-sync-interval", "1h"};
  if (with_token) flags.insert(flags.end(), {"-depsim", apple_.url()});
  flags.insert(flags.end(), more_flags.begin(), more_flags.end());
  muster_ = std::make_unique<MusterUnderTest>(now_ + wall_offset_, flags);
  run_well("mdmctl config set -name scenario -api-token \"$APIKEY\" -server-url \"$SERVER_URL\"");
  settle();
}

void Stage::stop_muster() {
  muster().send_signal(SIGTERM);
  if (const int exit = muster().wait_exit(); exit != 0)
    throw Failed(fmt::format("Muster ended with {}\n{}", exit, muster().output()));
  bury();
}

void Stage::kill_muster() {
  muster().send_signal(SIGKILL);
  muster().wait_exit();
  bury();
}

MusterUnderTest& Stage::muster() {
  if (!muster_) throw Failed("Muster does not run");
  return *muster_;
}

void Stage::bury() {
  old_logs_ += muster_->log();
  muster_.reset();
  stalled_.clear();
  must_die_ = false;
  death_fault_.reset();
}

void Stage::kill_when_apple_has(const std::string& endpoint, bool done) {
  const auto answer = apple_.post("/control/faults", {{"endpoint", endpoint},
                                                      {"when", done ? "after" : "before"},
                                                      {"deliver", "reset"},
                                                      {"delay_ms", kForeverMs}});
  death_fault_ = answer.at("id").as_int64();
  death_after_effect_ = done;
  must_die_ = true;
}

void Stage::kill_at(const std::string& point, long long passing) {
  muster().kill_at(point, passing);
  must_die_ = true;
}

void Stage::jump(Millis by) {
  if (muster_) muster_->jump(by);
  wall_offset_ += by;
}

void Stage::settle() {
  if (!muster_) return;
  bool was_quiet = false;
  const bool settled = eventually(
      [&] {
        if (!muster_->runs()) return true;
        if (death_fault_ && apple_.faults_are_used_up()) {
          const auto book = calls();
          const bool was_done = !book.empty() && book.back().as_object().contains("fault") &&
                                book.back().at("fault").as_int64() == *death_fault_;
          if (was_done || !death_after_effect_) muster_->send_signal(SIGKILL);
          return false;
        }
        return was_quiet = is_quiet();
      },
      kPatience);
  if (!settled) throw Failed("Muster does not come to rest: " + accounts_text());
  if (was_quiet && must_die_) throw Failed("Muster was to be killed, but has nothing more to do");
  if (was_quiet) return;
  const int exit = muster_->wait_exit();
  if (!must_die_ || exit != 128 + SIGKILL) {
    const std::string output = muster_->output();
    bury();
    throw Failed(fmt::format("Muster ended by itself, with {}\n{}", exit, output));
  }
  bury();
}

void Stage::set_apple_clock() {
  apple_.post("/control/clock", {{"set", format_rfc3339_millis(apple_now())}});
}

void Stage::put_apple_ahead(Millis ahead) {
  constexpr Millis kUsualSkew = std::chrono::minutes(5);  // of OAuth timestamps
  apple_ahead_ = ahead;
  apple_.put("/control/settings", {{"clock_skew", format_duration(ahead + kUsualSkew)}});
  set_apple_clock();
}

void Stage::pass(Millis duration) {
  const Time target = now_ + duration;
  settle();
  while (now_ < target) {
    std::optional<Time> next;
    if (muster_) is_quiet(&next);
    now_ = next ? std::min(target, *next) : target;
    set_apple_clock();
    if (muster_) muster_->advance_to(now_ + wall_offset_);
    settle();
  }
}

// False as well while the server dies. `next`: when the first account is due.
bool Stage::is_quiet(std::optional<Time>* next) const {
  const auto response = call("GET", "/api/v1/accounts");
  if (response.status != 200) return false;
  const auto answer = parse_json(response.body);
  for (const auto& account : answer->at("accounts").as_array()) {
    if (stalled_.contains(std::string(account.at("name").as_string()))) continue;
    if (account.at("running").as_bool()) return false;
    const auto* next_run = account.as_object().if_contains("next_run");
    if (!next_run || next_run->is_null()) continue;
    const std::string date(next_run->as_string());
    if (*parse_rfc3339(date) <= now_ + wall_offset_) return false;
    const Time due = latest(date) - wall_offset_;
    if (next && (!*next || due < **next)) *next = due;
  }
  return true;
}

std::string Stage::accounts_text() const { return call("GET", "/api/v1/accounts").body; }

http::Response Stage::call(const std::string& method, const std::string& path,
                           const std::string& body) const {
  if (!muster_) throw Failed("Muster does not run");
  const auto response = client_.send(api_request(muster_->url(), kApiKey, method, path, body));
  if (!response) return {.status = 0, .headers = {}, .body = response.error().text()};
  for (const auto& fault : described_api().faults_of(method, path, *response))
    throw Failed(
        fmt::format("{} {} is not answered as docs/openapi.yaml describes it: {}", method, path, fault));
  return *response;
}

boost::json::object Stage::get(const std::string& path) const {
  const auto response = call("GET", path);
  const auto answer = parse_json(response.body);
  if (response.status != 200 || !answer || !answer->is_object())
    throw Failed(fmt::format("GET {} answered {}: {}", path, response.status, response.body));
  return answer->as_object();
}

boost::json::object Stage::account(const std::string& name) const {
  const auto answer = get("/api/v1/accounts");
  for (const auto& account : answer.at("accounts").as_array())
    if (account.at("name").as_string() == name) return account.as_object();
  throw Failed("Muster has no account \"" + name + "\"");
}

const ProgramResult& Stage::run(const std::string& line) {
  const char* programs = std::getenv("PATH");
  const Environment environment{
      {"HOME", directory_.path()},
      {"PATH", directory_of(binary("mdmctl")) + ":" + (programs ? programs : "/usr/bin:/bin")},
      {"APIKEY", kApiKey},
      {"DEPSIM", apple_.url()},
      {"SERVER_URL", muster_ ? muster_->url() : ""}};
  last_run_ = run_program({"bash", "-c", "cd '" + directory_.path() + "' && " + line}, {}, environment);
  return *last_run_;
}

const ProgramResult& Stage::run_well(const std::string& line) {
  if (run(line).exit != 0)
    throw Failed(fmt::format("{}\nexit {}\n{}{}", line, last_run_->exit, last_run_->out, last_run_->err));
  return *last_run_;
}

std::string Stage::uuid_of(const std::string& name) const {
  const auto found = profiles_.find(name);
  if (found == profiles_.end()) throw Failed("no profile was named \"" + name + "\" so far");
  return found->second;
}

std::string Stage::name_of(const std::string& uuid) const {
  if (uuid.empty()) return "-";
  for (const auto& [name, known] : profiles_)
    if (known == uuid) return name;
  return uuid;
}

boost::json::array Stage::calls() const {
  return apple_.get("/control/calls/log?limit=100000").at("calls").as_array();
}

void Stage::count_from_here() { apple_.remove("/control/calls"); }

}  // namespace muster::test
