#include "sync/run/page_reader.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <latch>
#include <map>
#include <stdexcept>

#include "base/log/log.h"
#include "base/os/kill_point.h"
#include "base/threads/contain.h"
#include "tests/support/manual_clock.h"
#include "tests/support/scripted_apple.h"

namespace muster::sync {
namespace {

using test::ScriptedApple;
using testing::ElementsAre;

class PageReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::error);
    serve("POST /server/devices", fetch_);
    serve("POST /devices/sync", sync_);
  }
  void TearDown() override { apple_.stop(); }

  // As the run does: on behind a page where the reader ends. One line a page; the last one may be an error.
  std::vector<std::string> read(const PageReader::Options& options = {}) {
    std::vector<std::string> read;
    Cursor cursor;
    std::unordered_set<std::string> seen;
    std::optional<PageReader> reader;
    for (bool goes_on = true; goes_on;) {
      if (!reader) reader.emplace(service_, options, cursor, seen, std::stop_token());
      const auto page = reader->next();
      if (!page) return read.push_back(page.error().message), read;
      read.push_back("page");
      for (const auto& device : page->content.devices) read.back() += " " + device.serial.str();
      if (page->repeats) read.back() += ", again";
      goes_on = !page->is_end();
      cursor = page->content.cursor;
      if (page->reader_ends) reader.reset();
    }
    return read;
  }

  std::map<std::string, std::string> fetch_, sync_;  // the answer by the call's cursor
  ScriptedApple apple_;
  http::Client client_;
  test::ManualClock clock_;
  apple::Service service_{apple_.url(), {"CK", "CS", "AT", "AS", {}}, client_, clock_};

 private:
  void serve(const std::string& call, const std::map<std::string, std::string>& answers) {
    apple_.on(call, [&answers](const http::Request& request) {
      const auto body = boost::json::parse(request.body).as_object();
      const auto* cursor = body.if_contains("cursor");
      const auto found = answers.find(cursor ? std::string(cursor->as_string()) : "");
      return found == answers.end() ? ScriptedApple::word(400, "INVALID_CURSOR")
                                    : ScriptedApple::json(found->second);
    });
  }
};

TEST_F(PageReaderTest, ReadsAListToItsEnd) {
  fetch_[""] = R"({"devices":[{"serial_number":"A"}],"cursor":"c1","more_to_follow":true})";
  fetch_["c1"] =
      R"({"more_to_follow":true,"devices":[{"serial_number":"B"},{"serial_number":"C"}],"cursor":"c2"})";
  fetch_["c2"] = R"({"cursor":"c3","more_to_follow":false,"devices":[{"serial_number":"D"}]})";
  for (const bool ahead : {true, false})
    EXPECT_THAT(read({.ahead = ahead}), ElementsAre("page A", "page B C", "page D"));
  EXPECT_EQ(apple_.count("POST /server/devices"), 6u);
  EXPECT_EQ(apple_.count("POST /devices/sync"), 0u);
}

TEST_F(PageReaderTest, AnIncompletePageIsAnEnd) {
  fetch_[""] = R"({"devices":[{"serial_number":"A"}],"cursor":"c1","more_to_follow":true})";
  fetch_["c1"] = R"({"devices":[{"serial_number":"B"}],"cursor":"c2"})";
  EXPECT_THAT(read(), ElementsAre("page A", "page B"));
}

// What stands between two arrays is not seen at a glance.
TEST_F(PageReaderTest, APageOfAnotherFormIsReadAllTheSame) {
  fetch_[""] = R"({"devices":[{"serial_number":"A"}],"cursor":"c1","new":[1],"more_to_follow":true})";
  fetch_["c1"] = R"({"cursor":"c2","devices":[{"serial_number":"B"}],"more_to_follow":true,"new":[]})";
  fetch_["c2"] = R"({"cursor":"c]3","devices":[{"serial_number":"C"}],"more_to_follow":false})";
  EXPECT_THAT(read(), ElementsAre("page A", "page B", "page C"));
  EXPECT_EQ(apple_.count("POST /server/devices"), 3u);
}

TEST_F(PageReaderTest, ACursorThatComesAgainEndsIt) {
  fetch_[""] = R"({"devices":[{"serial_number":"A"}],"cursor":"c1","more_to_follow":true})";
  fetch_["c1"] = R"({"devices":[{"serial_number":"B"}],"cursor":"c2","more_to_follow":true})";
  fetch_["c2"] = R"({"devices":[{"serial_number":"C"}],"cursor":"c1","more_to_follow":true})";
  EXPECT_THAT(read(), ElementsAre("page A", "page B", "page C, again"));
  EXPECT_EQ(apple_.count("POST /server/devices"), 3u);
}

TEST_F(PageReaderTest, WhatCameBeforeAnErrorIsGiven) {
  fetch_[""] = R"({"devices":[{"serial_number":"A"}],"cursor":"c1","more_to_follow":true})";
  fetch_["c1"] = R"({"devices":[{"serial_number":"B"},"cursor":"c2","more_to_follow":true})";
  const auto pages = read();
  ASSERT_EQ(pages.size(), 2u);
  EXPECT_EQ(pages.front(), "page A");
  EXPECT_THAT(pages.back(), testing::HasSubstr("malformed answer from Apple to POST /server/devices"));
}

// Throws where a library might.
class ThrowAt {
 public:
  explicit ThrowAt(const char* point) {
    where = point;
    kill_hook = [](const char* passed) {
      if (std::string_view(passed) == where) throw std::runtime_error("odd");
    };
  }
  ~ThrowAt() { kill_hook = nullptr; }

 private:
  static inline std::string_view where;
};

TEST_F(PageReaderTest, AnExceptionAheadIsAnErrorOfTheRun) {
  fetch_[""] = R"({"devices":[{"serial_number":"A"}],"cursor":"c1","more_to_follow":true})";
  fetch_["c1"] = R"({"devices":[{"serial_number":"B"}],"cursor":"c2","more_to_follow":true})";
  fetch_["c2"] = R"({"devices":[],"cursor":"c3","more_to_follow":false})";
  for (const char* point : {"reader.ask", "reader.read"}) {
    const long long before = internal_errors(Place::reader);
    const ThrowAt thrower(point);
    std::unordered_set<std::string> seen;
    PageReader reader(service_, {}, {}, seen, std::stop_token());
    EXPECT_TRUE(reader.next()) << "the first page is read without threads";
    const auto page = reader.next();
    ASSERT_FALSE(page) << point;
    EXPECT_EQ(page.error().code, Code::internal);
    EXPECT_THAT(page.error().message, testing::HasSubstr("odd"));
    EXPECT_EQ(internal_errors(Place::reader), before + 1);
  }
}

TEST_F(PageReaderTest, AStopEndsTheWaiting) {
  std::latch asked(1), release(1);
  apple_.on("POST /server/devices", [&](const http::Request&) {
    asked.count_down();
    release.wait();
    return ScriptedApple::word(503, "");
  });
  std::stop_source stop;
  std::jthread stopper([&] {
    asked.wait();
    stop.request_stop();
  });
  std::unordered_set<std::string> seen;
  PageReader reader(service_, {}, {}, seen, stop.get_token());
  const auto page = reader.next();
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, Code::cancelled);
  release.count_down();
  apple_.stop();  // the answer uses what goes now
}

}  // namespace
}  // namespace muster::sync
