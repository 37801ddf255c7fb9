// Plans are exact: 500 random rule changes are previewed, applied, and compared with the profiles at Apple
// afterwards. The rule that `explain` names is the one that a second implementation finds.
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/text/json.h"
#include "tests/e2e/world/world.h"
#include "tests/torture/dice.h"

namespace muster::test {
namespace {

using boost::json::object;
using torture::Dice;

constexpr int kChanges = 500;
constexpr size_t kDevices = 160;

// What a filter of this test is, said a second time.
struct Sight {
  std::string family, asset_tag;
};
struct KnownFilter {
  std::string text;
  std::function<bool(const Sight&)> covers;
};

const std::vector<KnownFilter>& filters() {
  static const auto kFamily = [](const char* family) {
    return [family](const Sight& device) { return device.family == family; };
  };
  static const auto kTag = [](const std::string& start) {
    return [start](const Sight& device) { return device.asset_tag.starts_with(start); };
  };
  static const std::vector<KnownFilter> kFilters = {
      {"*", [](const Sight&) { return true; }},
      {"family = iPad", kFamily("iPad")},
      {"family = mac", kFamily("Mac")},
      {"family in (iPhone, Mac)",
       [](const Sight& device) { return device.family == "iPhone" || device.family == "Mac"; }},
      {"asset_tag ~ SCH-1*", kTag("SCH-1")},
      {"asset_tag ~ SCH-*", kTag("SCH-")},
      {"not family = iPad and asset_tag != \"\"",
       [](const Sight& device) { return device.family != "iPad" && !device.asset_tag.empty(); }},
      {"family = AppleTV or asset_tag = SCH-2",
       [](const Sight& device) { return device.family == "AppleTV" || device.asset_tag == "SCH-2"; }},
  };
  return kFilters;
}

struct Rule {
  size_t filter = 0;
  long long priority = 0;
  int age = 0;
};

class PlanOfAChange : public World {
 protected:
  void SetUp() override {
    start_depsim();
    const char* families[] = {"iPad", "Mac", "iPhone", "AppleTV"};
    for (size_t i = 0; i < std::size(families); ++i) {
      const auto added = depsim().devices("add", {{"count", kDevices / 4}, {"family", families[i]}});
      for (size_t j = 0; j < added.size(); ++j) {
        const std::string tag = j % 4 == 0 ? "" : "SCH-" + std::to_string(j % 4);
        if (!tag.empty()) depsim().devices("set", {{"serials", to_json({added[j]})}, {"asset_tag", tag}});
        sights_[added[j]] = {families[i], tag};
      }
    }
    start_muster();
    await_baseline(kDevices);
    for (int i = 0; i < 4; ++i) profiles_.push_back(define_profile({}, "Profile " + std::to_string(i)));
  }

  object ask(const std::string& method, const std::string& path, const object& body) const {
    const auto answer = call(method, path, boost::json::serialize(body));
    if (answer.status != 200) throw std::runtime_error(path + ": " + answer.body);
    return parse_json(answer.body)->as_object();
  }

  // A change as the API takes it, and for the second reading.
  struct Change {
    std::string method;
    object body;
    std::function<void()> note;
  };

  Change next_change(Dice& dice) {
    const size_t filter = dice.below(filters().size());
    const object named{{"filter", filters()[filter].text}};
    if (rules_.contains(filter) && dice.one_in(4))
      return {"DELETE", named, [this, filter] { rules_.erase(filter); }};
    object body = named;
    const char* scopes[] = {"new", "unassigned", "all"};
    const size_t scope = dice.below(3);
    body["scope"] = scopes[scope];
    const long long priority = static_cast<long long>(dice.below(5)) * 10;
    body["priority"] = priority;
    if (scope < 2 && dice.one_in(6)) {
      body["no_profile"] = true;
    } else {
      body["profile_uuid"] = profiles_[dice.below(profiles_.size())];
    }
    return {"PUT", body, [this, filter, priority] {
              const bool is_new = !rules_.contains(filter);
              Rule& rule = rules_[filter];
              rule.filter = filter;
              rule.priority = priority;
              if (is_new) rule.age = ++age_;
            }};
  }

  // serial -> profile it is to have
  std::map<std::string, std::string> plan(const Change& change) const {
    const char* key = change.method == "PUT" ? "rule" : "remove_rule";
    const auto answer = ask("POST", "/api/v1/plan", {{key, change.body}, {"limit", 1000}});
    const auto& plan = answer.at("plan").as_object();
    std::map<std::string, std::string> planned;
    for (const auto& device : plan.at("devices").as_array())
      planned[std::string(device.at("serial_number").as_string())] = std::string(device.at("to").as_string());
    EXPECT_EQ(plan.at("changes").to_number<size_t>(), planned.size());
    size_t grouped = 0;
    for (const auto& group : plan.at("groups").as_array()) grouped += group.at("devices").to_number<size_t>();
    EXPECT_EQ(grouped, planned.size());
    return planned;
  }

  bool is_quiet() const {
    const auto backfill = ask("GET", "/api/v1/backfill", {});
    return backfill.at("state") == "none" && backfill.at("waiting").to_number<long long>() == 0;
  }

  // The filter of the rule that a device gets, by the second reading; "" for none.
  std::string oracle(const std::string& serial) const {
    const Rule* best = nullptr;
    for (const auto& [filter, rule] : rules_) {
      if (!filters()[filter].covers(sights_.at(serial))) continue;
      if (!best || std::pair(rule.priority, rule.age) < std::pair(best->priority, best->age)) best = &rule;
    }
    return best ? filters()[best->filter].text : "";
  }

  std::string explained(const std::string& serial) const {
    const auto answer = ask("GET", "/api/v1/devices/default/" + serial, {});
    for (const auto& rule : answer.at("device").at("rules").as_array())
      if (rule.at("wins").as_bool()) return std::string(rule.at("filter").as_string());
    return "";
  }

  std::map<std::string, Sight> sights_;
  std::vector<std::string> profiles_;
  std::map<size_t, Rule> rules_;
  int age_ = 0;
};

TEST_F(PlanOfAChange, IsWhatThenHappens) {
  Dice dice(20261123);
  long long changed = 0;
  for (int i = 0; i < kChanges; ++i) {
    const Change change = next_change(dice);
    SCOPED_TRACE(testing::Message() << "change " << i << ": " << change.method << ' '
                                    << boost::json::serialize(change.body));
    const auto planned = plan(change);
    auto expected = depsim().profiles();
    for (const auto& [serial, profile] : planned) expected[serial] = profile;
    changed += static_cast<long long>(planned.size());

    const auto made = ask(change.method, "/api/v1/rules", change.body);
    ASSERT_TRUE(made.at("applied").as_bool());
    ASSERT_EQ(made.at("plan").at("changes").to_number<size_t>(), planned.size());
    change.note();
    ASSERT_TRUE(comes_true([&] { return is_quiet(); }));
    ASSERT_EQ(depsim().profiles(), expected);

    if (i % 25 != 0) continue;
    for (const auto& [serial, sight] : sights_) ASSERT_EQ(explained(serial), oracle(serial)) << serial;
  }
  EXPECT_GT(changed, kChanges) << "the changes must change something";
  const auto nothing = ask("GET", "/api/v1/plan", {});
  EXPECT_EQ(nothing.at("plan").at("changes").to_number<int>(), 0) << "all that the rules say is done";
}

}  // namespace
}  // namespace muster::test
