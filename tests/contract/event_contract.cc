// What a store promises of events: they come out as they went in, in order.
#include <gmock/gmock.h>

#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {

using testing::ElementsAre;

std::vector<std::string> bodies(const std::vector<Event>& events) {
  std::vector<std::string> list;
  for (const auto& event : events) list.push_back(event.body);
  return list;
}

}  // namespace

TEST_P(StoreContract, EventsWaitInTheirOrder) {
  const auto first = make_account(), second = make_account("second");
  const Time at = from_millis(1'772'355'600'123);
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(w.add_event({.account = first, .created_at = at, .body = "a"}));
    MUSTER_TRY(w.add_event({.account = second, .created_at = at, .body = "b"}));
    return w.add_event({.account = first, .created_at = at, .body = "c"});
  });
  reopen();
  const auto events = read([](Reader& r) { return r.oldest_events(2); });
  EXPECT_THAT(bodies(events), ElementsAre("a", "b"));
  EXPECT_EQ(events[1].account, second);
  EXPECT_EQ(events[1].created_at, at);
  write([&](Writer& w) { return w.remove_event(events[0].id); });
  write([&](Writer& w) { return w.remove_event(events[0].id); });
  EXPECT_EQ(read([](Reader& r) { return r.event_count(); }), 2);

  write([](Writer& w) -> Result<> {
    MUSTER_TRY(const auto removed, w.keep_newest_events(1));
    EXPECT_EQ(removed, 1);
    return {};
  });
  EXPECT_THAT(bodies(read([](Reader& r) { return r.oldest_events(9); })), ElementsAre("c"));
}

}  // namespace muster::test
