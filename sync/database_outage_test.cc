// The database goes away while runs are due: Apple is not called for what could not be stored, and work goes
// on soon afterwards.
#include <gmock/gmock.h>

#include <atomic>

#include "sync/lane_runner.h"
#include "tests/support/account_fixture.h"

namespace muster::sync {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

// A store whose database goes away and comes back when a test says so.
class FailingStore final : public Store {
 public:
  /// What does not work.
  enum class Fails { nothing, writes, all };

  explicit FailingStore(Store& inner) : inner_(inner) {}

  void fail(Fails what) { fails_ = what; }

  std::uint64_t revision() const override { return inner_.revision(); }
  std::uint64_t key_revision() const override { return inner_.key_revision(); }
  std::optional<Error> trouble() const override {
    return has_trouble_ ? std::optional(why()) : inner_.trouble();
  }
  Result<> check() override { return inner_.check(); }

 private:
  static Error why() { return {Code::storage, "the database is away", "Bring it back", {}}; }
  Result<> do_read(FunctionRef<void(Reader&)> fn) override {
    if (fails_ == Fails::all) return failure(why());
    return inner_.read([&](Reader& reader) -> Result<> {
      fn(reader);
      return {};
    });
  }

  Result<> do_try_out(FunctionRef<void(Writer&)> fn) override {
    return inner_.try_out([&](Writer& writer) -> Result<> {
      fn(writer);
      return {};
    });
  }

  Result<> do_write(WriteScope scope, Durability, WriteFunction fn) override {
    has_trouble_ = fails_ != Fails::nothing;
    if (has_trouble_) return failure(why());
    bool kept = false, has_run = false;
    const auto done = inner_.write(scope, [&](Writer& writer) -> Result<> {
      has_run = true;
      kept = fn(writer, Run::last);
      return kept ? Result<>() : failure(Code::cancelled, "it is undone");
    });
    return kept || !has_run ? done : Result<>();
  }

  Store& inner_;
  std::atomic<Fails> fails_ = Fails::nothing;
  std::atomic<bool> has_trouble_ = false;
};

using Fails = FailingStore::Fails;

class DatabaseOutage : public test::AccountFixture {
 protected:
  DatabaseOutage() {
    put_cursor("c0");
    apple_.on(test::kChangesCall, test::page({}, "c1"));
  }

  void put_cursor(const std::string& cursor) {
    SyncState state;
    state.changes = Cursor(cursor);
    state.baseline_done = true;
    put_state(state);
  }
  Time run() { return runner_(account_.id, Lane::changes, RunRequest{}).value_or(Time::max()); }
  void assign() { runner_(account_.id, Lane::assignment, RunRequest{}); }
  // The answer cannot be stored; the next run can store again.
  void assign_without_storing() {
    apple_.on(test::kAssignCall, [&](const test::AppleCall& call) {
      failing_.fail(Fails::writes);
      return test::answers("FAILED")(call);
    });
    assign();
    failing_.fail(Fails::nothing);
    clock_.advance(5s);
    assign();
  }
  // Runs as often as it is due, for an hour.
  void expect_patience() {
    for (const Time end = clock_.now() + 1h; clock_.now() < end;) {
      const Time next = run();
      EXPECT_GE(next, clock_.now() + 1s);
      EXPECT_LE(next, clock_.now() + 5s);
      clock_.advance(next - clock_.now());
    }
  }

  FailingStore failing_{*store_};
  Services services_{failing_, apple_, clock_, ""};
  LaneRunner runner_{failing_, services_, clock_, {.read_ahead = false}};
};

TEST_F(DatabaseOutage, ARunThatCannotReadTriesAgainSoonAndCallsNobody) {
  failing_.fail(Fails::all);
  expect_patience();
  EXPECT_THAT(apple_.calls(), IsEmpty());
  failing_.fail(Fails::nothing);
  EXPECT_GE(run(), clock_.now() + 108s);
  EXPECT_EQ(state().changes.str(), "c1");
}

TEST_F(DatabaseOutage, ARunThatCannotStoreCallsAppleOnceUntilItCan) {
  failing_.fail(Fails::writes);
  run();  // nobody knows yet
  apple_.forget_calls();
  expect_patience();
  EXPECT_THAT(apple_.calls(), IsEmpty());
  failing_.fail(Fails::nothing);
  EXPECT_GE(run(), clock_.now() + 108s);
  EXPECT_THAT(apple_.calls(test::kChangesCall), SizeIs(1));
  EXPECT_EQ(state().changes.str(), "c1");
}

// Nothing else would settle the batch before the server is started again.
TEST_F(DatabaseOutage, WhatCameOfAnAssignCallAndWasNotStoredIsAskedOfApple) {
  add_work("A", "P");
  assign_without_storing();
  EXPECT_EQ(work("A")->state, Assignment::State::in_flight);
  EXPECT_THAT(read([&](Reader& r) { return r.sent_batches(account_.id); }), IsEmpty());
}

// The lane of questions asks about those itself, and knows that Apple has said SUCCESS.
TEST_F(DatabaseOutage, ABatchThatIsHeldIsNotTakenForOneThatWasNotStored) {
  add_work("A", "P");
  apple_.on(test::kAssignCall, test::answers("SUCCESS"));
  assign();
  add_work("B", "Q");
  assign_without_storing();
  const auto left = read([&](Reader& r) { return r.sent_batches(account_.id); });
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].profile.str(), "P");
}

// Pages are stored in passing: a database that was killed may have lost some when it is back, in the middle
// of a run.
TEST_F(DatabaseOutage, PagesThatTheDatabaseLostAreReadAgain) {
  int calls = 0;
  apple_.on(test::kChangesCall, [&](const test::AppleCall& call) -> Result<http::Response> {
    ++calls;
    if (calls == 2) put_cursor("c0");
    return test::page({}, calls == 1 ? "c1" : "c2", calls == 1)(call);
  });
  EXPECT_EQ(run(), clock_.now());
  EXPECT_EQ(state().changes.str(), "c0") << "and not the cursor of the page behind";
}

}  // namespace
}  // namespace muster::sync
