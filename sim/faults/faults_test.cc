#include "sim/faults/faults.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace muster::sim {
namespace {

Fault fault(const char* text) { return parse_fault(boost::json::parse(text).as_object()).value(); }

const Endpoint& endpoint(std::string_view text) {
  for (const auto& known : kEndpoints)
    if (known.text() == text) return known;
  throw std::runtime_error("no such endpoint");
}

TEST(Faults, SkipThenCount) {
  FaultList list;
  list.add(fault(R"({"endpoint":"assign","skip":1,"count":2,"status":503})"), 0);
  const Endpoint& put = endpoint("PUT /profile/devices");
  EXPECT_FALSE(list.take("a", put, 0));
  EXPECT_EQ(list.take("a", put, 0)->status, 503);
  EXPECT_EQ(list.take("a", put, 0)->used, 2);
  EXPECT_FALSE(list.take("a", put, 0));
  EXPECT_TRUE(list.all().empty());
}

TEST(Faults, MatchByAccountAndEndpoint) {
  FaultList list;
  list.add(fault(R"({"account":"a","endpoint":"PUT /profile/devices","count":0,"status":500})"), 0);
  EXPECT_FALSE(list.take("b", endpoint("PUT /profile/devices"), 0));
  EXPECT_FALSE(list.take("a", endpoint("POST /profile/devices"), 0));
  EXPECT_TRUE(list.take("a", endpoint("PUT /profile/devices"), 0));
  EXPECT_TRUE(list.take("a", endpoint("PUT /profile/devices"), 0));  // 0: for ever
  list.clear();
  list.add(fault(R"({"endpoint":"/profile/devices","count":3,"status":500})"), 0);
  EXPECT_TRUE(list.take("a", endpoint("DELETE /profile/devices"), 0));
  EXPECT_FALSE(list.take("a", endpoint("POST /profile"), 0));
  EXPECT_TRUE(list.remove(list.all()[0].id));
  EXPECT_FALSE(list.remove(77));
}

TEST(Faults, MatchBySerial) {
  FaultList list;
  const Endpoint& assign = endpoint("PUT /profile/devices");
  list.add(fault(R"({"reject_serials":["B","C"],"skip":1,"status":400})"), 0);
  for (const char* body : {"", "[]", R"({"devices":[]})", R"({"devices":["A",1]})", R"({"devices":{"B":1}})"})
    EXPECT_FALSE(list.take("a", assign, 0, body)) << body;
  EXPECT_FALSE(list.take("a", assign, 0, R"({"devices":["A","B"]})"));  // skipped
  EXPECT_TRUE(list.take("a", assign, 0, R"({"devices":["A","C"]})"));
  EXPECT_TRUE(list.all().empty());
}

TEST(Faults, OneCallIsSpoiltByOneFaultInOrder) {
  FaultList list;
  list.add(fault(R"({"status":500})"), 0);
  list.add(fault(R"({"status":429})"), 0);
  EXPECT_EQ(list.take("", endpoint("GET /account"), 0)->status, 500);
  EXPECT_EQ(list.take("", endpoint("GET /account"), 0)->status, 429);
}

TEST(Faults, HaveTheirTime) {
  FaultList list;
  const Endpoint& sync = endpoint("POST /devices/sync");
  list.add(fault(R"({"start":"10s","for":"5s","count":0,"status":500})"), 1000);
  EXPECT_FALSE(list.take("", sync, 10'999));
  EXPECT_TRUE(list.take("", sync, 11'000));
  EXPECT_TRUE(list.take("", sync, 15'999));
  EXPECT_FALSE(list.take("", sync, 16'000));
  EXPECT_TRUE(list.all().empty());
  list.add(fault(R"({"start":"10s","status":500})"), 0);
  EXPECT_FALSE(list.take("", sync, 9'999));
  EXPECT_TRUE(list.take("", sync, 1'000'000)) << "without an end";
  EXPECT_FALSE(parse_fault(boost::json::parse(R"({"start":"-1s"})").as_object()));
}

TEST(Faults, EffectDependsOnWhen) {
  EXPECT_FALSE(fault(R"({"status":503})").has_effect());
  EXPECT_TRUE(fault(R"({"status":503,"when":"after"})").has_effect());
  EXPECT_FALSE(fault(R"({"deliver":"reset"})").has_effect());
  EXPECT_TRUE(fault(R"({"deliver":"reset","when":"after"})").has_effect());
  EXPECT_TRUE(fault(R"({"deliver":"cut"})").has_effect());
  EXPECT_TRUE(fault(R"({"delay_ms":5})").has_effect());
}

TEST(Faults, ResultsForSerials) {
  const auto parsed = fault(R"({"results":{"A":"FAILED","*":"THROTTLED","B":null},"apply_success":false})");
  EXPECT_EQ(**parsed.results->find("A"), "FAILED");
  EXPECT_EQ(**parsed.results->find("C"), "THROTTLED");
  ASSERT_NE(parsed.results->find("B"), nullptr);
  EXPECT_FALSE(*parsed.results->find("B"));
  EXPECT_FALSE(parsed.results->apply_success);
}

TEST(Faults, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"endpoint":"asign"})", "asign"},
      {R"({"status":99})", "status"},
      {R"({"when":"later"})", "before or after"},
      {R"({"deliver":"slowly"})", "deliver"},
      {R"({"pieces":{}})", "bytes"},
      {R"({"pieces":{"bytes":1},"deliver":"reset"})", "reset"},
      {R"({"pieces":{"bytes":1,"repeat":0},"deliver":"cut"})", "half"},
      {R"({"headers":["a"]})", "headers"},
      {R"({"results":{"A":1}})", "A"},
      {R"({"retry_after":5})", "retry_after"},
      {R"({"patch":[]})", "patch"},
      {R"({"rows":1})", "rows"},
      {R"({"status":200,"patch":{"a":1}})", "replaces"},
      {R"({"reject_serials":"A"})", "reject_serials"},
  };
  for (const auto& [text, word] : cases) {
    const auto parsed = parse_fault(boost::json::parse(text).as_object());
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().message.find(word), std::string::npos) << parsed.error().message;
  }
}

TEST(Faults, AreShownAsTheyWereGiven) {
  const auto shown = to_json(fault(
      R"({"account":"a","endpoint":"sync","status":503,"body":"x","headers":{"Retry-After":"120"},"delay_ms":7,
          "deliver":"cut","when":"after","results":{"A":null},"repeat_cursor":true,"drop_body":true,"skip":2,"count":5})"));
  EXPECT_EQ(
      boost::json::serialize(shown),
      R"({"id":0,"account":"a","endpoint":"sync","skip":2,"count":5,"used":0,"status":503,"body":"x",)"
      R"("headers":{"Retry-After":"120"},"delay_ms":7,"deliver":"cut","when":"after","results":{"A":null},)"
      R"("apply_success":true,"repeat_cursor":true,"drop_body":true})");
  EXPECT_EQ(
      boost::json::serialize(to_json(fault(
          R"({"reject_serials":["A"],"patch":{"a":null},"rows":{"b":{"$delete":true}},"repeat_keys":["cursor"]})"))),
      R"({"id":0,"endpoint":"*","reject_serials":["A"],"skip":0,"count":1,"used":0,"deliver":"whole","when":"before",)"
      R"("patch":{"a":null},"rows":{"b":{"$delete":true}},"repeat_keys":["cursor"]})");
}

}  // namespace
}  // namespace muster::sim
