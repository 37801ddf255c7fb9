#include "apple/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <latch>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "apple/answers/failure.h"
#include "base/time/rfc3339.h"
#include "tests/support/eventually.h"
#include "tests/support/http/made_body.h"
#include "tests/support/manual_clock.h"
#include "tests/support/scripted_apple.h"

namespace muster::apple {
namespace {

using test::ScriptedApple;
using testing::HasSubstr;
using namespace std::chrono_literals;

const std::string kEmptyPage = R"({"devices":[],"cursor":"c","more_to_follow":false})";

std::vector<Serial> serials(size_t count) {
  std::vector<Serial> made;
  for (size_t i = 0; i < count; ++i) made.emplace_back("C0000" + std::to_string(i));
  return made;
}

Result<DevicePage> read_page(Result<PageAnswer> answer) {
  if (!answer) return failure(std::move(answer).error());
  return std::move(*answer).read();
}

class ServiceTest : public testing::Test {
 protected:
  void answer(const std::string& call, const std::string& body) {
    apple_.on(call, [body](const http::Request&) { return ScriptedApple::json(body); });
  }
  http::Request last() const { return apple_.requests().back(); }

  ScriptedApple apple_;
  http::Client client_;
  ManualClock clock_;
  Service service_{apple_.url(), {"CK", "CS", "AT", "AS", {}}, client_, clock_};
};

// A row has 400 bytes. Of 60 MB nothing is to be kept, let alone read.
TEST_F(ServiceTest, APageIsNoLargerThanItsDevicesCanBe) {
  const auto page_of = [](size_t bytes) {
    return R"({"cursor":"c","more_to_follow":false,"devices":[],"x":")" + std::string(bytes, 'x') + "\"}";
  };
  for (const int limit : {1000, 10}) {
    answer("POST /devices/sync", page_of(8'000'000));
    EXPECT_TRUE(service_.sync_devices(Cursor("c"), limit)) << "8,000 bytes a device";
    answer("POST /devices/sync", page_of(9'000'000));
    const auto page = service_.sync_devices(Cursor("c"), limit);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, Code::remote);
  }
  answer("POST /devices/sync", page_of(9'000'000));
  EXPECT_TRUE(service_.sync_devices(Cursor("c"), 2000)) << "a page of more devices may be larger";
}

TEST_F(ServiceTest, FetchesFromTheBeginningAndOn) {
  answer("POST /server/devices",
         R"({"devices":[{"serial_number":"A"}],"cursor":"c/1","more_to_follow":true})");
  const auto page = read_page(service_.fetch_devices({}, 1000));
  ASSERT_TRUE(page) << page.error().text();
  EXPECT_EQ(last().body, R"({"limit":1000})");
  ASSERT_EQ(page->devices.size(), 1u);
  EXPECT_TRUE(page->more_to_follow);

  ASSERT_TRUE(service_.fetch_devices(page->cursor, 200));
  EXPECT_EQ(last().body, R"({"cursor":"c/1","limit":200})");
  EXPECT_EQ(last().headers.get("Content-Length"), "28");
}

TEST_F(ServiceTest, SyncsWithACursorOnly) {
  answer("POST /devices/sync", R"({"devices":[],"cursor":"c2","more_to_follow":false})");
  const auto page = read_page(service_.sync_devices(Cursor("c1"), 1000));
  ASSERT_TRUE(page) << page.error().text();
  EXPECT_EQ(page->cursor, Cursor("c2"));
  EXPECT_FALSE(page->more_to_follow);
  EXPECT_EQ(last().body, R"({"cursor":"c1","limit":1000})");

  const size_t before = apple_.requests().size();
  const auto refused = service_.sync_devices({}, 1000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid);
  EXPECT_EQ(apple_.requests().size(), before);
}

TEST_F(ServiceTest, AssignsByPut) {
  answer("PUT /profile/devices",
         R"({"profile_uuid":"U","devices":{"A":"SUCCESS","B":"THROTTLED"},"retry_after_seconds":3600})");
  const std::vector<Serial> both = {Serial("A"), Serial("B")};
  const auto answers = service_.assign(ProfileUuid("U"), both);
  ASSERT_TRUE(answers) << answers.error().text();
  EXPECT_EQ(answers->answers.at(Serial("B")).text, "THROTTLED");
  EXPECT_EQ(answers->retry_after, std::chrono::seconds(3600));
  EXPECT_EQ(last().body, R"({"profile_uuid":"U","devices":["A","B"]})");
}

TEST_F(ServiceTest, RemovesByDeleteWithABody) {
  answer("DELETE /profile/devices", R"({"devices":{"A":"SUCCESS"}})");
  const std::vector<Serial> one = {Serial("A")};
  const auto answers = service_.remove_profile(one);
  ASSERT_TRUE(answers) << answers.error().text();
  EXPECT_EQ(answers->answers.at(Serial("A")).text, "SUCCESS");
  EXPECT_EQ(last().method, "DELETE");
  EXPECT_EQ(last().body, R"({"devices":["A"]})");
  EXPECT_EQ(last().headers.get("Content-Length"), "17");
  EXPECT_FALSE(last().headers.has("Transfer-Encoding"));
}

TEST_F(ServiceTest, DisownsInOneCall) {
  answer("POST /devices/disown", R"({"devices":{"A":"SUCCESS","B":"NOT_ACCESSIBLE"}})");
  const std::vector<Serial> both = {Serial("A"), Serial("B")};
  const auto answers = service_.disown(both);
  ASSERT_TRUE(answers) << answers.error().text();
  EXPECT_TRUE(answers->answer_for(Serial("A")).is_success());
  EXPECT_TRUE(answers->answer_for(Serial("B")).is_gone());
  EXPECT_EQ(last().body, R"({"devices":["A","B"]})");
  EXPECT_FALSE(service_.disown(serials(1001)));
}

TEST_F(ServiceTest, LocksWithWhatIsGiven) {
  answer("POST /device/activationlock", R"({"serial_number":"A","response_status":"DEVICE_ALREADY_LOCKED"})");
  const auto word = service_.lock(Serial("A"), "", "");
  ASSERT_TRUE(word) << word.error().text();
  EXPECT_EQ(word->text, "DEVICE_ALREADY_LOCKED");
  EXPECT_EQ(last().body, R"({"device":"A"})");
  ASSERT_TRUE(service_.lock(Serial("A"), "0f", "Call \"us\""));
  EXPECT_EQ(last().body, R"({"device":"A","escrow_key":"0f","lost_message":"Call \"us\""})");
  answer("POST /device/activationlock", "{}");
  EXPECT_FALSE(service_.lock(Serial("A"), "", ""));
}

TEST_F(ServiceTest, TellsWhatADeviceReplaces) {
  answer("GET /device/replacementDetails",
         R"({"serial_number":"NEW","original_device_serial_number":"old ","replacement_date":"2025-01-15"})");
  const auto replacement = service_.replacement(Serial("NEW"));
  ASSERT_TRUE(replacement) << replacement.error().text();
  ASSERT_TRUE(*replacement);
  EXPECT_EQ((*replacement)->original, Serial("OLD"));
  EXPECT_EQ((*replacement)->date, "2025-01-15");
  EXPECT_EQ(last().query.get("device"), "NEW");
  for (const int status : {400, 404}) {
    apple_.on("GET /device/replacementDetails", [=](const http::Request&) {
      return http::Response{status, {}, "DEVICE_NOT_FOUND"};
    });
    const auto none = service_.replacement(Serial("OLD"));
    ASSERT_TRUE(none) << none.error().text();
    EXPECT_FALSE(*none);
  }
  answer("GET /device/replacementDetails", R"({"serial_number":"NEW"})");
  EXPECT_FALSE(service_.replacement(Serial("NEW"))) << "says nothing";
}

TEST_F(ServiceTest, ReadsBetaTokens) {
  answer("GET /os-beta-enrollment/tokens",
         R"({"betaEnrollmentTokens":[{"token":"T","title":"iOS 27 Beta","os":"iOS"},{"title":"no token"},7],
             "seedBuildTokens":[]})");
  const auto tokens = service_.beta_tokens();
  ASSERT_TRUE(tokens) << tokens.error().text();
  ASSERT_EQ(tokens->size(), 1u);
  EXPECT_EQ(tokens->front().token, "T");
  EXPECT_EQ(tokens->front().os, "iOS");
  answer("GET /os-beta-enrollment/tokens", R"({"betaEnrollmentTokens":"none"})");
  EXPECT_FALSE(service_.beta_tokens());
  answer("GET /os-beta-enrollment/tokens", "{}");
  EXPECT_TRUE(service_.beta_tokens()->empty());
}

TEST_F(ServiceTest, SetsReadsAndRemovesTheDiscovery) {
  const char* call = "POST /account-driven-enrollment/profile";
  apple_.on(call, [](const http::Request&) { return http::Response{200, {}, ""}; });
  const auto set = service_.set_enrollment_discovery("https://mdm.example.com/d");
  ASSERT_TRUE(set) << set.error().text();
  EXPECT_EQ(last().body, R"({"mdm_service_discovery_url":"https://mdm.example.com/d"})");
  answer("GET /account-driven-enrollment/profile",
         R"({"mdm_service_discovery_url":"https://x","last_updated_timestamp":"2026-06-14T17:00:00Z"})");
  const auto discovery = service_.enrollment_discovery();
  ASSERT_TRUE(discovery && *discovery);
  EXPECT_EQ((*discovery)->url, "https://x");
  apple_.on("GET /account-driven-enrollment/profile", [](const http::Request&) {
    return http::Response{404, {}, "NOT_FOUND"};
  });
  const auto none = service_.enrollment_discovery();
  ASSERT_TRUE(none) << none.error().text();
  EXPECT_FALSE(*none);
  apple_.on("DELETE /account-driven-enrollment/profile", [](const http::Request&) {
    return http::Response{400, {}, "ORG_NOT_SUPPORTED"};
  });
  const auto removed = service_.remove_enrollment_discovery();
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().remote.word, "ORG_NOT_SUPPORTED");
}

TEST_F(ServiceTest, DefinesAndReadsProfilesAsTheyAre) {
  answer("POST /profile", R"({"profile_uuid":"U1","devices":{"A":"NOT_ACCESSIBLE"}})");
  const std::string document =
      R"({"profile_name":"x","url":"https://e.org", "allow_pairing":false,"new_key":[1]})";
  const auto defined = service_.define_profile(document);
  ASSERT_TRUE(defined) << defined.error().text();
  EXPECT_EQ(defined->uuid, ProfileUuid("U1"));
  EXPECT_EQ(defined->devices.answers.at(Serial("A")).text, "NOT_ACCESSIBLE");
  EXPECT_EQ(last().body, document);

  answer("GET /profile", "{\"profile_uuid\": \"U 1\" ,\n \"x\":1.50}");
  EXPECT_EQ(service_.profile(ProfileUuid("U 1")).value_or(""), "{\"profile_uuid\": \"U 1\" ,\n \"x\":1.50}");
  EXPECT_EQ(last().target, "/profile?profile_uuid=U%201");
}

TEST_F(ServiceTest, AsksForDetailsAndTheAccount) {
  answer(
      "POST /devices",
      R"({"devices":{"A":{"model":"iPad","response_status":"SUCCESS"},"B":{"response_status":"NOT_ACCESSIBLE"}}})");
  const std::vector<Serial> three = {Serial("A"), Serial("B"), Serial("C")};
  const auto details = service_.device_details(three);
  ASSERT_TRUE(details) << details.error().text();
  EXPECT_EQ(details->at(Serial("A")).report.facts.model, "iPad");
  EXPECT_EQ(details->at(Serial("B")).response_status.text, "NOT_ACCESSIBLE");
  EXPECT_FALSE(details->contains(Serial("C")));
  EXPECT_EQ(last().body, R"({"devices":["A","B","C"]})");

  answer(
      "GET /account",
      R"({"server_name":"s","server_uuid":"SU","urls":[{"uri":"/server/devices","limit":{"maximum":500}}]})");
  const auto account = service_.account();
  ASSERT_TRUE(account) << account.error().text();
  EXPECT_EQ(account->page_limit, 500);
  EXPECT_EQ(last().body, "");
}

TEST_F(ServiceTest, RejectsTooManySerialsBeforeAppleSeesThem) {
  for (const size_t count : {size_t{0}, kAssignLimit + 1}) {
    const auto many = serials(count);
    EXPECT_EQ(service_.assign(ProfileUuid("U"), many).error().code, Code::invalid);
    EXPECT_EQ(service_.remove_profile(many).error().code, Code::invalid);
    EXPECT_EQ(service_.device_details(many).error().code, Code::invalid);
  }
  EXPECT_TRUE(apple_.requests().empty());
}

TEST_F(ServiceTest, NoRequestEverLacksAUserAgentOrTheVersion) {
  const auto one = serials(1);
  (void)service_.account();
  (void)service_.fetch_devices({}, 10);
  (void)service_.sync_devices(Cursor("c"), 10);
  (void)service_.device_details(one);
  (void)service_.define_profile("{}");
  (void)service_.profile(ProfileUuid("U"));
  (void)service_.assign(ProfileUuid("U"), one);
  (void)service_.remove_profile(one);
  EXPECT_EQ(apple_.requests().size(), 9u);
  for (const auto& request : apple_.requests()) {
    EXPECT_EQ(request.headers.get("User-Agent"), "Muster/" MUSTER_VERSION) << request.target;
    EXPECT_EQ(request.headers.get("X-Server-Protocol-Version"), "10") << request.target;
    EXPECT_FALSE(request.headers.has("Transfer-Encoding")) << request.target;
    EXPECT_FALSE(request.headers.has("Expect")) << request.target;
  }
}

TEST_F(ServiceTest, PassesApplesCodeOn) {
  apple_.on("POST /devices/sync",
            [](const http::Request&) { return ScriptedApple::word(400, "EXPIRED_CURSOR"); });
  EXPECT_EQ(classify(service_.sync_devices(Cursor("c"), 10).error()), Failure::cursor_expired);

  apple_.on("PUT /profile/devices",
            [](const http::Request&) { return ScriptedApple::word(404, "\"NOT_FOUND\""); });
  const auto one = serials(1);
  EXPECT_EQ(classify(service_.assign(ProfileUuid("U"), one).error()), Failure::profile_unknown);

  apple_.on("GET /account", [](const http::Request&) {
    return http::Response{503, {{"Retry-After", "7"}}, ""};
  });
  const auto busy = service_.account();
  ASSERT_FALSE(busy);
  EXPECT_EQ(classify(busy.error()), Failure::wait);
  EXPECT_EQ(busy.error().remote.retry_after, std::chrono::seconds(7));
}

TEST_F(ServiceTest, PassesAClientsCallOnWithItsSession) {
  apple_.on("POST /roster/class",
            [](const http::Request&) { return ScriptedApple::word(403, "ACCESS_DENIED"); });
  const OwnCall own{.method = "POST",
                    .target = "/roster/class?a=%2B1",
                    .headers = {{"X-Server-Protocol-Version", "7"}},
                    .body = "{}",
                    .has_effect = true};
  const auto refused = service_.pass_on(own);
  ASSERT_TRUE(refused) << "whatever its status, it is Apple's answer";
  EXPECT_EQ(refused->status, 403);
  EXPECT_EQ(refused->body, "ACCESS_DENIED");
  EXPECT_EQ(last().target, "/roster/class?a=%2B1");
  EXPECT_EQ(last().body, "{}");
  EXPECT_EQ(last().headers.get("X-ADM-Auth-Session"), "session-1");
  EXPECT_EQ(last().headers.get("X-Server-Protocol-Version"), "7");
  EXPECT_EQ(last().headers.get("Content-Type"), "application/json;charset=UTF8");
  apple_.on("GET /session",
            [](const http::Request&) { return ScriptedApple::word(403, "token_expiredForbidden"); });
  apple_.on("POST /roster/class",
            [](const http::Request&) { return ScriptedApple::word(401, "UNAUTHORIZED"); });
  const auto without_session = service_.pass_on(own);
  ASSERT_FALSE(without_session);
  EXPECT_EQ(without_session.error().remote.word, "token_expired");
  EXPECT_TRUE(service_.session_is_refused());
}

// A client's call whose answer has no length: "0", "1", "2", ... and perhaps an end.
class PassedInPieces : public ServiceTest {
 protected:
  void answer_in_pieces(int count, bool breaks_off = false) {
    apple_.on("GET /roster", [=](const http::Request&) {
      return test::in_pieces(
          [=](int number) -> Result<std::optional<std::string>> {
            if (number < count) return std::to_string(number);
            if (breaks_off) return failure(Code::internal, "broken");
            return std::nullopt;
          },
          {{"Content-Type", "text/odd"}});
    });
  }
  // What comes of a body, and whether it came to its end.
  static std::pair<std::string, bool> read(http::BodyStream& body) {
    std::string all;
    for (;;) {
      const auto piece = body.next();
      if (!piece || !*piece) return {all, piece.has_value()};
      all += **piece;
    }
  }
  CallCounts::Values counted() const { return counts_->values(); }

  const OwnCall own_{.method = "GET", .target = "/roster"};
  const std::shared_ptr<CallCounts> counts_ = std::make_shared<CallCounts>();
  Service counting_{apple_.url(), {"CK", "CS", "AT", "AS", {}}, client_, clock_, counts_};
};

TEST_F(PassedInPieces, AnAnswerIsCountedAtItsEnd) {
  answer_in_pieces(3);
  const auto answer = counting_.pass_on(own_);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->headers.get("Content-Type"), "text/odd");
  ASSERT_TRUE(answer->stream);
  EXPECT_EQ(read(*answer->stream), std::pair(std::string("012"), true));
  EXPECT_EQ(counted().calls.at({.endpoint = kOther, .status = 200, .code = ""}), 1);
}

TEST_F(PassedInPieces, OneThatBreaksOffCountsAsNone) {
  answer_in_pieces(3, true);
  const auto answer = counting_.pass_on(own_);
  ASSERT_TRUE(answer && answer->stream);
  EXPECT_EQ(read(*answer->stream), std::pair(std::string("012"), false));
  EXPECT_EQ(counted().calls.at({.endpoint = kOther, .status = 0, .code = ""}), 1);
  EXPECT_EQ(apple_.count("GET /roster"), 1U) << "it is not asked for again";
}

TEST_F(PassedInPieces, ARefusedSessionIsReplacedBeforeAnythingIsPassedOn) {
  int calls = 0;
  apple_.on("GET /roster", [&](const http::Request&) {
    if (++calls == 2) return ScriptedApple::word(401, "UNAUTHORIZED");
    return test::in_pieces([](int number) -> Result<std::optional<std::string>> {
      if (number == 0) return "the answer";
      return std::nullopt;
    });
  });
  for (int i = 0; i < 2; ++i) {
    const auto answer = counting_.pass_on(own_);
    ASSERT_TRUE(answer && answer->stream) << i;
    EXPECT_EQ(read(*answer->stream), std::pair(std::string("the answer"), true)) << i;
  }
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(apple_.count("GET /session"), 2U);
}

TEST_F(PassedInPieces, TheSessionInItsHeadIsUsedBeforeItsEnd) {
  apple_.on("GET /roster", [](const http::Request&) {
    return test::in_pieces(
        [](int number) -> Result<std::optional<std::string>> {
          return std::string(number == 0 ? "beginning" : "");
        },
        {{"X-ADM-Auth-Session", "rotated"}});
  });
  const auto answer = counting_.pass_on(own_);
  ASSERT_TRUE(answer && answer->stream);
  EXPECT_TRUE(test::eventually([&] {
    (void)counting_.account();
    return last().headers.get("X-ADM-Auth-Session") == "rotated";
  }));
}

TEST_F(PassedInPieces, AnAnswerThatWouldNotFitIsPassedOnToo) {
  const std::string large(9 << 20, 'x');
  apple_.on("GET /roster", [&](const http::Request&) { return ScriptedApple::json(large); });
  const auto answer = counting_.pass_on(own_);
  ASSERT_TRUE(answer && answer->stream);
  EXPECT_EQ(read(*answer->stream), std::pair(large, true));
  apple_.on("GET /roster", [](const http::Request&) { return ScriptedApple::json("{}"); });
  const auto small = counting_.pass_on(own_);
  ASSERT_TRUE(small) << small.error().text();
  EXPECT_FALSE(small->stream);
  EXPECT_EQ(small->body, "{}");
}

TEST_F(PassedInPieces, OutlivesItsService) {
  answer_in_pieces(3);
  auto service = std::make_unique<Service>(apple_.url(), Token{"CK", "CS", "AT", "AS", {}}, client_, clock_);
  const auto answer = service->pass_on(own_);
  service.reset();  // the account has another token now
  ASSERT_TRUE(answer && answer->stream);
  EXPECT_EQ(read(*answer->stream), std::pair(std::string("012"), true));
}

TEST_F(ServiceTest, AMalformedAnswerIsReported) {
  answer("POST /devices/sync", R"({"devices":[{"serial_number":"A")");
  const auto page = read_page(service_.sync_devices(Cursor("c"), 10));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, Code::remote);
  EXPECT_EQ(page.error().remote.status, 200);
  EXPECT_THAT(page.error().message,
              HasSubstr("malformed answer from Apple to POST /devices/sync: line 1, column"));
  EXPECT_EQ(classify(page.error()), Failure::wait);

  answer("PUT /profile/devices", "<html>please log in</html>");
  const auto one = serials(1);
  const auto assigned = service_.assign(ProfileUuid("U"), one);
  ASSERT_FALSE(assigned);
  EXPECT_EQ(classify(assigned.error()), Failure::wait);
  EXPECT_TRUE(outcome_unknown(assigned.error()));
}

TEST_F(ServiceTest, AnAnswerThatIsCutOrNeverComesIsUnreachable) {
  for (const auto delivery : {http::Response::Delivery::cut, http::Response::Delivery::reset}) {
    apple_.on("POST /profile", [delivery](const http::Request&) {
      auto answer = ScriptedApple::json(R"({"profile_uuid":"U1","devices":{}})");
      answer.delivery = delivery;
      return answer;
    });
    const auto defined = service_.define_profile("{}");
    ASSERT_FALSE(defined);
    EXPECT_EQ(defined.error().code, Code::unreachable);
    EXPECT_EQ(classify(defined.error()), Failure::wait);
    EXPECT_TRUE(outcome_unknown(defined.error()));
  }
  EXPECT_EQ(apple_.count("POST /profile"), 2u);  // never sent again by itself: each may have made a profile
}

TEST_F(ServiceTest, StopEndsACallThatHangs) {
  std::latch asked(1), release(1);
  apple_.on("POST /devices/sync", [&](const http::Request&) {
    asked.count_down();
    release.wait();
    return ScriptedApple::word(503, "");
  });
  std::stop_source stop;
  std::jthread stopper([&] {
    asked.wait();
    stop.request_stop();
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto page = service_.sync_devices(Cursor("c"), 10, stop.get_token());
  EXPECT_LT(std::chrono::steady_clock::now() - begin,
            std::chrono::seconds(10));  // the limit of the call is 60
  ASSERT_FALSE(page);
  EXPECT_EQ(classify(page.error()), Failure::cancelled);
  release.count_down();
  apple_.stop();
}

TEST_F(ServiceTest, NoCallGoesOutBeforeApplesRetryAfter) {
  for (const int status : {200, 400, 429, 503}) {
    apple_.on("POST /devices/sync", [&](const http::Request&) {
      return http::Response{status, {{"Retry-After", "90"}}, status == 200 ? kEmptyPage : ""};
    });
    (void)service_.sync_devices(Cursor("c"), 10);
    const Time until = clock_.now() + 90s;
    EXPECT_EQ(service_.not_before(), until) << status;

    clock_.advance(500ms);
    const size_t before = apple_.requests().size();
    const auto one = serials(1);
    const auto assigned = service_.assign(ProfileUuid("U"), one);
    ASSERT_FALSE(assigned);
    const Error& error = assigned.error();
    EXPECT_EQ(error.code, Code::unreachable);
    EXPECT_EQ(error.message, "Apple requested a pause until " + format_rfc3339(until));
    EXPECT_EQ(error.remote.retry_after, 90s);
    EXPECT_TRUE(is_held_back(error));
    EXPECT_FALSE(outcome_unknown(error));  // it was not sent
    EXPECT_EQ(classify(error), Failure::wait);
    EXPECT_FALSE(service_.account());
    EXPECT_EQ(apple_.requests().size(), before);

    clock_.advance(89'500ms);
    EXPECT_EQ(service_.not_before(), std::nullopt);
    answer("POST /devices/sync", kEmptyPage);
    EXPECT_TRUE(service_.sync_devices(Cursor("c"), 10)) << status;
  }
}

TEST_F(ServiceTest, ThePauseIsRestoredAfterARestartAndHoldsForTheSession) {
  answer("GET /account", R"({"server_uuid":"SU"})");
  service_.set_not_before(clock_.now() + 1h);
  ASSERT_FALSE(service_.account());
  EXPECT_TRUE(apple_.requests().empty());
  clock_.advance(1h);
  EXPECT_TRUE(service_.account());

  service_.set_not_before(clock_.now() + 24h * 365);  // left from before the clock was set back
  EXPECT_TRUE(service_.account());
  service_.set_not_before(clock_.now() + 1h);
  service_.set_not_before(std::nullopt);
  EXPECT_TRUE(service_.account());
}

TEST_F(ServiceTest, ARejectedSessionPausesAllCalls) {
  apple_.on("GET /session", [](const http::Request&) {
    return http::Response{503, {{"Retry-After", "10"}}, ""};
  });
  EXPECT_EQ(service_.account().error().remote.status, 503);
  EXPECT_TRUE(is_held_back(service_.account().error()));
  EXPECT_EQ(apple_.count("GET /session"), 1u);
}

TEST_F(ServiceTest, WithoutRetryAfterNothingIsHeldBack) {
  for (const auto& headers : {http::Headers{}, http::Headers{{"Retry-After", "0"}}}) {
    apple_.on("GET /account", [&](const http::Request&) { return http::Response{429, headers, ""}; });
    EXPECT_EQ(service_.account().error().remote.status, 429);
    EXPECT_EQ(service_.not_before(), std::nullopt);
  }
}

TEST_F(ServiceTest, LearnsApplesClock) {
  apple_.on("GET /account", [](const http::Request&) {
    auto account = ScriptedApple::json(R"({"server_uuid":"SU"})");
    account.headers.set("Date", "Sun, 01 Mar 2026 09:05:00 GMT");  // our clock says 09:00
    return account;
  });
  EXPECT_EQ(service_.apple_now(), clock_.now());
  service_.set_apple_offset(1h);
  EXPECT_EQ(service_.apple_now(), clock_.now() - 1h);
  ASSERT_TRUE(service_.account());
  ASSERT_TRUE(service_.account());
  EXPECT_EQ(service_.apple_offset(), -5min);
  EXPECT_EQ(service_.apple_now(), clock_.now() + 5min);
}

TEST_F(ServiceTest, NothingListensThere) {
  Service nowhere("http://127.0.0.1:1", {"CK", "CS", "AT", "AS", {}}, client_, clock_);
  const auto account = nowhere.account();
  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().code, Code::unreachable);
  EXPECT_EQ(classify(account.error()), Failure::wait);
}

}  // namespace
}  // namespace muster::apple
