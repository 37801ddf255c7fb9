#include "apple/answers/failure.h"

#include "apple/answers/word_table.h"

namespace muster::apple {
namespace {

// A redirect, or a success that cannot be read, is a broken answer: someone else answered, or only half of it
// came.
bool broken(const RemoteAnswer& answer) { return answer.status < 400; }

Failure classify_answer(const RemoteAnswer& answer) {
  if (broken(answer) || answer.status == 408 || answer.status == 429 || answer.status >= 500)
    return Failure::wait;
  // Seen to pass by itself with 400 (fleet #11416); with 401 it is the token or the clock.
  if (answer.status == 400 && answer.word == "oauth_problem_advice") return Failure::wait;
  if (const WordMeaning* meaning = find_word(answer.word)) return meaning->failure;
  // Unknown codes of these two statuses need an operator, too: apple-dep-api.md section 2.5.
  if (answer.status == 401) return Failure::token_rejected;
  if (answer.status == 403) return Failure::forbidden;
  return Failure::refused;
}

}  // namespace

Failure classify(const Error& error) {
  switch (error.code) {
    case Code::remote: return classify_answer(error.remote);
    case Code::cancelled: return Failure::cancelled;
    case Code::unreachable:
    case Code::storage:
    case Code::internal: return Failure::wait;
    default: return Failure::refused;
  }
}

const std::string& code_or_message(const Error& error) {
  return error.remote.word.empty() ? error.message : error.remote.word;
}

bool is_held_back(const Error& error) {
  return error.code == Code::unreachable && error.remote.retry_after.has_value();
}

bool outcome_unknown(const Error& error) {
  switch (error.code) {
    case Code::unreachable: return !is_held_back(error);
    case Code::cancelled:
    case Code::storage:
    case Code::internal: return true;
    case Code::remote:
      return broken(error.remote) || (error.remote.status >= 500 && error.remote.status != 503);
    default: return false;
  }
}

Error with_what_may_be(const Error& error, const std::string& what) {
  Error outer = error;
  outer.hint = error.hint.empty() ? what : what + ". " + error.hint;
  return outer;
}

}  // namespace muster::apple
