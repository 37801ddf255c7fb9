#include "tests/torture/servers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <ostream>
#include <set>
#include <thread>

#include "base/guarded.h"
#include "base/os/files.h"
#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"
#include "tests/support/eventually.h"
#include "tests/support/places.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/postgres_parts.h"
#include "tests/support/unix_relay.h"
#include "tests/torture/ending.h"
#include "tests/torture/person.h"
#include "tests/torture/portal.h"
#include "tests/torture/trouble.h"
#include "tests/torture/victim.h"

namespace muster::torture {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr size_t kBaselineEach = 500, kOthersEach = 500, kByHandEach = 40;
// Longer than a server's right to its accounts.
constexpr auto kSuspended = 11s;

// A server with ways of its own to the two database servers, which can be cut.
struct Member {
  std::string name;
  std::array<std::string, 2> sockets;
  std::vector<std::unique_ptr<test::UnixRelay>> ways;
  std::unique_ptr<Victim> victim;
  std::string url;  // "" while it does not run
};

class ServersTorture {
 public:
  ServersTorture(const Plan& plan, const std::string& directory, std::ostream& progress)
      : plan_(plan),
        progress_(progress),
        directory_(directory),
        dice_(plan.seed),
        depsim_({"-devices", std::to_string(kBaselineEach), "-seed", std::to_string(plan.seed), "-page-limit",
                 "100", "-redeliver-every", "3", "-rotate-every", "20", "-accounts", "default,other",
                 "-clock-skew", "1000d"}) {
    for (int i = 0; i < plan.servers; ++i) members_.push_back(make_member(i));
  }

  Report go() {
    for (auto& member : members_) start(member);
    make_rule();
    load();
    finish();
    judge();
    report_.calls = depsim_.all_calls();
    report_.time = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin_);
    return std::move(report_);
  }

 private:
  Member make_member(int number) {
    Member member;
    member.name = fmt::format("server-{}", number);
    for (size_t i = 0; i < member.sockets.size(); ++i) {
      member.sockets[i] = fmt::format("{}/way{}{}", directory_, number, "ab"[i]);
      std::filesystem::create_directory(member.sockets[i]);
      member.ways.push_back(std::make_unique<test::UnixRelay>(member.sockets[i], pair_.sockets()[i]));
    }
    auto flags = serve_flags(directory_ + "/unused", depsim_.url());
    flags.insert(flags.end(),
                 {"-database", test::PostgresPair::url_by(member.sockets), "-server-name", member.name});
    member.victim = std::make_unique<Victim>(flags, fmt::format("{}/server{}.log", directory_, number));
    return member;
  }

  void start(Member& member) {
    member.victim->start();
    member.url = member.victim->await_url();
    urls_.with([&](auto& urls) { urls.insert(member.url); });
  }

  void kill(Member& member) {
    urls_.with([&](auto& urls) { urls.erase(member.url); });
    if (!member.url.empty()) report_.refused += refused_writes(member);
    member.url.clear();
    member.victim->kill();
  }

  void make_rule() {
    const auto theirs = depsim_.add(kOthersEach, "other");
    auto ours = depsim_.serials();
    by_hand_ = dice_.take(ours, kByHandEach);
    wait_until(
        [&] {
          return test::PostgresCluster::query(url_, "SELECT count(*) FROM device") ==
                 fmt::format("{}\n", kBaselineEach);
        },
        "the baseline");
    wait_until(
        [&] { return test::PostgresCluster::query(url_, "SELECT baseline_done FROM account") == "1\n"; },
        "the end of the baseline");
    const auto defined = must_answer(
        "PUT", "/v1/dep/profiles", {{"profile_name", "Torture"}, {"url", "https://mdm.example.org/enroll"}});
    profile_ = std::string(defined.at("profile_uuid").as_string());
    must_answer("POST", "/v1/dep/autoassigners", {{"filter", "*"}, {"profile_uuid", profile_}});
    portal_.emplace(depsim_, Dice(plan_.seed + 1), std::move(ours), theirs);
    trouble_.emplace(depsim_, *portal_, Dice(plan_.seed + 2));
    person_.emplace(profile_, Dice(plan_.seed + 3), by_hand_);
  }

  void load() {
    std::jthread world([this](std::stop_token stop) { work(stop); });
    while (report_.kills < plan_.kills && !is_late()) {
      fault();
      ++report_.kills;
      if (report_.kills % 20 == 0)
        progress_ << report_.kills << " faults, " << portal_->arrivals() << " arrivals" << std::endl;
      pause(std::chrono::milliseconds(dice_.between(0, 1500)));
    }
  }

  // Devices come and go, Apple is in trouble, and an operator assigns by hand at whatever server there is.
  void work(std::stop_token stop) {
    Dice dice(plan_.seed + 4);
    while (!stop.stop_requested()) {
      pause(std::chrono::milliseconds(dice.between(50, 250)));
      portal_->act();
      if (dice.one_in(6)) trouble_->act();
      const auto urls = urls_.with([](const auto& all) { return std::vector(all.begin(), all.end()); });
      if (urls.empty()) continue;
      const auto& url = urls[dice.below(urls.size())];
      if (dice.one_in(3)) test::call_api(client_, url, kApiKey, "POST", "/v1/dep/syncnow");
      if (dice.one_in(4)) person_->act(url);
    }
  }

  void fault() {
    Member& member = members_[dice_.below(members_.size())];
    switch (dice_.below(9)) {
      case 0:
      case 1:
      case 2:
        count("server killed");
        kill(member);
        pause(std::chrono::milliseconds(dice_.between(0, 3000)));
        start(member);
        break;
      case 3:
        if (dice_.one_in(2))
          suspend(member);
        else
          suspend_in_a_call();
        break;
      case 4:
      case 5:
        count("way to the database cut");
        for (const auto& way : member.ways) way->lose_answers();
        break;
      case 6:
        count("connections terminated");
        test::PostgresCluster::administer(
            url_, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'muster'");
        break;
      case 7:
        count("database killed");
        pair_.kill_primary();
        pair_.boot_primary();
        break;
      case 8:
        count("primary killed, standby promoted");
        pair_.kill_primary();
        pause(std::chrono::milliseconds(dice_.between(0, 1000)));
        pair_.promote();
        if (dice_.one_in(2)) await_writes();
        pause(std::chrono::milliseconds(dice_.between(0, 3000)));
        pair_.add_standby();
        break;
    }
  }

  void suspend(Member& member) {
    count("server suspended");
    urls_.with([&](auto& urls) { urls.erase(member.url); });
    member.victim->send_signal(SIGSTOP);
    pause(dice_.one_in(3) ? Clock::duration(2s) : Clock::duration(kSuspended));
    member.victim->send_signal(SIGCONT);
    urls_.with([&](auto& urls) { urls.insert(member.url); });
  }

  // Apple answers it meanwhile; when it goes on, it stores what it must not store any more.
  void suspend_in_a_call() {
    const std::string worker = test::PostgresCluster::query(
        url_,
        "SELECT server.name FROM account JOIN server ON server.id = account.worker "
        "WHERE account.name = 'default'");
    const auto member = std::find_if(members_.begin(), members_.end(),
                                     [&](const Member& one) { return one.name + "\n" == worker; });
    if (member == members_.end()) return;
    depsim_.add_fault({{"endpoint", "sync"}, {"delay_ms", 1000}, {"when", "after"}});
    test::call_api(client_, member->url, kApiKey, "POST", "/v1/dep/syncnow");
    pause(std::chrono::milliseconds(dice_.between(50, 500)));
    count("suspended in a call");
    suspend(*member);
  }

  // Until all servers that can be asked answer what they must store.
  void await_writes() {
    const auto begin = Clock::now();
    const auto works = [&](const std::string& url) {
      const auto answer = test::call_api(client_, url, kApiKey, "POST", "/v1/dep/syncnow?wait=0");
      return answer && answer->status == 200;
    };
    for (const auto& url : urls_.with([](const auto& all) { return std::vector(all.begin(), all.end()); }))
      wait_until([&] { return works(url); }, "a write after the fail-over");
    report_.longest_pause = std::max(
        report_.longest_pause, std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin));
  }

  void count(const std::string& kind) { ++faults_[kind]; }

  // All trouble ends; one server under a clock that is moved on works off what waits.
  void finish() {
    trouble_->lift();
    for (auto& member : members_) {
      kill(member);
      // That the database could not be reached is what was done to it.
      for (const auto& line : member.victim->complaints())
        if (line.find("the database") == std::string::npos) report_.complaints.push_back(line);
    }
    auto flags = serve_flags(directory_ + "/unused", depsim_.url());
    flags.insert(flags.end(), {"-database", url_});
    for (auto& line : work_off(flags)) report_.complaints.push_back(std::move(line));
  }

  long long refused_writes(const Member& member) {
    const auto answer = client_.send(test::api_request(member.url, kApiKey, "GET", "/metrics"));
    const std::string name = "\nmuster_refused_writes_total ";
    const auto at = answer ? answer->body.find(name) : std::string::npos;
    return at == std::string::npos ? 0 : std::stoll(answer->body.substr(at + name.size()));
  }

  void judge() {
    const auto profiles = depsim_.profiles();
    compare(profiles, profile_, portal_->musts(), report_);
    compare(profiles, profile_, person_->musts(), report_);
    find_repeated(depsim_, by_hand_, *portal_, report_);
    for (const auto* serials : {&report_.lost, &report_.wrong, &report_.twice})
      for (const auto& serial : *serials) keep_history(serial);
    report_.arrivals = portal_->arrivals();
    report_.by_hand = person_->done();
    report_.troubles = trouble_->kinds();
    for (const auto& [kind, count] : faults_) report_.troubles[kind] = count;
  }

  // What became of the device by Muster's account and by Apple's: the database and depsim go with this
  // process.
  void keep_history(const std::string& serial) {
    std::string history = test::PostgresCluster::query(
        url_, fmt::format("SELECT concat_ws(' ', to_timestamp(h.at / 1000.0), h.kind, t.text) FROM history h "
                          "JOIN device d ON d.id = h.device LEFT JOIN detail t ON t.id = h.detail "
                          "WHERE d.serial = '{}' ORDER BY h.id",
                          serial));
    history += boost::json::serialize(depsim_.get("/control/devices/" + serial)) + "\n";
    const auto operations = depsim_.get("/control/accounts/default/events?limit=100000");
    for (const auto& operation : operations.at("events").as_array())
      if (const auto text = boost::json::serialize(operation); text.find(serial) != std::string::npos)
        history += text + "\n";
    (void)write_file(fmt::format("{}/history-{}.txt", directory_, serial), history);
  }

  boost::json::object must_answer(const std::string& method, const std::string& path,
                                  const boost::json::object& body) {
    const auto answer = test::call_api(client_, members_[0].url, kApiKey, method, path, body);
    if (!answer || answer->status != 200) throw std::runtime_error(path + " failed");
    return answer->body.empty() ? boost::json::object() : parse_json(answer->body)->as_object();
  }

  template <class Condition>
  static void wait_until(Condition condition, const std::string& what) {
    if (!test::eventually(condition, 120s)) throw std::runtime_error("waited in vain for " + what);
  }

  // Chance decides when something breaks: the one place where a test sleeps on purpose.
  static void pause(Clock::duration time) {
    if (time > Clock::duration::zero()) std::this_thread::sleep_for(time);
  }
  bool is_late() const { return plan_.limit.count() > 0 && Clock::now() - begin_ > plan_.limit; }

  const Plan plan_;
  std::ostream& progress_;
  const std::string directory_;
  const Clock::time_point begin_ = Clock::now();
  Dice dice_;
  test::PostgresPair pair_;
  const std::string url_ = pair_.url();
  test::Depsim depsim_;
  std::vector<Member> members_;
  http::Client client_;
  std::string profile_;
  std::optional<Portal> portal_;
  std::optional<Trouble> trouble_;
  std::optional<Person> person_;
  test::Serials by_hand_;
  Guarded<std::set<std::string>> urls_;  // of the servers that can be asked
  std::map<std::string, int> faults_;
  Report report_;
};

}  // namespace

Report torture_servers(const Plan& plan, const std::string& directory, std::ostream& progress) {
  return ServersTorture(plan, directory, progress).go();
}

}  // namespace muster::torture
