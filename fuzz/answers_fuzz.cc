// Apple's other answers, as bytes, each read by every decoder: details, per-serial answers, profiles, the
// account, the session.
#include "apple/answers/decode.h"
#include "apple/answers/json_document.h"
#include "fuzz/check.h"

namespace {

using namespace muster;
using fuzz::check;

constexpr size_t kLongestWord = 64 + 3;              // cut, with "..."
constexpr std::chrono::hours kLongestWait{30 * 24};  // see decode.cc

template <class T>
const T* good(const Result<T>& result) {
  if (result) return &*result;
  check(result.error().code == Code::remote, "what cannot be read is Apple's error");
  check(!result.error().message.empty(), "with a reason");
  return nullptr;
}

void check_answers(const apple::SerialAnswers& answers) {
  for (const auto& [serial, word] : answers.answers) {
    check(word.text.size() <= kLongestWord, "an answer is short");
    check(word.kind != AnswerWord::Kind::missing && !word.text.empty(), "an entry has a word");
    check(answers.answer_for(serial) == word, "and is found");
  }
  if (answers.retry_after)
    check(answers.retry_after->count() >= 0 && *answers.retry_after <= kLongestWait, "a wait has an end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string body = fuzz::text_of(data, size);
  if (const auto session = apple::decode_session(body); good(session))
    check(!session->empty(), "a session is a text");
  if (const auto account = apple::decode_account(body); good(account)) {
    check(account->page_limit >= 1 && account->page_limit <= 10'000, "a page limit can be asked for");
    check(apple::JsonDocument::parse(account->json).has_value(), "the account is kept as JSON");
  }
  if (const auto profile = apple::decode_profile(body); good(profile))
    check(apple::JsonDocument::parse(*profile).has_value(), "a profile is JSON");
  if (const auto answers = apple::decode_serial_answers(body); good(answers)) check_answers(*answers);
  if (const auto defined = apple::decode_defined_profile(body); good(defined)) {
    check(!defined->uuid.empty(), "a defined profile has a UUID");
    check_answers(defined->devices);
  }
  if (const auto details = apple::decode_details(body); good(details))
    for (const auto& [serial, entry] : *details) {
      check(serial == entry.report.serial && entry.response_status.kind != AnswerWord::Kind::missing,
            "an entry is about its serial");
      check(apple::JsonDocument::parse("{\"entry\":" + entry.json + "}").has_value(), "and kept as JSON",
            entry.json);
    }
  return 0;
}
