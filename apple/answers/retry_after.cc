#include "apple/answers/retry_after.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>

#include "base/text/strings.h"

namespace muster::apple {
namespace {

using std::chrono::seconds;

std::optional<seconds> parse_http_date(const std::string& text) {
  const time_t at = curl_getdate(text.c_str(), nullptr);  // all three forms of RFC 9110, whatever the locale
  if (at == -1) return std::nullopt;
  return seconds(at);
}

std::optional<seconds> date_of(const http::Headers& headers) {
  const auto date = headers.get("Date");
  return date ? parse_http_date(*date) : std::nullopt;
}

seconds whole_seconds(Time now) { return std::chrono::floor<seconds>(now.time_since_epoch()); }

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<seconds> retry_after(const http::Headers& headers, Time now) {
  const auto header = headers.get("Retry-After");
  if (!header) return std::nullopt;
  const std::string text(trim(*header));

  if (all_digits(text)) {
    long long count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || count > kLongestRetryAfter.count()) return kLongestRetryAfter;
    return seconds(count);
  }
  // curl_getdate reads much that is no date ("-5", "12"); a date of HTTP always names its month.
  if (std::none_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z'); }))
    return std::nullopt;
  const auto until = parse_http_date(text);
  if (!until) return std::nullopt;
  const seconds from = date_of(headers).value_or(whole_seconds(now));
  return std::clamp(*until - from, seconds(0), kLongestRetryAfter);
}

std::optional<Time> http_date(const http::Headers& headers) {
  const auto date = date_of(headers);
  return date ? std::optional(Time(*date)) : std::nullopt;
}

std::optional<seconds> clock_skew(const http::Headers& headers, Time now) {
  const auto date = date_of(headers);
  if (!date) return std::nullopt;
  return whole_seconds(now) - *date;
}

}  // namespace muster::apple
