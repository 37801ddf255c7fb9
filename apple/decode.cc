#include "apple/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "apple/device_row.h"
#include "apple/json_document.h"
#include "base/strings.h"

namespace muster::apple {
namespace {

constexpr size_t kLongestExcerpt = 200;   // bytes of an odd row in its description
constexpr size_t kLongestOddAnswer = 64;  // bytes of an answer for a serial that is no text
constexpr int kUsualPageLimit = 1000;     // what Apple advertises in 2025 and 2026
constexpr int kLargestPageLimit =
    10'000;  // 5,000 was advertised in 2018; more would not fit our limit on answers
constexpr long long kLongestThrottle = 30LL * 24 * 3600;  // seconds; Apple's are about a day

tl::unexpected<Error> broken(std::string why) { return failure(Code::remote, std::move(why)); }

// Whole numbers in any of the forms that JSON has for them, as text, too.
std::optional<long long> number(std::optional<JsonValue> value) {
  if (!value) return std::nullopt;
  if (std::int64_t whole = 0; !value->get(whole)) return whole;
  if (double real = 0; !value->get(real) && std::abs(real) < 1e15) return static_cast<long long>(real);
  if (const auto string = as_text(*value)) {
    const auto text = trim(*string);
    long long parsed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (error == std::errc() && end == text.data() + text.size() && !text.empty()) return parsed;
  }
  return std::nullopt;
}

// A boolean, or its word: Apple's old reference shows "false" (apple-dep-api.md section 4.2).
std::optional<bool> truth(JsonValue value) {
  if (bool boolean = false; !value.get(boolean)) return boolean;
  if (const auto text = as_text(value)) {
    if (equals_ignoring_case(trim(*text), "true")) return true;
    if (equals_ignoring_case(trim(*text), "false")) return false;
  }
  return std::nullopt;
}

// At most `limit` bytes, and no half character at the end.
std::string cut(std::string text, size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  text.resize(limit);
  return text + "...";
}

std::string excerpt(JsonValue value) {
  std::string text;
  append_json(text, value);
  return cut(std::move(text), kLongestExcerpt);
}

std::string describe_odd(size_t number_in_page, JsonValue row) {
  if (!row.is_object()) return fmt::format("row {} is {}: {}", number_in_page, kind_of(row), excerpt(row));
  return fmt::format("row {} has no readable serial_number: {}", number_in_page, excerpt(row));
}

void read_rows(JsonArray rows, DevicePage& page) {
  page.devices.reserve(rows.size());
  size_t seen = 0, odd = 0;
  for (const auto row : rows) {
    ++seen;
    if (const auto object = as_object(row)) {
      DeviceReport report = read_device(*object);
      if (!report.serial.empty()) {
        page.devices.push_back(std::move(report));
        continue;
      }
    }
    if (++odd <= kOddRowsDescribed) page.odd_rows.push_back(describe_odd(seen, row));
  }
  if (odd > kOddRowsDescribed)
    page.odd_rows.push_back(fmt::format("and {} rows more", odd - kOddRowsDescribed));
}

// The object `devices`, keyed by serial.
Result<std::optional<JsonObject>> serials_of(JsonObject answer) {
  const auto value = find_value(answer, "devices");
  if (!value) return std::nullopt;
  if (const auto object = as_object(*value)) return object;
  return broken(fmt::format("`devices` is {} where an object should be", kind_of(*value)));
}

Result<SerialAnswers> read_answers(JsonObject answer) {
  SerialAnswers result;
  MUSTER_TRY(const auto devices, serials_of(answer));
  if (devices)
    for (const auto member : *devices) {
      if (is_nothing(member.value)) continue;  // as good as missing: retried
      std::string word;
      if (const auto text = as_text(member.value))
        word = trim(*text);
      else
        append_json(word, member.value);
      result.answers.emplace(Serial(std::string(member.key)), cut(std::move(word), kLongestOddAnswer));
    }
  if (const auto seconds = number(member_of(answer, "retry_after_seconds")); seconds && *seconds >= 0)
    result.retry_after = std::chrono::seconds(std::min(*seconds, kLongestThrottle));
  return result;
}

// The smallest maximum of the two calls that page.
int page_limit_of(JsonObject account) {
  int limit = 0;
  const auto urls = member_of(account, "urls");
  const auto list = urls ? as_array(*urls) : std::nullopt;
  if (!list) return kUsualPageLimit;
  for (const auto url : *list) {
    const auto entry = as_object(url);
    if (!entry) continue;
    const std::string uri = find_text(*entry, "uri");
    if (uri != "/server/devices" && uri != "/devices/sync") continue;
    const auto limits = member_of(*entry, "limit");
    const auto bounds = limits ? as_object(*limits) : std::nullopt;
    if (!bounds) continue;
    const auto maximum = number(member_of(*bounds, "maximum"));
    if (!maximum || *maximum < 1) continue;
    const int bounded = static_cast<int>(std::min<long long>(*maximum, kLargestPageLimit));
    limit = limit == 0 ? bounded : std::min(limit, bounded);
  }
  return limit == 0 ? kUsualPageLimit : limit;
}

}  // namespace

Result<std::string> decode_session(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  std::string session = find_text(document->root(), "auth_session_token");
  if (session.empty()) return broken("it has no auth_session_token");
  return session;
}

Result<AppleAccount> decode_account(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  const JsonObject root = document->root();
  AppleAccount account;
  account.server_name = find_text(root, "server_name");
  account.server_uuid = find_text(root, "server_uuid");
  account.org_name = find_text(root, "org_name");
  account.admin_id = find_text(root, "admin_id");
  if (account.admin_id.empty()) account.admin_id = find_text(root, "facilitator_id");  // its older name
  account.page_limit = page_limit_of(root);
  account.json = document->text();
  if (account.server_uuid.empty() && account.server_name.empty())
    return broken("it has neither server_uuid nor server_name");
  return account;
}

Result<DevicePage> decode_page(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  const JsonObject root = document->root();
  DevicePage page;
  page.cursor = Cursor(find_text(root, "cursor"));
  if (const auto more = find_value(root, "more_to_follow")) {
    const auto read = truth(*more);
    // Neither guess is safe: a list that only seems to have ended makes tombstones.
    if (!read) return broken(fmt::format("`more_to_follow` is {}", excerpt(*more)));
    page.more_to_follow = *read;
  }
  if (page.more_to_follow && page.cursor.empty())
    return broken("more is to follow, and there is no cursor to ask with");

  const auto devices = find_value(root, "devices");
  if (!devices) return page;
  const auto rows = as_array(*devices);
  if (!rows) return broken(fmt::format("`devices` is {} where an array should be", kind_of(*devices)));
  read_rows(*rows, page);
  return page;
}

Result<std::map<Serial, DeviceDetails>> decode_details(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  MUSTER_TRY(const auto devices, serials_of(document->root()));
  std::map<Serial, DeviceDetails> result;
  if (!devices) return result;
  for (const auto member : *devices) {
    Serial serial{std::string(member.key)};
    DeviceDetails details;
    if (const auto word = as_text(member.value)) {  // the status alone, as the other calls answer
      details.response_status = *word;
    } else if (const auto entry = as_object(member.value)) {
      details.response_status = find_text(*entry, "response_status");
      // A device without a status is one that was found: Apple's own sample lacks other keys there
      // (section 4.3).
      if (!find_value(*entry, "response_status") && entry->size() > 0) details.response_status = "SUCCESS";
      details.report = read_device(*entry);
    }
    if (details.response_status.empty()) continue;  // odd: as if it were missing
    details.report.serial = serial;                 // entries may lack their own
    append_json(details.json, member.value);
    result.emplace(std::move(serial), std::move(details));
  }
  return result;
}

Result<SerialAnswers> decode_serial_answers(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  return read_answers(document->root());
}

Result<DefinedProfile> decode_defined_profile(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  DefinedProfile defined;
  defined.uuid = ProfileUuid(find_text(document->root(), "profile_uuid"));
  if (defined.uuid.empty()) return broken("it has no profile_uuid");
  MUSTER_TRY(defined.devices, read_answers(document->root()));
  return defined;
}

Result<std::string> decode_profile(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  return document->text();
}

Error broken_answer(Error why, const std::string& call, int status) {
  Error error = why.while_doing("Apple's answer to " + call + " is broken");
  error.remote.status = status;
  return error;
}

}  // namespace muster::apple
