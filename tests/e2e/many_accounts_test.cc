// Two hundred accounts, some with failures: the others are not affected.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "base/text/json.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

constexpr int kAccounts = 200;
// An account's run comes this often, 10 % more or less.
constexpr const char* kInterval = "10s";
// A machine that runs other tests beside this one needs more than a minute for so many writes. Slow accounts
// are at it for longer: three calls of kSlowMs.
constexpr std::chrono::seconds kLongEnough{140};

class ManyAccounts : public World {
 protected:
  void SetUp() override {
    for (int i = 0; i < kAccounts; ++i) names_.push_back(i == 0 ? "default" : fmt::format("a{:03}", i));
    start_depsim({"-accounts", fmt::format("{}", fmt::join(names_, ","))});
    start_muster({"-sync-interval", kInterval});
    for (const auto& name : names_) {
      if (name != "default") add_account(name);
      profiles_[name] = define(name);
    }
    for (const auto& name : names_) await_event("sync.done", name, 0);  // the baseline
  }

  boost::json::value ask(const std::string& method, const std::string& path, const boost::json::value& body) {
    const auto answer = call(method, path, write_json(body));
    if (answer.status != 200) throw std::runtime_error(path + ": " + answer.body);
    return parse_json(answer.body).value();
  }

  void add_account(const std::string& name) {
    ask("PUT", "/api/v1/accounts/" + name, {{"token", depsim().get("/control/accounts/" + name + "/token")}});
  }

  // A profile of the account, with a rule that gives it to all that arrives.
  std::string define(const std::string& name) {
    const auto defined = ask("PUT", "/v1/dep/profiles?account=" + name,
                             {{"profile_name", name}, {"url", "https://mdm.example.org/" + name}});
    const std::string uuid(defined.at("profile_uuid").as_string());
    ask("POST", "/v1/dep/autoassigners?account=" + name, {{"filter", "*"}, {"profile_uuid", uuid}});
    return uuid;
  }

  void await_event(const char* event, const std::string& account, size_t since) {
    muster().await(event, since, [&](const LogLine& line) { return line.field("account") == account; });
  }
  bool has_event(const char* event, const std::string& account, size_t since) {
    for (const auto& line : muster().events(event, since))
      if (line.field("account") == account) return true;
    return false;
  }

  // The account is asked to run, and its call is with Apple, which takes most of a minute for this and every
  // later one.
  void make_slow(const std::string& account) {
    boost::json::object fault{{"account", account}, {"endpoint", "sync"}, {"delay_ms", kSlowMs}};
    depsim().add_fault(fault);
    ASSERT_EQ(call("POST", "/v1/dep/syncnow?account=" + account).status, 200);
    ASSERT_TRUE(comes_true([&] { return depsim().faults_are_used_up(); }));
    slow_.push_back(account);
  }
  void keep_slow() {
    for (const auto& account : slow_)
      depsim().add_fault({{"account", account}, {"endpoint", "*"}, {"count", 0}, {"delay_ms", kSlowMs}});
  }

  // One device arrives in every account. Waits until all but `troubled` have assigned theirs, by their own
  // schedule.
  void expect_the_others_on_schedule(const std::vector<std::string>& troubled) {
    const size_t mark = muster().mark();
    std::map<std::string, std::string> arrivals;  // serial -> account
    for (const auto& name : names_) arrivals[depsim().add(1, name).at(0)] = name;
    const long long others = kAccounts - static_cast<long long>(troubled.size());
    EXPECT_TRUE(eventually([&] { return depsim().assigned().successes >= others; }, kLongEnough))
        << depsim().assigned().successes << " of " << others;
    for (const auto& account : slow_) {
      EXPECT_FALSE(has_event("sync.done", account, mark)) << account << " has ended its run";
      EXPECT_FALSE(has_event("sync.failed", account, mark)) << account << " has ended its run";
    }
    for (const auto& [serial, account] : arrivals) {
      const bool is_troubled = std::count(troubled.begin(), troubled.end(), account) > 0;
      EXPECT_EQ(depsim().profile_of(serial), is_troubled ? "" : profiles_[account]) << account;
    }
  }

  static constexpr int kSlowMs = 50'000;  // less than Muster's patience (apple/session/session.cc)
  std::vector<std::string> names_, slow_;
  std::map<std::string, std::string> profiles_;
};

// field-failures.md T1
TEST_F(ManyAccounts, OneSlowOneBrokenAndOneWithoutTermsDoNotHoldTheOthers) {
  const std::string slow = "a001", broken = "a002", unsigned_terms = "a003";
  make_slow(slow);
  keep_slow();
  depsim().add_fault({{"account", broken}, {"endpoint", "*"}, {"count", 0}, {"status", 500}});
  depsim().put("/control/accounts/" + unsigned_terms, {{"terms_signed", false}});
  expect_the_others_on_schedule({slow, broken, unsigned_terms});

  // And once the trouble is over, nothing was lost.
  depsim().remove("/control/faults");
  depsim().put("/control/accounts/" + unsigned_terms, {{"terms_signed", true}});
  for (const auto& account : {broken, unsigned_terms})
    EXPECT_EQ(call("POST", "/v1/dep/syncnow?account=" + account).status, 200);
  EXPECT_TRUE(eventually([&] { return depsim().assigned().successes == kAccounts; }, kLongEnough));
}

// More than there are workers: they run slow all at once, and hold the others up for seconds, not for their
// 50 each.
TEST_F(ManyAccounts, ManySlowOnesDoNotHoldTheOthers) {
  std::vector<std::string> slow(names_.begin() + 1, names_.begin() + 13);
  for (const auto& account : slow) make_slow(account);
  keep_slow();
  expect_the_others_on_schedule(slow);
}

}  // namespace
}  // namespace muster::test
