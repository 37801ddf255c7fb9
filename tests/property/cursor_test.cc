// The cursor that is stored is that of the last page stored: whatever Apple answers in between, and however
// often the server starts again, each page is applied and none is skipped.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json.hpp>

#include "apple/service.h"
#include "base/time/rfc3339.h"
#include "tests/property/database.h"
#include "tests/property/story.h"
#include "tests/support/lane.h"
#include "tests/support/manual_clock.h"
#include "tests/support/scripted_apple.h"

namespace muster::property {
namespace {

constexpr size_t kRunLimit = 100;  // more are no story of a few faults

// What Apple does instead of answering a call well.
enum class Fault { none, busy, cut, unreadable, lost };

// A list of changes in pages: the cursor N asks for page N, each with a device of its own.
class List {
 public:
  List(size_t pages, std::vector<Fault> faults) : pages_(pages), faults_(std::move(faults)) {
    apple_.on("POST /devices/sync", [this](const http::Request& request) { return answer(request); });
  }

  std::string url() const { return apple_.url(); }
  size_t pages() const { return pages_; }
  /// Pages that were answered well, without a gap from the first.
  size_t answered() {
    return answered_.with([](size_t& answered) { return answered; });
  }

  static Serial serial_of(size_t page) { return Serial(fmt::format("P{:03}", page)); }
  static Cursor cursor_of(size_t page) { return Cursor(fmt::format("after {}", page)); }

 private:
  http::Response answer(const http::Request& request) {
    const auto body = boost::json::parse(request.body);
    const size_t page = std::stoul(std::string(body.at("cursor").as_string()).substr(6));
    auto response = test::ScriptedApple::json(page < pages_ ? with_device(page) : without_device(page));
    switch (next_fault()) {
      case Fault::none:
        answered_.with([&](size_t& answered) { answered = std::max(answered, page + 1); });
        return response;
      case Fault::busy: return test::ScriptedApple::word(503, "busy");
      case Fault::cut: response.delivery = http::Response::Delivery::cut; return response;
      case Fault::unreadable: response.body.resize(response.body.size() / 2); return response;
      case Fault::lost: response.delivery = http::Response::Delivery::reset; return response;
    }
    return response;
  }

  std::string with_device(size_t page) const {
    const std::string date = format_rfc3339(kBegin + std::chrono::seconds(page));
    return fmt::format(
        R"({{"devices":[{{"serial_number":"{}","op_type":"added","op_date":"{}","profile_status":"empty"}}],)"
        R"("cursor":"{}","more_to_follow":true}})",
        serial_of(page).str(), date, cursor_of(page + 1).str());
  }
  static std::string without_device(size_t page) {
    return fmt::format(R"({{"devices":[],"cursor":"{}","more_to_follow":false}})", cursor_of(page).str());
  }

  Fault next_fault() {
    return calls_.with(
        [&](size_t& calls) { return calls < faults_.size() ? faults_[calls++] : Fault::none; });
  }

  const size_t pages_;
  const std::vector<Fault> faults_;
  Guarded<size_t> calls_;
  Guarded<size_t> answered_;
  test::ScriptedApple apple_;
};

Cursor stored_cursor(Database& database) {
  return database.store()
      .read([&](Reader& reader) { return reader.sync_state(database.account()); })
      ->changes;
}

Result<> run_once(Database& database, List& list, const Clock& clock) {
  http::Client client;
  apple::Service service(list.url(), {"CK", "CS", "AT", "AS", std::nullopt}, client, clock);
  const auto account =
      database.store().read([&](Reader& reader) { return reader.account(database.account()); });
  test::LaneUnderTest lane(database.store(), service, clock, account->value());
  return lane.read_changes();
}

RC_GTEST_PROP(Cursors, TheOneStoredIsThatOfTheLastPageStored, ()) {
  const auto faults = *rc::gen::container<std::vector<Fault>>(
      *rc::gen::inRange<size_t>(0, 12),
      rc::gen::weightedElement<Fault>(
          {{4, Fault::none}, {1, Fault::busy}, {1, Fault::cut}, {1, Fault::unreadable}, {1, Fault::lost}}));
  List list(*rc::gen::inRange<size_t>(1, 8), faults);
  ManualClock clock(kBegin + std::chrono::hours(1));
  Database database;
  SyncState begin;
  begin.changes = List::cursor_of(0);
  begin.baseline_done = true;
  RC_ASSERT(database.store().write(installation,
                                   [&](Writer& w) { return w.put_sync_state(database.account(), begin); }));

  bool ended = false;
  for (size_t runs = 0; !ended && runs < kRunLimit; ++runs) {
    ended = run_once(database, list, clock).has_value();
    const size_t reached = std::min(list.answered(), list.pages());
    RC_ASSERT(stored_cursor(database).str() == List::cursor_of(reached).str());
    for (size_t page = 0; page < list.pages(); ++page) {
      const bool there = database.state(List::serial_of(page)) != "unknown";
      RC_ASSERT(there == (page < reached));
    }
    if (*rc::gen::arbitrary<bool>()) database.restart();
  }
  RC_ASSERT(ended);
  RC_ASSERT(list.answered() > list.pages());
}

}  // namespace
}  // namespace muster::property
