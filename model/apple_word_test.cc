#include "model/apple_word.h"

#include <gtest/gtest.h>

#include "model/device.h"

namespace muster {
namespace {

using Kind = AnswerWord::Kind;

TEST(AnswerWordTest, KnownWordsInAnyCase) {
  const std::pair<const char*, Kind> kCases[] = {
      {"SUCCESS", Kind::success},
      {" success\n", Kind::success},
      {"NOT_ACCESSIBLE", Kind::not_accessible},
      {"not_found", Kind::not_found},
      {"Failed", Kind::failed},
      {"THROTTLED", Kind::throttled},
      {"", Kind::missing},
      {" \t", Kind::missing},
      {"SUCCESS.", Kind::unknown},
      {"DEFERRED", Kind::unknown},
  };
  for (const auto& [text, kind] : kCases) EXPECT_EQ(read_answer_word(text).kind, kind) << text;
  EXPECT_EQ(read_answer_word(" not_accessible ").text, "NOT_ACCESSIBLE");
  EXPECT_EQ(read_answer_word(" Deferred ").text, "Deferred");
  EXPECT_EQ(read_answer_word("").text, "");
}

TEST(AnswerWordTest, ALongWordIsCutAtACharacter) {
  EXPECT_EQ(read_answer_word(std::string(64, 'x')).text, std::string(64, 'x'));
  EXPECT_EQ(read_answer_word(std::string(63, 'x') + "\u00e9y").text, std::string(63, 'x') + "...");
}

TEST(ProfileStatusTest, AKnownWordIsStoredInLowerCase) {
  EXPECT_EQ(stored_profile_status(" Assigned "), "assigned");
  EXPECT_EQ(stored_profile_status("PUSHED"), "pushed");
  EXPECT_EQ(stored_profile_status("Pending"), "Pending");
  EXPECT_EQ(stored_profile_status(""), "");
}

TEST(ProfileStatusTest, AnUnknownWordDoesNotSayThatTheProfileBesideItIsNotTheDevices) {
  struct Case {
    const char* word;
    bool has, has_not;
  };
  for (const Case& c : {Case{"", false, true}, Case{"empty", false, true}, Case{"removed", false, true},
                        Case{"assigned", true, false}, Case{"pushed", true, false},
                        Case{"pending", true, false}, Case{"Assigned", true, false}}) {
    DeviceFacts facts;
    facts.profile_status = c.word;
    facts.profile_uuid = ProfileUuid("U");
    EXPECT_EQ(facts.has_profile(ProfileUuid("U")), c.has) << c.word;
    EXPECT_EQ(facts.has_no_profile(), c.has_not) << c.word;
    EXPECT_FALSE(facts.has_profile(ProfileUuid("V")) || facts.has_profile(ProfileUuid())) << c.word;
  }
}

TEST(ProfileStatusTest, SqlGetsTheSameWords) {
  EXPECT_EQ(sql_statuses_without_profile(), "('', 'empty', 'removed')");
}

}  // namespace
}  // namespace muster
