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
  visit("quote-errors", s.quote_errors, "error words in JSON quotes, as Apple's old depsim sent them", any);
  visit("strict-content-type", s.strict_content_type,
        "refuse a /session, and any body, without Content-Type application/json;charset=UTF8", any);
  visit("reject-user-agent", s.reject_user_agent, "answer USER_AGENT_INVALID to agents containing this text",
        any);
  visit("latency", s.latency, "time that every answer takes longer", any);

  visit("clock-skew", s.clock_skew, "how far an OAuth timestamp may be from the clock", any);
  visit("auth-follows-clock", s.auth_follows_clock,
        "OAuth timestamps and the Date header go by the simulator's clock, not by the machine's", any);
  visit("require-realm", s.require_realm, "refuse an Authorization header without realm=\"ADM\"", any);
  visit("replaced-token", s.replaced_token, "what /session says of a token that a newer one replaced",
        Allowed{0, 0, {"token_rejected", "signature_invalid"}});
  visit("session-lifetime", s.session_lifetime, "how long a session lives", Allowed{1, kNoLimit, {}});
  visit("max-sessions", s.max_sessions,
        "sessions alive per account; one more ends the oldest (0: any number)", any);
  visit("rotate-every", s.rotate_every,
        "replace the session by X-ADM-Auth-Session on every Nth call (0: never)", any);
  visit("rotate-grace", s.rotate_grace, "how long a replaced session lives on", any);
  visit("unknown-session", s.unknown_session,
        "answer to a session that does not exist: 401 UNAUTHORIZED or 403 FORBIDDEN",
        Allowed{0, 0, {"401", "403"}});

  visit("page-default", s.page_default, "devices on a page when no limit is asked for",
        Allowed{1, 100'000, {}});
  visit("page-limit", s.page_limit,
        "most devices on a page, as /account says; a higher limit is lowered to it", Allowed{1, 100'000, {}});
  visit("cursor-lifetime", s.cursor_lifetime, "age at which a cursor is EXPIRED_CURSOR",
        Allowed{1, kNoLimit, {}});
  visit("incomplete-cursor", s.incomplete_cursor,
        "a cursor from the middle of a fetch given to sync: invalid or accept",
        Allowed{0, 0, {"invalid", "accept"}});
  visit("redeliver-every", s.redeliver_every,
        "on every Nth sync of an account send the last millisecond's rows again (0: never)", any);
  visit("sparse-deleted", s.sparse_deleted, "rows of op_type deleted hold the serial and the operation only",
        any);
  visit("text-more-to-follow", s.text_more_to_follow, "more_to_follow as the string \"true\" or \"false\"",
        any);
  visit("move-as", s.move_as,
        "what a device moved in from another service looks like: modified (and removed) or added",
        Allowed{0, 0, {"modified", "added"}});
  visit("move-repeat", s.move_repeat,
        "how many rows a move makes in the new service; Apple sometimes sends two", Allowed{1, 10, {}});

  visit("assign-limit", s.assign_limit,
        "serials in one request; more are MALFORMED_REQUEST_BODY (0: any number)", any);
  visit("empty-devices-ok", s.empty_devices_ok,
        "an empty list of devices does nothing instead of DEVICE_ID_REQUIRED", any);
  visit("lower-uuids", s.lower_uuids, "devices show the UUIDs of their profiles in lower case", any);
  visit("assign-events", s.assign_events, "an assignment makes a modified row in sync", any);
  visit("profile-not-found", s.profile_not_found,
        "word for a profile that does not exist: NOT_FOUND or PROFILE_NOT_FOUND",
        Allowed{0, 0, {"NOT_FOUND", "PROFILE_NOT_FOUND"}});
  visit("get-profile-not-found-status", s.get_profile_not_found_status,
        "status of GET /profile for such a profile: 404 or 400", Allowed{400, 404, {}});
  visit("lenient-uuid", s.lenient_uuid, "accept profile UUIDs in lower case and with dashes", any);
  visit("require-https-url", s.require_https_url, "a profile's url that is not https is CONFIG_URL_INVALID",
        any);
  visit("require-department", s.require_department, "a profile without department is DEPARTMENT_REQUIRED",
        any);
  visit("require-support-phone", s.require_support_phone,
        "a profile without support_phone_number is SUPPORT_PHONE_REQUIRED", any);
  visit(
      "empty-org-magic", s.empty_org_magic,
      "a profile with an empty org_magic, as MicroMDM sends it: refused (MAGIC_INVALID) or accepted; sources disagree",
      Allowed{0, 0, {"refused", "accepted"}});
  visit("details-not-found", s.details_not_found,
        "response_status of a foreign serial in POST /devices: NOT_ACCESSIBLE or NOT_FOUND",
        Allowed{0, 0, {"NOT_ACCESSIBLE", "NOT_FOUND"}});
  visit("replacement-not-found-status", s.replacement_not_found_status,
        "status of DEVICE_NOT_FOUND: 400 (live) or 404 (documented)", Allowed{400, 404, {}});
  visit("throttle-after", s.throttle_after,
        "assignments of one device within the cool-down before it is throttled (0: never)", any);
  visit("throttle-cooldown", s.throttle_cooldown, "how long a throttled device stays so",
        Allowed{1, kNoLimit, {}});
  visit("throttle-hides", s.throttle_hides,
        "a throttled device's rows come in sync only when the cool-down is over", any);
  visit("throttle-prolongs", s.throttle_prolongs, "assigning a throttled device begins its cool-down anew",
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
  if (!from.is_string()) return failure(Code::invalid, "it must be a text");
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
