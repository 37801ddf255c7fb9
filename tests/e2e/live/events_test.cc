// GET /api/v1/events: what happens is seen as it happens, and a client that was away misses nothing.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <list>

#include "base/text/json.h"
#include "tests/e2e/world/event_stream.h"
#include "tests/e2e/world/world.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Events : public World {
 protected:
  void SetUp() override {
    start_depsim({"-devices", "3", "-accounts", "default,school"});
    start_muster();
    await_baseline(3);
    uuid_ = define_profile("*");
    await_idle();
  }

  void add_school() {
    const auto answer = call("PUT", "/api/v1/accounts/school",
                             write_json({{"token", depsim().get("/control/accounts/school/token")}}));
    ASSERT_EQ(answer.status, 200) << answer.body;
    ASSERT_EQ(call("POST", "/v1/dep/syncnow?wait=30&account=school").status, 200);
  }
  std::string make_key(const std::string& name, const std::string& role, const std::string& accounts) {
    const auto answer = call("PUT", "/api/v1/keys/" + name,
                             fmt::format(R"({{"role": "{}", "accounts": ["{}"]}})", role, accounts));
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::string text(parse_json(answer.body)->at("api_key").as_string());
    add_secret(text);
    return text;
  }
  EventStream listen(const std::string& query = {}, const std::string& last = {},
                     const std::string& key = kApiKey) {
    return EventStream(muster().port(), key, query, last);
  }
  void arrive(const std::string& serial, const std::string& account = "default") {
    depsim().devices("add", {{"serials", {serial}}, {"account", account}});
    EXPECT_EQ(call("POST", "/v1/dep/syncnow?wait=30&account=" + account).status, 200);
  }
  static std::vector<std::string> serials_of(const ReceivedEvent& event) {
    std::vector<std::string> serials;
    for (const auto& serial : event.data.at("serials").as_array()) serials.emplace_back(serial.as_string());
    return serials;
  }
  static auto is_about(const std::string& serial) {
    return [serial](const ReceivedEvent& event) { return serials_of(event) == std::vector{serial}; };
  }
  std::string uuid_;
};

TEST_F(Events, ArrivalsAndAssignmentsAreSeenLive) {
  auto stream = listen();
  const auto ready = stream.next();
  ASSERT_TRUE(ready);
  EXPECT_EQ(ready->type, "ready") << "what happened before is not sent";
  EXPECT_THAT(stream.head(), HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(stream.head(), HasSubstr("Cache-Control: no-store"));
  arrive("C02EVENTS1");
  const auto arrived = stream.await("arrivals");
  EXPECT_EQ(arrived.account(), "default");
  EXPECT_EQ(arrived.data.at("arrived"), 1);
  EXPECT_THAT(serials_of(arrived), ElementsAre("C02EVENTS1"));
  const auto assigned = stream.await("assignments");
  EXPECT_EQ(assigned.data.at("outcome"), "confirmed");
  EXPECT_EQ(assigned.data.at("profile_uuid"), boost::json::value(uuid_));
  EXPECT_THAT(serials_of(assigned), ElementsAre("C02EVENTS1"));
  const auto progress =
      stream.await("progress", [](const auto& event) { return event.data.at("lanes").as_array().empty(); });
  EXPECT_EQ(progress.id, "");
}

TEST_F(Events, StatesBackfillsAndTheAuditAreSeenLive) {
  auto stream = listen("?types=state,backfill,audit");
  ASSERT_EQ(stream.next()->type, "ready");
  ASSERT_EQ(call("PUT", "/api/v1/rules",
                 fmt::format(R"({{"filter": "*", "scope": "all", "profile_uuid": "{}"}})", uuid_))
                .status,
            200);
  EXPECT_EQ(stream.await("backfill").data.at("state"), "running");
  const auto audit = stream.await("audit");
  EXPECT_EQ(audit.data.at("action"), "rule.saved");
  EXPECT_EQ(audit.data.at("account"), "default");
  EXPECT_EQ(stream.await("backfill", [](const auto& event) { return event.data.at("state") == "done"; })
                .data.at("changed"),
            3);
  depsim().put("/control/accounts/default", {{"terms_signed", false}});
  ASSERT_EQ(call("POST", "/v1/dep/syncnow?wait=30").status, 200);
  const auto state = stream.await("state");
  EXPECT_EQ(state.data.at("state_before"), "ok");
  EXPECT_EQ(state.data.at("state"), "terms_unsigned");
}

TEST_F(Events, AClientThatWasAwayGetsWhatHappenedSinceOnce) {
  arrive("C02EVENTS1");
  await_idle();
  std::string last;
  {
    auto stream = listen("?types=arrivals,assignments");
    ASSERT_EQ(stream.next()->type, "ready");
    arrive("C02EVENTS2");
    stream.await("assignments", is_about("C02EVENTS2"));
    last = stream.last_id();
  }
  arrive("C02EVENTS3");
  await_idle();
  kill_muster();
  depsim().devices("add", {{"serials", {"C02EVENTS4"}}});
  start_muster();
  auto stream = listen("?types=arrivals,assignments", last);
  std::vector<std::string> seen;
  const auto is_last = [&](const ReceivedEvent& event) {
    seen.push_back(event.type + " " + serials_of(event).at(0));
    return event.type == "assignments" && is_about("C02EVENTS4")(event);
  };
  while (const auto event = stream.next())
    if (is_last(*event)) break;
  EXPECT_THAT(seen, ElementsAre("arrivals C02EVENTS3", "assignments C02EVENTS3", "arrivals C02EVENTS4",
                                "assignments C02EVENTS4"));
}

TEST_F(Events, AnUnknownPlaceIsSaidToBe) {
  arrive("C02EVENTS1");
  int count = 0;
  for (const char* last : {"1-0", "4711-1772355600123", "nonsense"}) {
    auto stream = listen("", last);
    const auto first = stream.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->type, "reset") << last;
    arrive(fmt::format("C02OTHER{}", ++count));
    EXPECT_EQ(stream.await("arrivals").data.at("arrived"), 1) << "and it goes on";
  }
}

TEST_F(Events, AKeySeesItsAccountsOnly) {
  add_school();
  const auto of_school = make_key("school", "admin", "school"), reader = make_key("reader", "read", "*");
  auto school = listen("", "", of_school), all = listen("", "", reader);
  auto one = listen("?account=school&types=arrivals", "", reader);
  for (auto* stream : {&school, &all, &one}) ASSERT_EQ(stream->next()->type, "ready");
  arrive("C02EVENTS1");
  arrive("C02EVENTS2", "school");
  make_key("other", "read", "*");  // which is in the audit
  arrive("C02EVENTS3", "school");
  for (auto* stream : {&school, &one})
    while (const auto event = stream->next()) {
      EXPECT_EQ(event->account(), "school") << event->type;
      EXPECT_NE(event->type, "audit");
      if (event->type == "arrivals" && is_about("C02EVENTS3")(*event)) break;
    }
  EXPECT_NO_THROW(all.await("arrivals", is_about("C02EVENTS1")));
  while (const auto event = all.next()) {
    EXPECT_NE(event->type, "audit");
    if (event->type == "arrivals" && is_about("C02EVENTS3")(*event)) break;
  }
}

TEST_F(Events, WhatMayNotBeSeenIsRefused) {
  add_school();
  const auto of_school = make_key("school", "admin", "school"), reader = make_key("reader", "read", "*");
  const auto head_of = [&](const std::string& query, const std::string& key) {
    auto stream = listen(query, "", key);
    stream.next();
    return stream.head().substr(0, stream.head().find("\r\n"));
  };
  EXPECT_THAT(head_of("?account=default", of_school), HasSubstr(" 404 "));
  EXPECT_THAT(head_of("?account=nowhere", reader), HasSubstr(" 404 "));
  EXPECT_THAT(head_of("?types=audit", of_school), HasSubstr(" 403 "));
  EXPECT_THAT(head_of("?types=audit", reader), HasSubstr(" 403 "));
  EXPECT_THAT(head_of("?types=nothing", reader), HasSubstr(" 400 "));
  EXPECT_THAT(head_of("?types=audit", kApiKey), HasSubstr(" 200 "));
}

TEST_F(Events, AKeyThatIsRemovedHearsNoMore) {
  const auto key = make_key("reader", "read", "*");
  auto stream = listen("", "", key), other = listen();
  for (auto* each : {&stream, &other}) ASSERT_EQ(each->next()->type, "ready");
  ASSERT_EQ(call("DELETE", "/api/v1/keys/reader").status, 200);
  stream.until_end();
  arrive("C02EVENTS1");
  EXPECT_NO_THROW(other.await("arrivals"));
}

// It is sent from where to resume, too: what is not for it may leave the server's memory.
TEST_F(Events, AQuietStreamShowsThatItIsThere) {
  auto stream = listen("?types=state");
  ASSERT_EQ(stream.next()->type, "ready");
  const auto ready = stream.last_id();
  arrive("C02EVENTS1");
  ASSERT_TRUE(stream.await_comment());
  EXPECT_NE(stream.last_id(), ready);
  auto resumed = listen("", stream.last_id());
  arrive("C02EVENTS2");
  EXPECT_THAT(serials_of(resumed.await("arrivals")), ElementsAre("C02EVENTS2"));
}

TEST_F(Events, ManyListenersDoNotDelayTheEnd) {
  std::list<EventStream> streams;
  for (int i = 0; i < 200; ++i) streams.emplace_back(muster().port(), kApiKey);
  for (auto& stream : streams) ASSERT_EQ(stream.next()->type, "ready");
  EXPECT_THAT(call("GET", "/metrics").body, HasSubstr("muster_event_listeners 200"));
  arrive("C02EVENTS1");
  for (auto& stream : streams) EXPECT_NO_THROW(stream.await("arrivals"));
  EXPECT_EQ(muster().end_promptly(), 0) << muster().output();
}

}  // namespace
}  // namespace muster::test
