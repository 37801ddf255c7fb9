// Apple's failing answers: the error word and both forms of Retry-After. The input is the answer as curl -i
// would show it: the status, headers, an empty line, the body.
#include <algorithm>
#include <charconv>

#include "apple/answers/error_word.h"
#include "apple/answers/failure.h"
#include "apple/answers/retry_after.h"
#include "apple/answers/word_table.h"
#include "base/text/strings.h"
#include "fuzz/check.h"

namespace {

using namespace muster;
using fuzz::check;

const Time kNow = from_millis(1'772'355'600'000);

std::string_view take_line(std::string_view& text) {
  const auto line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

http::Response read_response(std::string_view text) {
  http::Response response;
  const auto status = take_line(text);
  std::from_chars(status.data(), status.data() + status.size(), response.status);
  while (!text.empty()) {
    const auto line = take_line(text);
    if (line.empty()) break;
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    response.headers.add(std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1))));
  }
  response.body = text;
  return response;
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const std::string input = fuzz::text_of(data, size);
  const http::Response response = read_response(input);

  const std::string word = apple::error_word(response.body);
  check(word.size() <= 64 && is_printable(word), "a word is short and printable", word);
  if (apple::find_word(word)) {  // one that is unknown may look like two that are glued together
    check(apple::error_word(word) == word, "a known word is its own word", word);
    check(apple::error_word("\"" + word + "\"\n") == word, "in quotes, too", word);
    check(apple::error_word(word + "Forbidden") == word, "and with the status' reason behind it", word);
  }

  const auto wait = apple::retry_after(response.headers, kNow);
  if (wait) check(wait->count() >= 0 && *wait <= apple::kLongestRetryAfter, "a wait has an end");
  (void)apple::clock_skew(response.headers, kNow);

  (void)apple::refuses_session(response);
  for (const bool names_profile : {false, true}) {
    const Error error = apple::error_of(response, {"PUT /profile/devices", names_profile}, kNow);
    check(error.code == Code::remote && error.remote.word == word && error.remote.retry_after == wait,
          "the error says what the answer said");
    check(is_printable(error.text()) && error.text().size() < 2000, "and can be shown", error.text());
    (void)apple::classify(error);
    (void)apple::outcome_unknown(error);
  }
  return 0;
}
