// Defining a profile while another operator changes the configuration.
#include "sync/profiles/define.h"

#include <gmock/gmock.h>

#include "base/log/log.h"
#include "tests/support/manual_clock.h"
#include "tests/support/open_store.h"
#include "tests/support/scripted_apple.h"
#include "tests/support/temp_dir.h"

namespace muster::sync {
namespace {

using testing::HasSubstr;

constexpr const char* kDocument = R"({"profile_name":"Lab","url":"https://mdm.example.org/enroll"})";

class Defining : public testing::Test {
 protected:
  void SetUp() override {
    log::set_level(log::Level::error);
    store_ = *test::open_store(directory_.path());
    account_.id = *store_->write(installation, [](Writer& w) { return w.create_account(kDefaultAccount); });
    account_.name = kDefaultAccount;
    apple_.on("POST /profile", [this](const http::Request&) {
      if (meanwhile_) meanwhile_();
      return test::ScriptedApple::json(R"({"profile_uuid":"U)" + std::to_string(++defined_) +
                                       R"(","devices":{}})");
    });
  }
  void TearDown() override { apple_.stop(); }

  Result<Defined> define(std::optional<long long> revision = {}) {
    apple::Service service(apple_.url(), Token{"CK", "CS", "AT", "AS", {}}, client_, clock_);
    return define_profile(
        RunContext{.store = *store_, .service = service, .clock = clock_, .account = account_},
        {.document = kDocument, .how = {.revision = revision}});
  }
  void pause(bool paused) {
    ASSERT_TRUE(store_->write(installation, [&](Writer& w) { return w.put_paused(account_.id, paused); }));
  }
  ProfileUuid current() {
    return store_->read([&](Reader& r) { return r.current_profile(account_.id, "Lab"); })
        .value()
        .value_or(Profile{})
        .uuid;
  }

  const test::TempDir directory_;
  std::unique_ptr<Store> store_;
  Account account_;
  test::ScriptedApple apple_;
  http::Client client_;
  test::ManualClock clock_{kNow};
  std::function<void()> meanwhile_;  // Apple's answer waits for it
  int defined_ = 0;
};

TEST_F(Defining, ReturnsTheNextRevision) {
  const auto first = define();
  ASSERT_TRUE(first) << first.error().text();
  const auto second = define(first->outcome.revision);
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_GT(second->outcome.revision, first->outcome.revision);
  EXPECT_EQ(current(), ProfileUuid("U2"));
}

TEST_F(Defining, IsRefusedForAnotherRevisionBeforeAppleIsAsked) {
  const auto first = define();
  pause(true);
  const auto second = define(first->outcome.revision);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_THAT(second.error().text(), HasSubstr("the configuration was changed"));
  EXPECT_EQ(defined_, 1);
}

TEST_F(Defining, OverwritesNothingThatChangedWhileAppleWasAsked) {
  const auto first = define();
  meanwhile_ = [this] { pause(true); };
  const auto second = define(first->outcome.revision);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_THAT(second.error().text(),
              HasSubstr("version 2 of \"Lab\" is defined at Apple (UUID U2), but did not become "
                        "the current version: the configuration was changed"));
  EXPECT_EQ(current(), ProfileUuid("U1"));
  const auto kept = *store_->read([&](Reader& r) { return r.profile(account_.id, ProfileUuid("U2")); });
  ASSERT_TRUE(kept) << "what Apple has is in the registry";
  EXPECT_EQ(kept->version, 2);
}

}  // namespace
}  // namespace muster::sync
