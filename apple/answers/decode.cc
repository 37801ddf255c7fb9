#include "apple/answers/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "apple/answers/device_row.h"
#include "apple/answers/json_document.h"
#include "base/text/strings.h"
#include "base/text/utf8.h"
#include "model/text/ids_text.h"

namespace muster::apple {
namespace {

constexpr size_t kLongestRowExcerpt = 200;  // bytes of an odd row in its description
constexpr int kUsualPageLimit = 1000;       // what Apple advertises in 2025 and 2026
constexpr int kLargestPageLimit = 5000;     // was advertised in 2018

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

// The value of a key that must not come twice: either value could be the right one. Nothing when the key is
// missing, null or "".
Result<std::optional<JsonValue>> only_value(JsonObject object, std::string_view key) {
  std::optional<JsonValue> found;
  for (const auto member : object) {
    if (member.key != key) continue;
    if (found) return broken(fmt::format("duplicate key `{}`", key));
    found = member.value;
  }
  return found && !is_nothing(*found) ? found : std::nullopt;
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

std::string excerpt(JsonValue value) {
  std::string text;
  append_json(text, value);
  return cut_utf8(text, kLongestRowExcerpt);
}

std::string describe_odd(size_t number_in_page, JsonValue row) {
  if (!row.is_object()) return fmt::format("row {} is {}: {}", number_in_page, kind_of(row), excerpt(row));
  return fmt::format("row {} has no valid serial_number: {}", number_in_page, excerpt(row));
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
    page.odd_rows.push_back(fmt::format("and {} more rows", odd - kOddRowsDescribed));
}

// The object `devices`, keyed by serial.
Result<std::optional<JsonObject>> serials_of(JsonObject answer) {
  MUSTER_TRY(const auto value, only_value(answer, "devices"));
  if (!value) return std::nullopt;
  if (const auto object = as_object(*value)) return object;
  return broken(fmt::format("`devices` is {}, expected an object", kind_of(*value)));
}

// Apple's answer in any form: what is no text is a word that is unknown.
AnswerWord word_of(JsonValue value) {
  if (is_nothing(value)) return {};
  if (const auto text = as_text(value)) return read_answer_word(*text);
  std::string json;
  append_json(json, value);
  return read_answer_word(json);
}

// Two entries for one serial number that say different things: either could be the right one.
AnswerWord contradiction(const AnswerWord& one, const AnswerWord& other) {
  return read_answer_word("two answers: " + one.text + ", " + other.text);
}

Result<SerialAnswers> read_answers(JsonObject answer) {
  SerialAnswers result;
  MUSTER_TRY(const auto devices, serials_of(answer));
  if (devices)
    for (const auto member : *devices) {
      AnswerWord word = word_of(member.value);
      if (word.kind == AnswerWord::Kind::missing) continue;
      const auto serial = read_serial(member.key);
      if (!serial) continue;  // none that was asked about
      const auto [entry, is_new] = result.answers.try_emplace(*serial, word);
      if (!is_new && entry->second != word) entry->second = contradiction(entry->second, word);
    }
  if (const auto seconds = number(member_of(answer, "retry_after_seconds")); seconds && *seconds >= 0)
    result.retry_after = std::min(std::chrono::seconds(*seconds), kLongestThrottle);
  return result;
}

DeviceDetails read_details(JsonValue value, DetailsJson json) {
  DeviceDetails details;
  const auto entry = as_object(value);
  if (entry) {
    const auto status = find_value(*entry, "response_status");
    if (status) details.response_status = word_of(*status);
    // A device without a status is one that was found: Apple's own sample lacks other keys there (section
    // 4.3).
    else if (entry->size() > 0)
      details.response_status = read_answer_word("SUCCESS");
    details.report = read_device(*entry);
  } else if (as_text(value)) {  // the status alone, as the other calls answer
    details.response_status = word_of(value);
  }
  if (json == DetailsJson::kept) append_json(details.json, value);
  return details;
}

std::string json_of(JsonValue value) {
  std::string text;
  append_json(text, value);
  return text;
}

// What stands first for a serial number that is there twice.
std::string first_entry(JsonObject devices, const Serial& serial) {
  for (const auto member : devices)
    if (read_serial(member.key) == serial &&
        read_details(member.value, DetailsJson::left_out).response_status.kind != AnswerWord::Kind::missing)
      return json_of(member.value);
  return {};
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
  if (session.empty()) return broken("auth_session_token is missing");
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
    return broken("server_uuid and server_name are missing");
  return account;
}

Result<DevicePage> decode_page(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  const JsonObject root = document->root();
  MUSTER_TRY(const auto cursor, only_value(root, "cursor"));
  MUSTER_TRY(const auto more, only_value(root, "more_to_follow"));
  MUSTER_TRY(const auto devices, only_value(root, "devices"));

  DevicePage page;
  if (cursor) page.cursor = Cursor(std::string(as_text(*cursor).value_or("")));
  if (trim(page.cursor.str()).empty()) return broken("cursor is missing");
  const auto rows = devices ? as_array(*devices) : std::nullopt;
  if (devices && !rows) return broken(fmt::format("`devices` is {}, expected an array", kind_of(*devices)));
  if (rows) read_rows(*rows, page);

  const auto readable_more = more ? truth(*more) : std::nullopt;
  page.more_to_follow = readable_more.value_or(false);
  page.complete = rows && readable_more;
  return page;
}

Result<std::map<Serial, DeviceDetails>> decode_details(std::string body, DetailsJson json) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  MUSTER_TRY(const auto devices, serials_of(document->root()));
  std::map<Serial, DeviceDetails> result;
  if (!devices) return result;
  for (const auto member : *devices) {
    DeviceDetails details = read_details(member.value, json);
    if (details.response_status.kind == AnswerWord::Kind::missing) continue;
    const auto serial = read_serial(member.key);
    if (!serial) continue;            // none that was asked about
    details.report.serial = *serial;  // entries may lack their own
    const auto known = result.find(*serial);
    if (known == result.end())
      result.emplace(*serial, std::move(details));
    else if (first_entry(*devices, *serial) != json_of(member.value))
      known->second.response_status = contradiction(known->second.response_status, details.response_status);
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
  const auto uuid = read_profile_uuid(find_text(document->root(), "profile_uuid"));
  if (!uuid) return broken("profile_uuid is missing");
  defined.uuid = *uuid;
  MUSTER_TRY(defined.devices, read_answers(document->root()));
  return defined;
}

Result<AnswerWord> decode_lock(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  MUSTER_TRY(const auto status, only_value(document->root(), "response_status"));
  if (!status) return broken("response_status is missing");
  return word_of(*status);
}

Result<Replacement> decode_replacement(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  const JsonObject root = document->root();
  const auto original = read_serial(find_text(root, "original_device_serial_number"));
  if (!original) return broken("original_device_serial_number is missing");
  return Replacement{.serial = read_serial(find_text(root, "serial_number")).value_or(Serial()),
                     .original = *original,
                     .date = find_text(root, "replacement_date")};
}

Result<std::vector<BetaToken>> decode_beta_tokens(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  MUSTER_TRY(const auto value, only_value(document->root(), "betaEnrollmentTokens"));
  std::vector<BetaToken> tokens;
  const auto list = value ? as_array(*value) : std::nullopt;
  if (value && !list)
    return broken(fmt::format("`betaEnrollmentTokens` is {}, expected an array", kind_of(*value)));
  if (!list) return tokens;
  for (const auto row : *list) {
    const auto entry = as_object(row);
    if (!entry) continue;
    BetaToken token{find_text(*entry, "token"), find_text(*entry, "title"), find_text(*entry, "os")};
    if (!token.token.empty()) tokens.push_back(std::move(token));
  }
  return tokens;
}

Result<EnrollmentDiscovery> decode_enrollment_discovery(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  EnrollmentDiscovery discovery{.url = find_text(document->root(), "mdm_service_discovery_url"),
                                .updated_at = find_text(document->root(), "last_updated_timestamp")};
  if (discovery.url.empty()) return broken("mdm_service_discovery_url is missing");
  return discovery;
}

Result<std::string> decode_profile(std::string body) {
  MUSTER_TRY(const auto document, JsonDocument::parse(std::move(body)));
  return document->text();
}

Error broken_answer(Error why, const std::string& call, int status) {
  Error error = why.while_doing("malformed answer from Apple to " + call);
  error.remote.status = status;
  return error;
}

}  // namespace muster::apple
