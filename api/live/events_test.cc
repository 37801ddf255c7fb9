// Who listens gets each event once and in order, whether it comes from the store or live.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <regex>

#include "tests/support/api_fixture.h"

namespace muster::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Bodies = std::vector<int>;

class EventsCall : public ApiFixture {
 protected:
  std::shared_ptr<http::BodyStream> listen(const std::string& query = {}, const std::string& last = {}) {
    http::Request request;
    request.method = "GET";
    request.target = "/api/v1/events" + query;
    request.peer = "192.0.2.1";
    must(http::parse_target(request.target, request.path, request.query));
    request.headers.add("Authorization", "Bearer key");
    if (!last.empty()) request.headers.add("Last-Event-ID", last);
    auto response = api_.handle(request);
    EXPECT_EQ(response.status, 200) << response.body;
    return response.stream;
  }

  void add(int first, int count, FeedType type = FeedType::backfill) {
    must(store_->write(account_.id, [&](Writer& w) -> Result<> {
      for (int i = first; i < first + count; ++i)
        MUSTER_TRY(w.add_to_feed({.position = {0, clock_.now()},
                                  .account = account_.id,
                                  .type = type,
                                  .body = fmt::format(R"({{"n":{}}})", i)}));
      return {};
    }));
  }

  // What there is now.
  static std::string taken(http::BodyStream& stream) {
    std::string text;
    for (;;) {
      const auto piece = must(stream.next());
      if (!piece || piece->empty()) return text;
      text += *piece;
    }
  }
  // What comes, until this does.
  static std::string taken_until(http::BodyStream& stream, const std::string& last) {
    std::string text;
    EXPECT_TRUE(eventually([&] {
      text += taken(stream);
      return text.find(last) != std::string::npos;
    })) << text;
    return text;
  }
  static Bodies numbers_in(const std::string& text) {
    Bodies numbers;
    const std::regex number("\"n\":([0-9]+)");
    for (std::sregex_iterator at(text.begin(), text.end(), number), end; at != end; ++at)
      numbers.push_back(std::stoi((*at)[1]));
    return numbers;
  }
  static std::string last_id_in(const std::string& text) {
    const size_t at = text.rfind("id: ") + 4;
    return text.substr(at, text.find('\n', at) - at);
  }
  static Bodies from_to(int first, int last) {
    Bodies numbers;
    for (int i = first; i <= last; ++i) numbers.push_back(i);
    return numbers;
  }
};

TEST_F(EventsCall, BeginsWithWhatIsYetToHappen) {
  add(1, 2);
  const auto stream = listen();
  const auto first = taken(*stream);
  EXPECT_THAT(first, HasSubstr("retry: 2000\n\nid: "));
  EXPECT_THAT(first, HasSubstr("event: ready\n"));
  EXPECT_THAT(numbers_in(first), IsEmpty());
  add(3, 1);
  EXPECT_THAT(numbers_in(taken_until(*stream, "\"n\":3")), ElementsAre(3));
}

TEST_F(EventsCall, WakesWhoWaits) {
  const auto stream = listen();
  taken(*stream);
  std::string text;
  std::atomic<bool> is_waiting = false;
  add(1, 1);
  // Nothing is taken but when it says so.
  EXPECT_TRUE(eventually([&] {
    if (is_waiting) return false;
    text += taken(*stream);
    is_waiting = true;
    stream->when_more([&] { is_waiting = false; });
    return !numbers_in(text).empty();
  }));
  EXPECT_THAT(numbers_in(text), ElementsAre(1));
  stream->when_more([] {});  // it knows nothing of this test any more
}

TEST_F(EventsCall, GoesOnBehindAnId) {
  auto stream = listen();
  taken(*stream);
  add(1, 3);
  const auto first = taken_until(*stream, "\"n\":1}");
  stream.reset();
  const auto resumed = listen("", last_id_in(first.substr(0, first.find("\"n\":1}"))));
  EXPECT_THAT(numbers_in(taken_until(*resumed, "\"n\":3}")), ElementsAre(2, 3));
  add(4, 1);
  EXPECT_THAT(numbers_in(taken_until(*resumed, "\"n\":4}")), ElementsAre(4));
}

TEST_F(EventsCall, OneThatIsSlowMissesNothing) {
  const auto slow = listen(), quick = listen();
  const auto begin = last_id_in(taken(*slow));
  taken(*quick);
  Bodies seen;
  for (int i = 0; i < 6; ++i) {
    add(i * 500 + 1, 500);
    const auto text = taken_until(*quick, fmt::format("\"n\":{}}}", (i + 1) * 500));
    for (const int number : numbers_in(text)) seen.push_back(number);
  }
  EXPECT_EQ(seen, from_to(1, 3000));
  EXPECT_EQ(numbers_in(taken_until(*slow, "\"n\":3000}")), from_to(1, 3000)) << "more than is kept in memory";
  EXPECT_EQ(numbers_in(taken_until(*listen("", begin), "\"n\":3000}")), from_to(1, 3000));
}

TEST_F(EventsCall, HasOnlyTheTypesThatAreWanted) {
  const auto stream = listen("?types=arrivals");
  const auto begin = last_id_in(taken(*stream));
  add(1, 1, FeedType::backfill);
  add(2, 1, FeedType::arrivals);
  EXPECT_THAT(numbers_in(taken_until(*stream, "\"n\":2}")), ElementsAre(2));
  const auto resumed = listen("?types=backfill,state", begin);
  EXPECT_THAT(numbers_in(taken_until(*resumed, "\"n\":1}")), ElementsAre(1));
}

TEST_F(EventsCall, SaysWhenItDoesNotKnowThePlace) {
  add(1, 1);
  for (const char* last : {"1-5", "17-0", "0-0", "0", "x"}) {
    const auto stream = listen("", last);
    const auto text = taken(*stream);
    EXPECT_THAT(text, HasSubstr("event: reset\n")) << last;
    EXPECT_THAT(numbers_in(text), IsEmpty()) << last;
  }
}

}  // namespace
}  // namespace muster::test
