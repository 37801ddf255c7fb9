#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <thread>

#include "base/os/files.h"
#include "base/text/json.h"
#include "tests/scenario/acts.h"
#include "tests/scenario/failed.h"
#include "tests/support/postgres_cluster.h"

namespace muster::test::act {
namespace {

std::vector<std::string> split(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> parts;
  for (std::string part; in >> part;) parts.push_back(part);
  return parts;
}

// The flag for a command about an account; users with one account need none.
std::string account_flag(const Words& words) {
  return words.has("ACCOUNT") ? " -account " + words.text("ACCOUNT") : "";
}

void request_sync(Stage& stage, const Words& words) {
  const auto answer = stage.call(
      "POST", "/v1/dep/syncnow" + (words.has("ACCOUNT") ? "?account=" + words.text("ACCOUNT") : ""));
  // One that dies by what it is asked for may not come to the answer.
  if (answer.status != 200 && !(answer.status == 0 && stage.is_to_die()))
    throw Failed(fmt::format("syncnow answered {}: {}", answer.status, answer.body));
}

void define(Stage& stage, const std::string& name, const std::string& more) {
  const boost::json::object profile{
      {"profile_name", name}, {"url", "https://mdm.example.org/enroll"}, {"is_mandatory", true}};
  if (const auto written = muster::write_file(stage.path(name + ".json"), write_json(profile)); !written)
    throw Failed(written.error().text());
  const auto& said = stage.run_well("mdmctl apply dep-profiles -f " + name + ".json" + more).out;
  static const std::regex kUuid("UUID ([0-9A-F]{32})");
  std::smatch found;
  if (!std::regex_search(said, found, kUuid)) throw Failed("no profile was defined: " + said);
  stage.name_profile(name, found[1]);
}

}  // namespace

void start(Stage& stage, const Words& words, const Step&) { stage.start_muster(split(words.text("FLAGS"))); }
void start_without_token(Stage& stage, const Words&, const Step&) { stage.start_muster({}, false); }
void start_with_webhook(Stage& stage, const Words& words, const Step&) {
  auto flags = split(words.text("FLAGS"));
  flags.insert(flags.end(), {"-webhook-url", stage.webhook().url()});
  stage.start_muster(flags);
}
void webhook_is_down(Stage& stage, const Words&, const Step&) { stage.webhook().be_down(true); }
void webhook_is_up(Stage& stage, const Words&, const Step&) { stage.webhook().be_down(false); }
void stop(Stage& stage, const Words&, const Step&) { stage.stop_muster(); }
void kill(Stage& stage, const Words&, const Step&) { stage.kill_muster(); }

void kill_before_effect(Stage& stage, const Words& words, const Step&) {
  stage.kill_when_apple_has(words.text("CALL"), false);
}
void kill_after_effect(Stage& stage, const Words& words, const Step&) {
  stage.kill_when_apple_has(words.text("CALL"), true);
}
void kill_before_commit(Stage& stage, const Words& words, const Step&) {
  stage.kill_at("commit.before", words.number("N"));
}
void kill_after_commit(Stage& stage, const Words& words, const Step&) {
  stage.kill_at("commit.after", words.number("N"));
}
void kill_before_call(Stage& stage, const Words& words, const Step&) {
  stage.kill_at("apple.before", words.number("N"));
}
void kill_after_call(Stage& stage, const Words& words, const Step&) {
  stage.kill_at("apple.after", words.number("N"));
}

void fail_inside(Stage& stage, const Words& words, const Step&) {
  stage.muster().throw_at(words.text("VALUE"));
}
void set_clock_back(Stage& stage, const Words& words, const Step&) {
  stage.jump(-words.duration("DURATION"));
}
void set_clock_ahead(Stage& stage, const Words& words, const Step&) {
  stage.jump(words.duration("DURATION"));
}

void sync_now(Stage& stage, const Words& words, const Step&) {
  request_sync(stage, words);
  stage.settle();
}

void sync_now_without_waiting(Stage& stage, const Words& words, const Step&) { request_sync(stage, words); }

void sync_now_many_times(Stage& stage, const Words& words, const Step&) {
  std::vector<std::jthread> people;
  for (long long i = 0; i < words.number("N"); ++i) people.emplace_back([&] { request_sync(stage, words); });
  people.clear();
  stage.settle();
}

// The best of five: the machine that runs the tests may be busy with something else.
void sync_now_in_time(Stage& stage, const Words& words, const Step&) {
  auto best = std::chrono::milliseconds::max();
  for (int i = 0; i < 5; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    request_sync(stage, words);
    best = std::min(best, std::chrono::duration_cast<std::chrono::milliseconds>(
                              std::chrono::steady_clock::now() - begin));
  }
  if (best.count() > words.number("N")) throw Failed(fmt::format("it took {} ms", best.count()));
}

void define_profile(Stage& stage, const Words& words, const Step&) {
  define(stage, words.text("NAME"),
         (words.has("FILTER") ? " -filter='" + words.text("FILTER") + "'" : "") + account_flag(words));
}

void make_rule(Stage& stage, const Words& words, const Step&) {
  stage.run_well(fmt::format("mdmctl apply dep-autoassigner -filter '{}' -uuid {}{}", words.text("FILTER"),
                             stage.uuid_of(words.text("NAME")), account_flag(words)));
}

void make_broken_rule(Stage& stage, const Words& words, const Step&) {
  stage.name_profile("unknown", "0123456789ABCDEF0123456789ABCDEF");
  // Of a paused account Apple is not asked, so that the rule is saved.
  stage.run_well("mdmctl apply dep-account -name default -paused");
  stage.run_well(fmt::format("mdmctl apply dep-autoassigner -filter '{}' -uuid {}", words.text("FILTER"),
                             stage.uuid_of("unknown")));
  stage.run_well("mdmctl apply dep-account -name default -paused=false");
}

void assign_by_hand(Stage& stage, const Words& words, const Step&) {
  const auto answer =
      stage.call("POST", "/v1/dep/assign",
                 write_json(boost::json::object{{"id", stage.uuid_of(words.text("NAME"))},
                                                {"serials", to_json(words.serials("SERIALS"))}}));
  if (answer.status != 200) throw Failed(fmt::format("it was answered {}: {}", answer.status, answer.body));
  stage.settle();
}

void import_token(Stage& stage, const Words& words, const Step&) {
  const std::string account = words.text("ACCOUNT");
  const std::string flag = account == "default" ? "" : " -account " + account;
  stage.run_well("mdmctl get dep-tokens -export-public-key " + account + ".pem" + flag);
  std::string query;
  if (words.has("DURATION")) query = fmt::format("?expires={}s", words.duration("DURATION").count() / 1000);
  stage.run_well(
      fmt::format("curl -sf --data-binary @{0}.pem -o {0}.p7m \"$DEPSIM/control/accounts/{0}/token{1}\"",
                  account, query));
  stage.run_well("mdmctl apply dep-tokens -import " + account + ".p7m" + flag);
  stage.settle();
}

void write_file(Stage& stage, const Words& words, const Step& step) {
  std::string content;
  for (const auto& line : step.block) content += line + "\n";
  if (const auto written = muster::write_file(stage.path(words.text("VALUE")), content); !written)
    throw Failed(written.error().text());
}

void run_command(Stage& stage, const Words& words, const Step&) {
  stage.run(words.text("COMMAND"));
  stage.settle();
}

void run_sql(Stage& stage, const Words& words, const Step&) {
  const std::string& sql = words.text("COMMAND");
  if (!tests_on_postgres()) {
    const auto done = run_program({"sqlite3", stage.path("data/muster.db"), sql});
    if (done.exit != 0) throw Failed(sql + ": " + done.err);
    return;
  }
  PostgresCluster::query(PostgresCluster::shared().database(stage.path("data")), sql);
}

void time_passes(Stage& stage, const Words& words, const Step&) { stage.pass(words.duration("DURATION")); }

}  // namespace muster::test::act
