#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <limits>

#include "api/handlers.h"
#include "api/members.h"
#include "api/query.h"
#include "base/text/flags.h"
#include "base/text/json.h"
#include "http/json.h"
#include "model/text/account_name.h"
#include "store/audit_check.h"

namespace muster::api::muster_v1 {
namespace {

constexpr long long kMostEntriesOfAPage = 1000;
constexpr long long kMostNumber = std::numeric_limits<long long>::max();

// `2026-03-01T09:00:00Z`, or so long ago: `7d`.
Result<Time> time_in_query(const Call& call, const char* name, Time absent) {
  const auto text = call.request.query.get(name).value_or("");
  if (text.empty()) return absent;
  if (const auto time = parse_rfc3339(text)) return *time;
  if (const auto ago = parse_duration(text)) return call.context.clock.now() - *ago;
  return failure(Code::invalid,
                 "\"" + std::string(name) + "\" is neither a time nor a duration: \"" + text + "\"",
                 "Use the form 2026-03-01T09:00:00Z, or 7d for seven days ago");
}

Result<std::string> action_in_query(const Call& call) {
  auto text = call.request.query.get("what").value_or("");
  const bool is_one = std::all_of(text.begin(), text.end(),
                                  [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '.'; });
  if (is_one) return text;
  return failure(Code::invalid, "\"what\" is no action: \"" + text + "\"",
                 "Use one like rule.saved, or rule for all that begin so");
}

boost::json::value json_or_null(const std::string& text) {
  auto json = parse_json(text);
  return json ? std::move(*json) : boost::json::value();
}

boost::json::object to_json(const AuditEntry& entry) {
  boost::json::object json{{"number", entry.link.number},   {"at", format_rfc3339_millis(entry.at)},
                           {"key", entry.actor.key},        {"address", entry.actor.address},
                           {"action", entry.change.action}, {"request", entry.actor.request},
                           {"digest", entry.link.digest}};
  put(json, "actor", entry.actor.said);
  put(json, "account", entry.actor.account);
  put(json, "object", entry.change.object);
  if (!entry.change.before.empty()) json["before"] = json_or_null(entry.change.before);
  if (!entry.change.after.empty()) json["after"] = json_or_null(entry.change.after);
  return json;
}

boost::json::object to_json(const AuditLink& link) {
  return {{"number", link.number}, {"digest", link.digest}};
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// `17:2c26...`, as it was noted.
Result<std::optional<AuditLink>> known_link(const Call& call) {
  const auto text = call.request.query.get("known");
  if (!text) return std::nullopt;
  const std::string_view rest(*text);
  AuditLink link;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), link.number);
  link.digest = rest.substr(std::min(rest.size(), static_cast<size_t>(end - rest.data()) + 1));
  if (error == std::errc() && link.number > 0 && *end == ':' && is_digest(link.digest)) return link;
  return failure(Code::invalid, "\"known\" is not the number and digest of an entry: \"" + *text + "\"",
                 "Use the form 17:DIGEST, with 64 hexadecimal digits");
}

}  // namespace

Result<http::Response> get_audit(const Call& call) {
  const auto& query = call.request.query;
  AuditQuery wanted;
  MUSTER_TRY(const auto limit, number_in_query(call, "limit", 1, kMostEntriesOfAPage, kMostEntriesOfAPage));
  wanted.limit = static_cast<size_t>(limit);
  MUSTER_TRY(wanted.before, number_in_query(call, "cursor", 1, kMostNumber, kMostNumber));
  MUSTER_TRY(wanted.since, time_in_query(call, "since", wanted.since));
  MUSTER_TRY(wanted.until, time_in_query(call, "until", wanted.until));
  MUSTER_TRY(wanted.what, action_in_query(call));
  wanted.who = query.get("who").value_or("");
  wanted.account = query.get("account").value_or("");
  if (!wanted.account.empty()) MUSTER_TRY(parse_account_name(wanted.account));
  return call.context.costly.in_turn(call.context.stop, [&]() -> Result<http::Response> {
    MUSTER_TRY(const auto entries,
               call.store.read([&](Reader& reader) { return reader.audit_page(wanted); }));
    boost::json::array list;
    for (const auto& entry : entries) list.push_back(to_json(entry));
    boost::json::object answer{{"entries", std::move(list)}};
    if (entries.size() == wanted.limit) answer["next_cursor"] = std::to_string(entries.back().link.number);
    return http::json_response(200, std::move(answer));
  });
}

Result<http::Response> get_audit_check(const Call& call) {
  MUSTER_TRY(const auto known, known_link(call));
  return call.context.costly.in_turn(call.context.stop, [&]() -> Result<http::Response> {
    MUSTER_TRY(const auto verdict, check_audit(call.store, known, call.context.stop));
    if (known && known->number < verdict.first.number)
      return failure(Code::invalid,
                     "entry " + std::to_string(known->number) +
                         " was removed because of its age: the first one is " +
                         std::to_string(verdict.first.number + 1),
                     "Give a newer one");
    boost::json::object answer{{"intact", !verdict.broken_at.has_value()},
                               {"entries", verdict.entries},
                               {"begins_behind", to_json(verdict.first)},
                               {"last", to_json(verdict.last)}};
    if (verdict.broken_at) answer["broken_at"] = *verdict.broken_at;
    put(answer, "fault", verdict.fault);
    return http::json_response(200, std::move(answer));
  });
}

}  // namespace muster::api::muster_v1
