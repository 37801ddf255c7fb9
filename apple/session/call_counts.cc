#include "apple/session/call_counts.h"

#include <algorithm>
#include <array>

#include "apple/answers/error_word.h"
#include "apple/answers/word_table.h"

namespace muster::apple {
namespace {

// Those of service.cc, and what a client's own calls may be (OwnCall).
constexpr std::array<std::string_view, 17> kCountedEndpoints = {
    "GET /session",
    "GET /account",
    "POST /server/devices",
    "POST /devices/sync",
    "POST /devices",
    "POST /devices/disown",
    "POST /profile",
    "GET /profile",
    "PUT /profile/devices",
    "POST /profile/devices",
    "DELETE /profile/devices",
    "POST /device/activationlock",
    "GET /device/replacementDetails",
    "GET /os-beta-enrollment/tokens",
    "GET /account-driven-enrollment/profile",
    "POST /account-driven-enrollment/profile",
    "DELETE /account-driven-enrollment/profile",
};

std::string_view counted_endpoint(std::string_view method, std::string_view path) {
  const auto found =
      std::find_if(kCountedEndpoints.begin(), kCountedEndpoints.end(), [&](std::string_view known) {
        const auto space = known.find(' ');
        return known.substr(0, space) == method && known.substr(space + 1) == path;
      });
  return found == kCountedEndpoints.end() ? kOther : *found;
}

std::string_view counted_code(const http::Response& response) {
  if (response.status < 400) return "";
  const std::string word = error_word(response.body);
  if (word.empty()) return "";
  const WordMeaning* const known = find_word(word);
  return known ? known->word : kOther;
}

std::string_view counted_answer(AnswerWord::Kind kind) {
  switch (kind) {
    case AnswerWord::Kind::success: return "SUCCESS";
    case AnswerWord::Kind::not_accessible: return "NOT_ACCESSIBLE";
    case AnswerWord::Kind::not_found: return "NOT_FOUND";
    case AnswerWord::Kind::failed: return "FAILED";
    case AnswerWord::Kind::throttled: return "THROTTLED";
    case AnswerWord::Kind::missing: return "none";
    case AnswerWord::Kind::unknown: return kOther;
  }
  return kOther;
}

}  // namespace

void CallCounts::add_call(std::string_view method, std::string_view path,
                          const Result<http::Response>& answer) {
  const Kind kind{.endpoint = counted_endpoint(method, path),
                  .status = answer ? answer->status : 0,
                  .code = answer ? counted_code(*answer) : ""};
  values_.with([&](Values& values) { ++values.calls[kind]; });
}

void CallCounts::add_pause(Millis wait) {
  values_.with([&](Values& values) {
    ++values.pauses;
    values.paused += wait;
  });
}

void CallCounts::add_assigned(const SerialAnswers& answers, size_t asked) {
  std::map<std::string_view, long long> counts;
  for (const auto& [serial, word] : answers.answers) ++counts[counted_answer(word.kind)];
  if (answers.answers.size() < asked)
    counts[counted_answer(AnswerWord::Kind::missing)] +=
        static_cast<long long>(asked - answers.answers.size());
  values_.with([&](Values& values) {
    for (const auto& [answer, count] : counts) values.assigned[answer] += count;
  });
}

void CallCounts::add_rejected(size_t asked) {
  values_.with([&](Values& values) { values.assigned["rejected"] += static_cast<long long>(asked); });
}

CallCounts::Values CallCounts::values() const {
  return values_.with([](const Values& values) { return values; });
}

}  // namespace muster::apple
