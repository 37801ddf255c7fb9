#include "apple/answers/error_word.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/value.hpp>
#include <cstdlib>

#include "apple/answers/retry_after.h"
#include "apple/answers/word_table.h"
#include "base/text/flags.h"
#include "base/text/json.h"
#include "base/text/strings.h"

namespace muster::apple {
namespace {

constexpr size_t kLongestWord = 64;      // Apple's longest known has 34 characters
constexpr size_t kLongestExcerpt = 200;  // characters of a body that is no word, in a message

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word_char(char c) { return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || c == '_'; }

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= kLongestWord && std::all_of(text.begin(), text.end(), is_word_char);
}

// depsim quotes its words.
std::string_view strip(std::string_view text) {
  text = trim(text);
  while (!text.empty() && (text.front() == '"' || text.front() == '\'')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '"' || text.back() == '\'')) text.remove_suffix(1);
  return trim(text);
}

// `oauth_problem_adviceBad Request`, `token_rejectedForbidden`: the word and the status' reason, glued
// together.
std::string_view unglue(std::string_view text) {
  static constexpr std::string_view kReasons[] = {
      "Bad Request",       "Unauthorized",          "Forbidden",          "Not Found",
      "Too Many Requests", "Internal Server Error", "Service Unavailable"};
  for (const auto reason : kReasons) {
    if (text.size() <= reason.size() || !text.ends_with(reason)) continue;
    const auto word = text.substr(0, text.size() - reason.size());
    if (is_word(word)) return word;
  }
  // A reason that is not in the list: the lower-case words end where the capitals begin.
  if (!text.empty() && is_lower(text.front())) {
    const auto end =
        std::find_if_not(text.begin(), text.end(), [](char c) { return is_lower(c) || c == '_'; });
    if (end != text.end() && is_upper(*end)) return text.substr(0, static_cast<size_t>(end - text.begin()));
  }
  return text;
}

std::string code_of_json(std::string_view body) {
  const auto json = parse_json(body);
  if (!json || !json->is_object()) return {};
  for (const char* key : {"code", "error"})
    if (const auto* code = json->as_object().if_contains(key); code && code->is_string())
      return std::string(code->as_string().data(), code->as_string().size());
  return {};
}

// The longest known word inside a sentence: `PROFILE_NOT_FOUND` holds `NOT_FOUND`, too. In Apple's spelling
// only, so that a proxy's page with "Forbidden" in it is not taken for Apple's answer.
const WordMeaning* word_within(std::string_view text) {
  const WordMeaning* best = nullptr;
  for (const WordMeaning& row : word_table())
    if (text.find(row.word) != std::string_view::npos && (!best || row.word.size() > best->word.size()))
      best = &row;
  return best;
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : trim(text).substr(0, kLongestExcerpt)) line += c >= ' ' && c <= '~' ? c : ' ';
  return line;
}

// The text in parentheses of a message: the status and Apple's error code, or an excerpt of the body.
std::string evidence(const http::Response& response, const std::string& word) {
  if (!word.empty()) return fmt::format("{} {}", response.status, word);
  const auto body = trim(std::string_view(response.body).substr(0, kErrorBodyLimit));
  if (body.empty()) return fmt::format("{}", response.status);
  if (body.starts_with('<')) return fmt::format("{}, a web page", response.status);
  return fmt::format("{} \"{}\"", response.status, one_line(body));
}

std::string general_message(const http::Response& response, const Asked& asked, const std::string& word) {
  const std::string shown = evidence(response, word);
  if (response.status == 429) return fmt::format("Apple limits the rate of requests ({})", shown);
  if (response.status == 503) return fmt::format("Apple's service is not available ({})", shown);
  if (response.status >= 500) return fmt::format("Apple's service failed in {} ({})", asked.what, shown);
  if (response.status < 400) return fmt::format("unexpected answer to {} ({})", asked.what, shown);
  return fmt::format("Apple rejected {} ({})", asked.what, shown);
}

std::string general_hint(const http::Response& response) {
  if (trim(response.body).starts_with('<') || (response.status >= 300 && response.status < 400))
    return "The answer probably came from a proxy, not from Apple";
  return {};
}

// A wrong clock invalidates signatures. Apple does not document its tolerance; five minutes is usual.
std::string with_clock_skew(std::string hint, const http::Response& response, Time now) {
  constexpr std::chrono::minutes kWorthReporting{1};
  constexpr std::chrono::minutes kCertainCause{5};
  const auto skew = clock_skew(response.headers, now);
  if (!skew || std::chrono::abs(*skew) < kWorthReporting) return hint;
  const std::string remedy =
      fmt::format("This machine's clock is {} {} Apple's: correct it (NTP)",
                  format_duration(std::chrono::abs(*skew)), skew->count() > 0 ? "ahead of" : "behind");
  return std::chrono::abs(*skew) >= kCertainCause ? remedy : remedy + ". " + hint;
}

}  // namespace

std::string error_word(std::string_view body) {
  body = body.substr(0, kErrorBodyLimit);
  std::string code;
  if (trim(body).starts_with('{')) {
    code = code_of_json(body);
    if (!code.empty()) body = code;
  }
  const auto word = unglue(strip(body));
  if (const WordMeaning* known = find_word(word)) return std::string(known->word);
  if (is_word(word)) return std::string(word);
  if (const WordMeaning* known = word_within(word)) return std::string(known->word);
  return {};
}

bool refuses_session(const http::Response& response) {
  if (response.status == 401) return true;
  const auto body = std::string_view(response.body).substr(0, kErrorBodyLimit);
  return response.status == 403 && body.find("FORBIDDEN") != std::string_view::npos;
}

Error error_of(const http::Response& response, const Asked& asked, Time now) {
  Error error{
      Code::remote, {}, {}, {response.status, error_word(response.body), retry_after(response.headers, now)}};
  const WordMeaning* meaning = find_word(error.remote.word);
  if (meaning && meaning->failure == Failure::profile_unknown && !asked.names_profile) meaning = nullptr;
  if (meaning && (response.status < 400 || response.status >= 500))
    meaning = nullptr;  // the status says more

  if (meaning && !meaning->says.empty()) {
    error.message = fmt::format("{} ({})", meaning->says, error.remote.word);
    error.hint = meaning->hint;
  } else {
    error.message = general_message(response, asked, error.remote.word);
    error.hint = general_hint(response);
  }
  if (error.remote.word == "oauth_problem_advice" || error.remote.word == "signature_invalid")
    error.hint = with_clock_skew(std::move(error.hint), response, now);
  return error;
}

}  // namespace muster::apple
