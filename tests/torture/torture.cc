// In this order:
//
//   baseline   the account's first list is read; kills begin here
//   rule       a profile for every device that comes, and an operator who assigns manually meanwhile
//   load       devices come and go, Apple is in trouble, and the server is killed after a fraction of a
//              second
//   finish     all trouble ends; the same server under a clock that is moved on by days works off what waits
//   judgement  Apple's side is compared with what must be
#include "tests/torture/torture.h"

#include <algorithm>
#include <ostream>
#include <thread>

#include "base/guarded.h"
#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"
#include "tests/torture/ending.h"
#include "tests/torture/person.h"
#include "tests/torture/portal.h"
#include "tests/torture/trouble.h"
#include "tests/torture/victim.h"

namespace muster::torture {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr size_t kBaseline = 1500;
constexpr size_t kOthers = 500;
// Devices that only the user touches.
constexpr size_t kByHand = 60;
// Kills while the first list is read, which no load may disturb: what comes meanwhile may belong to it or
// not.
constexpr int kBaselineKills = 10;

class Torture {
 public:
  Torture(const Plan& plan, const std::string& directory, std::ostream& progress)
      : plan_(plan),
        progress_(progress),
        dice_(plan.seed),
        depsim_({"-devices", std::to_string(kBaseline), "-seed", std::to_string(plan.seed), "-page-limit",
                 "100", "-redeliver-every", "3", "-rotate-every", "20", "-accounts", "default,other",
                 "-clock-skew", "1000d"}),
        data_(directory + "/data"),
        victim_(serve_flags(data_, depsim_.url()), directory + "/muster.log") {}

  Report go() {
    read_baseline();
    make_rule();
    load();
    finish();
    judge();
    report_.complaints = victim_.complaints();
    for (auto& line : last_complaints_) report_.complaints.push_back(std::move(line));
    report_.calls = depsim_.all_calls();
    report_.time = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin_);
    return std::move(report_);
  }

 private:
  void read_baseline() {
    for (int i = 0; i < std::min(kBaselineKills, plan_.kills / 10); ++i) {
      victim_.start();
      pause(std::chrono::milliseconds(dice_.between(0, 150)));
      kill();
    }
    victim_.start();
    const auto url = victim_.await_url();
    wait_until([&] { return devices_known(url) == kBaseline; }, "the baseline");
    // The last page is stored together with the end of the baseline, so nothing of it is left to come.
    kill();
  }

  void make_rule() {
    const auto theirs = depsim_.add(kOthers, "other");
    auto ours = depsim_.serials();
    by_hand_ = dice_.take(ours, kByHand);

    victim_.start();
    const auto url = victim_.await_url();
    const auto defined =
        test::call_api(client_, url, kApiKey, "PUT", "/v1/dep/profiles",
                       {{"profile_name", "Torture"}, {"url", "https://mdm.example.org/enroll"}});
    if (!defined || defined->status != 200) throw std::runtime_error("no profile was defined");
    profile_ = std::string(parse_json(defined->body)->at("profile_uuid").as_string());
    const auto ruled = test::call_api(client_, url, kApiKey, "POST", "/v1/dep/autoassigners",
                                      {{"filter", "*"}, {"profile_uuid", profile_}});
    if (!ruled || ruled->status != 200) throw std::runtime_error("no rule was made");
    kill();

    portal_.emplace(depsim_, Dice(plan_.seed + 1), std::move(ours), theirs);
    trouble_.emplace(depsim_, *portal_, Dice(plan_.seed + 2));
    person_.emplace(profile_, Dice(plan_.seed + 3), by_hand_);
  }

  void load() {
    std::jthread person([this](std::stop_token stop) { work_by_hand(stop); });
    while (report_.kills < plan_.kills && !is_late()) {
      victim_.start();
      if (dice_.one_in(4)) {  // while it starts
        pause(std::chrono::milliseconds(dice_.between(0, 60)));
        ++report_.kills_at_start;
      } else {
        work(victim_.await_url());
      }
      url_.with([](auto& url) { url.clear(); });
      kill();
    }
    person.request_stop();
  }

  // A life of the server, up to a random moment.
  void work(const std::string& url) {
    url_.with([&](auto& shared) { shared = url; });
    const auto death = Clock::now() + std::chrono::milliseconds(dice_.between(0, 450));
    for (size_t left = dice_.between(1, 4); left > 0 && Clock::now() < death; --left) {
      pause(
          std::min<Clock::duration>(std::chrono::milliseconds(dice_.between(0, 100)), death - Clock::now()));
      portal_->act();
      if (dice_.one_in(3)) trouble_->act();
      if (dice_.one_in(2)) test::call_api(client_, url, kApiKey, "POST", "/v1/dep/syncnow");
    }
    pause(death - Clock::now());
  }

  void work_by_hand(std::stop_token stop) {
    while (!stop.stop_requested()) {
      pause(30ms);
      const auto url = url_.with([](const auto& shared) { return shared; });
      if (!url.empty()) person_->act(url);
    }
  }

  void kill() {
    victim_.kill();
    ++report_.kills;
    if (report_.kills % 100 == 0)
      progress_ << report_.kills << " kills, " << (portal_ ? portal_->arrivals() : 0) << " arrivals"
                << std::endl;
  }

  void finish() {
    trouble_->lift();
    last_complaints_ = work_off(serve_flags(data_, depsim_.url()));
  }

  void judge() {
    const auto profiles = depsim_.profiles();
    compare(profiles, profile_, portal_->musts(), report_);
    compare(profiles, profile_, person_->musts(), report_);
    find_repeated(depsim_, by_hand_, *portal_, report_);
    report_.arrivals = portal_->arrivals();
    report_.by_hand = person_->done();
    report_.troubles = trouble_->kinds();
  }

  size_t devices_known(const std::string& url) {
    const auto answer = test::call_api(client_, url, kApiKey, "POST", "/v1/devices");
    if (!answer || answer->status != 200) return 0;
    return parse_json(answer->body)->at("devices").as_array().size();
  }

  template <class Condition>
  static void wait_until(Condition condition, const std::string& what) {
    const auto deadline = Clock::now() + 60s;
    while (!condition()) {
      if (Clock::now() > deadline) throw std::runtime_error("waited in vain for " + what);
      pause(20ms);
    }
  }

  // Chance decides when the server dies: the one place where a test sleeps on purpose.
  static void pause(Clock::duration time) {
    if (time > Clock::duration::zero()) std::this_thread::sleep_for(time);
  }

  bool is_late() const { return plan_.limit.count() > 0 && Clock::now() - begin_ > plan_.limit; }

  const Plan plan_;
  std::ostream& progress_;
  const Clock::time_point begin_ = Clock::now();
  Dice dice_;
  test::Depsim depsim_;
  const std::string data_;
  Victim victim_;
  http::Client client_;
  std::string profile_;
  test::Serials by_hand_;
  std::optional<Portal> portal_;
  std::optional<Trouble> trouble_;
  std::optional<Person> person_;  // its thread's alone during load()
  Guarded<std::string> url_;      // of the server that lives; "" while there is none
  std::vector<std::string> last_complaints_;
  Report report_;
};

}  // namespace

Report torture(const Plan& plan, const std::string& directory, std::ostream& progress) {
  return Torture(plan, directory, progress).go();
}

}  // namespace muster::torture
