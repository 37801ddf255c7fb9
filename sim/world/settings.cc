#include "sim/world/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <limits>
#include <type_traits>
#include <vector>

namespace muster::sim {
namespace {

constexpr long long kNoLimit = std::numeric_limits<int>::max();

// What a value may be: a range for numbers, words for texts (any text when there are none).
struct Allowed {
  long long least = 0;
  long long most = kNoLimit;
  std::vector<std::string> words = {};
};

// The table: every switch with its flag name, manual and allowed values.
template <class S, class Visit>
void each_setting(S& s, Visit visit) {
  const Allowed any;
  visit("quote-errors", s.quote_errors, "send error codes in JSON quotes, like Apple's old depsim", any);
  visit(
      "strict-content-type", s.strict_content_type,
      "require Content-Type: application/json;charset=UTF8 for /session and calls with a body (otherwise MALFORMED_REQUEST_BODY)",
      any);
  visit("reject-user-agent", s.reject_user_agent,
        "answer USER_AGENT_INVALID to user agents that contain this text", any);
  visit("latency", s.latency, "delay each answer of Apple's service", any);

  visit("clock-skew", s.clock_skew, "tolerance for OAuth timestamps", any);
  visit(
      "auth-follows-clock", s.auth_follows_clock,
      "use the simulated clock for OAuth timestamps and the Date header, for clients with a simulated clock",
      any);
  visit("require-realm", s.require_realm, "require realm=\"ADM\" in the Authorization header", any);
  visit("replaced-token", s.replaced_token, "answer of /session to a replaced token; or signature_invalid",
        Allowed{0, 0, {"token_rejected", "signature_invalid"}});
  visit("session-lifetime", s.session_lifetime, "lifetime of a session", Allowed{1, kNoLimit, {}});
  visit("max-sessions", s.max_sessions, "sessions per account; a new one ends the oldest. 0 is unlimited",
        any);
  visit("rotate-every", s.rotate_every,
        "replace the session with each Nth call (X-ADM-Auth-Session); 0 is never", any);
  visit("rotate-grace", s.rotate_grace, "how long a replaced session remains valid", any);
  visit("unknown-session", s.unknown_session,
        "answer to an unknown session, for example of an earlier depsim: 401 UNAUTHORIZED, or 403 FORBIDDEN",
        Allowed{0, 0, {"401", "403"}});

  visit("page-default", s.page_default, "devices per page without a limit in the request",
        Allowed{1, 100'000, {}});
  visit("page-limit", s.page_limit, "maximum devices per page, also in /account; higher limits are reduced",
        Allowed{1, 100'000, {}});
  visit("cursor-lifetime", s.cursor_lifetime,
        "age at which sync answers EXPIRED_CURSOR (and fetch INVALID_CURSOR)", Allowed{1, kNoLimit, {}});
  visit(
      "incomplete-cursor", s.incomplete_cursor,
      "answer of sync to a cursor from the middle of a fetch: INVALID_CURSOR, or accept for everything since the fetch started",
      Allowed{0, 0, {"invalid", "accept"}});
  visit("redeliver-every", s.redeliver_every,
        "repeat the rows of the last millisecond on each Nth sync of an account; 0 is never", any);
  visit("sparse-deleted", s.sparse_deleted,
        "rows of deleted have only the serial number, op_type and op_date", any);
  visit("text-more-to-follow", s.text_more_to_follow,
        "send more_to_follow as a string, as in Apple's examples of 2018", any);
  visit(
      "move-as", s.move_as,
      "operation of a device that moves in: modified (with status removed and the old profile's UUID), or added",
      Allowed{0, 0, {"modified", "added"}});
  visit("move-repeat", s.move_repeat, "rows per move; Apple sometimes sends two", Allowed{1, 10, {}});

  visit(
      "assign-limit", s.assign_limit,
      "serial numbers per define, assign, remove or disown; more are MALFORMED_REQUEST_BODY. 0 is unlimited",
      any);
  visit("empty-devices-ok", s.empty_devices_ok,
        "accept an empty list of serial numbers; otherwise DEVICE_ID_REQUIRED", any);
  visit("lower-uuids", s.lower_uuids,
        "report profile UUIDs of devices in lower case, unlike the answer to define", any);
  visit("assign-events", s.assign_events, "report assignments in sync as modified", any);
  visit("profile-not-found", s.profile_not_found,
        "code of assign for an unknown profile (404); or PROFILE_NOT_FOUND, seen live",
        Allowed{0, 0, {"NOT_FOUND", "PROFILE_NOT_FOUND"}});
  visit("get-profile-not-found-status", s.get_profile_not_found_status,
        "status of GET /profile for an unknown profile: 404 (2018) or 400 (2026)", Allowed{400, 404, {}});
  visit("lenient-uuid", s.lenient_uuid, "accept profile UUIDs in lower case and with dashes", any);
  visit("require-https-url", s.require_https_url, "answer CONFIG_URL_INVALID to profiles with an http url",
        any);
  visit("require-department", s.require_department, "answer DEPARTMENT_REQUIRED to profiles without it", any);
  visit("require-support-phone", s.require_support_phone,
        "answer SUPPORT_PHONE_REQUIRED to profiles without it", any);
  visit(
      "empty-org-magic", s.empty_org_magic,
      "a profile with an empty org_magic, as MicroMDM sends it: refused (MAGIC_INVALID) or accepted; sources disagree",
      Allowed{0, 0, {"refused", "accepted"}});
  visit("details-not-found", s.details_not_found,
        "response_status in details for unknown devices; or NOT_FOUND (2018)",
        Allowed{0, 0, {"NOT_ACCESSIBLE", "NOT_FOUND"}});
  visit("replacement-not-found-status", s.replacement_not_found_status,
        "status of DEVICE_NOT_FOUND: 400 (live) or 404 (documented)", Allowed{400, 404, {}});
  visit("throttle-after", s.throttle_after,
        "successful assignments of a device within the cool-down; the next one throttles it. 0 is never",
        any);
  visit("throttle-cooldown", s.throttle_cooldown, "duration of throttling", Allowed{1, kNoLimit, {}});
  visit("throttle-hides", s.throttle_hides,
        "hide operations of throttled devices from sync until the cool-down is over", any);
  visit("throttle-prolongs", s.throttle_prolongs, "restart the cool-down when a throttled device is assigned",
        any);
}

std::string json_name(std::string flag_name) {
  std::replace(flag_name.begin(), flag_name.end(), '-', '_');
  return flag_name;
}

Result<> check_value(const std::string& name, long long value, const Allowed& allowed) {
  if (value >= allowed.least && value <= allowed.most) return {};
  return failure(Code::invalid, fmt::format("{} is {}, it must be between {} and {}", name, value,
                                            allowed.least, allowed.most));
}
Result<> check_value(const std::string& name, Millis value, const Allowed& allowed) {
  if (value.count() >= allowed.least) return {};
  return failure(Code::invalid, name + " must be longer than " + format_duration(value));
}
Result<> check_value(const std::string&, bool, const Allowed&) { return {}; }
Result<> check_value(const std::string& name, const std::string& value, const Allowed& allowed) {
  if (allowed.words.empty()) return {};
  std::string words;
  for (const auto& word : allowed.words) {
    if (word == value) return {};
    words += (words.empty() ? "" : " or ") + word;
  }
  return failure(Code::invalid, fmt::format("{} is \"{}\", it must be {}", name, value, words));
}

boost::json::value value_of(bool value) { return value; }
boost::json::value value_of(long long value) { return value; }
boost::json::value value_of(Millis value) { return boost::json::value(format_duration(value)); }
boost::json::value value_of(const std::string& value) { return boost::json::value(value); }

Result<> take(const boost::json::value& from, bool& to) {
  if (!from.is_bool()) return failure(Code::invalid, "it must be true or false");
  to = from.get_bool();
  return {};
}
Result<> take(const boost::json::value& from, long long& to) {
  if (!from.is_int64()) return failure(Code::invalid, "it must be a whole number");
  to = from.get_int64();
  return {};
}
Result<> take(const boost::json::value& from, std::string& to) {
  if (!from.is_string()) return failure(Code::invalid, "it must be a string");
  to = std::string(from.get_string());
  return {};
}
Result<> take(const boost::json::value& from, Millis& to) {
  if (!from.is_string()) return failure(Code::invalid, "it must be a duration such as \"5m\"");
  MUSTER_TRY(to, parse_duration(std::string(from.get_string())));
  return {};
}

}  // namespace

void Settings::add_flags(FlagSet& flags) {
  each_setting(*this, [&](const char* name, auto& value, const char* help, const Allowed&) {
    flags.add(name, &value, help);
  });
}

Result<> Settings::check() const {
  std::string problems;
  each_setting(*this, [&](const char* name, const auto& value, const char*, const Allowed& allowed) {
    if (auto checked = check_value(std::string("-") + name, value, allowed); !checked)
      problems += (problems.empty() ? "" : "\n") + checked.error().message;
  });
  if (page_default > page_limit)
    problems += (problems.empty() ? "" : "\n") + std::string("-page-default is over -page-limit");
  if (!problems.empty()) return failure(Code::invalid, problems);
  return {};
}

boost::json::object Settings::to_json() const {
  boost::json::object members;
  each_setting(*this, [&](const char* name, const auto& value, const char*, const Allowed&) {
    members[json_name(name)] = value_of(value);
  });
  return members;
}

Result<> Settings::change(const boost::json::object& members) {
  Settings changed = *this;
  for (const auto& member : members) {
    const std::string wanted(member.key());
    bool known = false;
    Result<> taken;
    each_setting(changed, [&](const char* name, auto& value, const char*, const Allowed&) {
      if (json_name(name) != wanted) return;
      known = true;
      taken = take(member.value(), value);
    });
    if (!known)
      return failure(Code::invalid, "there is no setting \"" + wanted + "\"",
                     "GET /control/settings lists them");
    if (!taken) return failure(taken.error().while_doing(wanted));
  }
  MUSTER_TRY(changed.check());
  *this = std::move(changed);
  return {};
}

}  // namespace muster::sim
