#include "model/apple_word.h"

#include "base/text/strings.h"
#include "base/text/utf8.h"

namespace muster {
namespace {

constexpr size_t kLongestUnknown = 64;  // bytes

struct Answer {
  std::string_view word;
  AnswerWord::Kind kind;
};
constexpr Answer kAnswers[] = {{"SUCCESS", AnswerWord::Kind::success},
                               {"NOT_ACCESSIBLE", AnswerWord::Kind::not_accessible},
                               {"NOT_FOUND", AnswerWord::Kind::not_found},
                               {"FAILED", AnswerWord::Kind::failed},
                               {"THROTTLED", AnswerWord::Kind::throttled}};

struct Status {
  std::string_view word;
  ProfileStatus status;
};
constexpr Status kStatuses[] = {{"", ProfileStatus::empty},
                                {"empty", ProfileStatus::empty},
                                {"assigned", ProfileStatus::assigned},
                                {"pushed", ProfileStatus::pushed},
                                {"removed", ProfileStatus::removed}};

}  // namespace

AnswerWord read_answer_word(std::string_view text) {
  const auto word = trim(text);
  if (word.empty()) return {};
  for (const Answer& known : kAnswers)
    if (equals_ignoring_case(known.word, word)) return {known.kind, std::string(known.word)};
  return unknown_word(word);
}

AnswerWord unknown_word(std::string_view text) {
  return {AnswerWord::Kind::unknown, cut_utf8(trim(text), kLongestUnknown)};
}

ProfileStatus profile_status_of(std::string_view stored) {
  for (const Status& known : kStatuses)
    if (known.word == stored) return known.status;
  return ProfileStatus::unknown;
}

std::string_view stored_profile_status(std::string_view text) {
  const auto word = trim(text);
  for (const Status& known : kStatuses)
    if (equals_ignoring_case(known.word, word)) return known.word;
  return text;
}

std::string sql_statuses_without_profile() {
  std::string list;
  for (const Status& known : kStatuses) {
    if (!has_no_profile(known.status)) continue;
    list += (list.empty() ? "('" : ", '") + std::string(known.word) + "'";
  }
  return list + ")";
}

}  // namespace muster
