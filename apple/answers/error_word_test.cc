#include "apple/answers/error_word.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apple/answers/failure.h"
#include "apple/answers/word_table.h"

namespace muster::apple {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Time kAnsweredAt = from_millis(784'111'777'000);  // Sun, 06 Nov 1994 08:49:37 GMT

Error read_error(int status, const std::string& body, http::Headers headers = {},
                 Asked asked = {"GET /account", false}) {
  return error_of({status, std::move(headers), body}, asked, kAnsweredAt);
}

TEST(ErrorWord, IsFoundInEveryFormThatWasSeen) {
  const std::pair<const char*, const char*> kCases[] = {
      {"ACCESS_DENIED", "ACCESS_DENIED"},
      {"\"ACCESS_DENIED\"", "ACCESS_DENIED"},  // depsim
      {" \r\n\"T_C_NOT_SIGNED\"\r\n", "T_C_NOT_SIGNED"},
      {"t_c_not_signed", "T_C_NOT_SIGNED"},
      {"oauth_problem_adviceBad Request", "oauth_problem_advice"},
      {"oauth_problem_adviceUnauthorized", "oauth_problem_advice"},
      {"token_rejectedForbidden", "token_rejected"},
      {"\"token_expiredForbidden\"", "token_expired"},
      {"signature_invalidUnauthorized", "signature_invalid"},
      {"signature_invalidTeapot", "signature_invalid"},
      {"T_C_NOT_SIGNEDForbidden", "T_C_NOT_SIGNED"},
      {"{\"code\":\"T_C_NOT_SIGNED\"}", "T_C_NOT_SIGNED"},  // Fleet's mocks
      {"{\"error\":\"token_rejected\"}", "token_rejected"},
      {"{\"code\":7,\"text\":\"FORBIDDEN\"}", "FORBIDDEN"},
      {"404 PROFILE_NOT_FOUND", "PROFILE_NOT_FOUND"},
      {"A_WORD_OF_NEXT_YEAR", "A_WORD_OF_NEXT_YEAR"},
      {"NEW_PROFILE_NOT_FOUND_WORD", "NEW_PROFILE_NOT_FOUND_WORD"},
      {"", ""},
      {"\"\"", ""},
      {"Internal Server Error", ""},
      {"<html><title>403 Forbidden</title></html>", ""},
      {"{\"message\":\"no\"}", ""},
  };
  for (const auto& [body, word] : kCases) EXPECT_EQ(error_word(body), word) << body;
}

TEST(ErrorWord, LooksAtTheBeginningOnly) {
  EXPECT_EQ(error_word(std::string(kErrorBodyLimit, ' ') + "FORBIDDEN"), "");
  EXPECT_EQ(error_word(std::string(10'000, 'A')), "");
}

TEST(ErrorWord, OnlyASessionThatEndedIsRenewed) {
  EXPECT_TRUE(refuses_session({401, {}, "UNAUTHORIZED"}));
  EXPECT_TRUE(refuses_session({401, {}, ""}));
  EXPECT_TRUE(refuses_session({403, {}, "FORBIDDEN"}));
  EXPECT_TRUE(refuses_session({403, {}, " \"FORBIDDEN\"\n"}));
  EXPECT_FALSE(refuses_session({403, {}, "T_C_NOT_SIGNED"}));
  EXPECT_FALSE(refuses_session({403, {}, "ACCESS_DENIED"}));
  EXPECT_FALSE(refuses_session({403, {}, "token_rejectedForbidden"}));
  EXPECT_FALSE(refuses_session({403, {}, ""}));
  EXPECT_FALSE(refuses_session({400, {}, "FORBIDDEN"}));
  EXPECT_FALSE(refuses_session({200, {}, "FORBIDDEN"}));
}

TEST(ErrorOf, CarriesWhatAppleSaid) {
  const Error error = read_error(503, "", {{"Retry-After", "120"}});
  EXPECT_EQ(error.code, Code::remote);
  EXPECT_EQ(error.remote.status, 503);
  EXPECT_EQ(error.remote.word, "");
  EXPECT_EQ(error.remote.retry_after, std::chrono::seconds(120));
  EXPECT_EQ(error.text(), "Apple's service is not available (503)");
}

TEST(ErrorOf, SaysWhatToDo) {
  EXPECT_EQ(read_error(403, "token_rejectedForbidden").message, "Apple rejected the token (token_rejected)");
  EXPECT_THAT(read_error(403, "token_rejectedForbidden").hint,
              HasSubstr("mdmctl apply dep-tokens -import FILE"));
  EXPECT_THAT(read_error(403, "T_C_NOT_SIGNED").hint, HasSubstr("must accept the new terms"));
  EXPECT_THAT(read_error(403, "T_C_NOT_SIGNED").hint, Not(HasSubstr("-import")));
  EXPECT_EQ(read_error(418, "NEW_WORD").message, "Apple rejected GET /account (418 NEW_WORD)");
  EXPECT_EQ(read_error(405, "").message, "Apple rejected GET /account (405)");
  EXPECT_EQ(read_error(500, "Internal Server\x01 Error").message,
            "Apple's service failed in GET /account (500 \"Internal Server  Error\")");
  EXPECT_THAT(read_error(502, "<html>Bad Gateway</html>").text(), HasSubstr("a web page"));
  EXPECT_THAT(read_error(502, "<html>Bad Gateway</html>").hint, HasSubstr("proxy"));
  EXPECT_THAT(read_error(302, "").text(), HasSubstr("proxy"));
  EXPECT_EQ(read_error(429, "TOO_MANY_REQUESTS").message,
            "Apple limits the rate of requests (429 TOO_MANY_REQUESTS)");
}

TEST(ErrorOf, NamesAClockThatIsOff) {
  const http::Headers kAhead{{"Date", "Sun, 06 Nov 1994 08:37:37 GMT"}};
  const http::Headers kBehind{{"Date", "Sun, 06 Nov 1994 09:49:37 GMT"}};
  const http::Headers kRight{{"Date", "Sun, 06 Nov 1994 08:49:36 GMT"}};
  EXPECT_THAT(read_error(401, "oauth_problem_adviceUnauthorized", kAhead).hint,
              HasSubstr("clock is 12m ahead of Apple's"));
  EXPECT_THAT(read_error(403, "signature_invalid", kBehind).hint, HasSubstr("clock is 1h behind Apple's"));
  EXPECT_THAT(read_error(401, "oauth_problem_adviceUnauthorized", kRight).hint, Not(HasSubstr("clock is 1")));
  EXPECT_THAT(read_error(403, "signature_invalid", kBehind).hint,
              Not(HasSubstr("Download")));  // it would not help
  EXPECT_THAT(read_error(403, "signature_invalid", {{"Date", "Sun, 06 Nov 1994 08:47:37 GMT"}}).hint,
              AllOf(HasSubstr("clock is 2m ahead of Apple's"), HasSubstr("Download")));
  EXPECT_THAT(read_error(403, "ACCESS_DENIED", kAhead).hint, Not(HasSubstr("clock")));
}

TEST(ErrorOf, AnUnknownProfileIsOneThatTheCallNamed) {
  EXPECT_EQ(read_error(404, "NOT_FOUND", {}, {"PUT /profile/devices", true}).message,
            "Apple does not know the profile (NOT_FOUND)");
  EXPECT_EQ(read_error(400, "NOT_FOUND", {}, {"POST /profile", false}).message,
            "Apple rejected POST /profile (400 NOT_FOUND)");
}

// Apple's own word is in every message, whatever we make of it: users search for it.
TEST(WordTable, EveryWordIsShown) {
  for (const WordMeaning& row : word_table())
    for (const int status : {400, 403, 429, 500})
      EXPECT_THAT(read_error(status, std::string(row.word)).message, HasSubstr(std::string(row.word)))
          << status;
}

TEST(WordTable, HasEachWordOnce) {
  for (const WordMeaning& row : word_table()) EXPECT_EQ(find_word(row.word), &row) << row.word;
}

struct Case {
  int status;
  const char* body;
  Failure failure;
  bool outcome_unknown;
};

TEST(Failure, IsDecidedByStatusAndWord) {
  const Case kCases[] = {
      {503, "", Failure::wait, false},
      {500, "Internal Server Error", Failure::wait, true},
      {504, "<html>", Failure::wait, true},
      {500, "token_rejected", Failure::wait, true},
      {429, "TOO_MANY_REQUESTS", Failure::wait, false},
      {408, "", Failure::wait, false},
      {302, "", Failure::wait, true},
      {200, "<html>log in</html>", Failure::wait, true},
      {400, "oauth_problem_adviceBad Request", Failure::wait, false},
      {401, "oauth_problem_adviceUnauthorized", Failure::token_rejected, false},
      {401, "UNAUTHORIZED", Failure::token_rejected, false},
      {401, "", Failure::token_rejected, false},
      {403, "FORBIDDEN", Failure::forbidden, false},
      {403, "\"T_C_NOT_SIGNED\"", Failure::terms_unsigned, false},
      {403, "token_expiredForbidden", Failure::token_expired, false},
      {401, "token_rejectedUnauthorized", Failure::token_rejected, false},
      {403, "signature_invalid", Failure::token_rejected, false},
      {403, "ACCESS_DENIED", Failure::forbidden, false},
      {403, "A_NEW_REASON", Failure::forbidden, false},
      {400, "EXPIRED_CURSOR", Failure::cursor_expired, false},
      {400, "\"INVALID_CURSOR\"", Failure::cursor_expired, false},
      {400, "CURSOR_REQUIRED", Failure::cursor_expired, false},
      {400, "EXHAUSTED_CURSOR", Failure::cursor_exhausted, false},
      {404, "NOT_FOUND", Failure::profile_unknown, false},
      {400, "NOT_FOUND", Failure::profile_unknown, false},
      {404, "PROFILE_NOT_FOUND", Failure::profile_unknown, false},
      {404, "<html>Not Found</html>", Failure::refused, false},
      {400, "CONFIG_URL_REQUIRED", Failure::refused, false},
      {400, "WORD_OF_NEXT_YEAR", Failure::refused, false},
      {405, "", Failure::refused, false},
  };
  for (const Case& c : kCases) {
    const Error error = read_error(c.status, c.body);
    EXPECT_EQ(classify(error), c.failure) << c.status << " " << c.body;
    EXPECT_EQ(outcome_unknown(error), c.outcome_unknown) << c.status << " " << c.body;
  }
}

TEST(Failure, WithoutAnAnswer) {
  EXPECT_EQ(classify({Code::unreachable, "reset", {}}), Failure::wait);
  EXPECT_TRUE(outcome_unknown({Code::unreachable, "reset", {}}));
  EXPECT_EQ(classify({Code::cancelled, "stop", {}}), Failure::cancelled);
  EXPECT_TRUE(outcome_unknown({Code::cancelled, "stop", {}}));
  EXPECT_EQ(classify({Code::invalid, "too many", {}}), Failure::refused);
  EXPECT_FALSE(outcome_unknown({Code::invalid, "too many", {}}));
  EXPECT_EQ(classify({Code::remote, "too long an answer", {}}), Failure::wait);
  EXPECT_TRUE(outcome_unknown({Code::remote, "too long an answer", {}}));
}

}  // namespace
}  // namespace muster::apple
