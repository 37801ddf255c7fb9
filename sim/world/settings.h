// The simulator's switches. Where Apple's behaviour is not known, or sources disagree, there is one; the
// default is what was last seen live, or the one that finds more faults in a client.
//
// Each is a flag (`-page-limit 500`) and a member of /control/settings (`{"page_limit":500}`).
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/result.h"
#include "base/text/flags.h"
#include "base/time/clock.h"

namespace muster::sim {

struct Settings {
  // Answers.
  bool quote_errors = false;
  bool strict_content_type = false;
  std::string reject_user_agent;
  Millis latency{0};

  // OAuth and sessions.
  Millis clock_skew = std::chrono::minutes(5);
  bool auth_follows_clock = false;
  bool require_realm = false;
  std::string replaced_token = "token_rejected";
  Millis session_lifetime = std::chrono::hours(1);
  long long max_sessions = 0;
  long long rotate_every = 100;
  Millis rotate_grace = std::chrono::seconds(30);
  std::string unknown_session = "401";

  // Listing.
  long long page_default = 100;
  long long page_limit = 1000;
  Millis cursor_lifetime = std::chrono::hours(7 * 24);
  std::string incomplete_cursor = "invalid";
  long long redeliver_every = 0;
  bool sparse_deleted = true;
  bool text_more_to_follow = false;
  std::string move_as = "modified";
  long long move_repeat = 1;

  // Profiles and assigning.
  long long assign_limit = 1000;
  bool empty_devices_ok = false;
  bool assign_events = false;
  bool lower_uuids = false;
  std::string profile_not_found = "NOT_FOUND";
  long long get_profile_not_found_status = 404;
  bool lenient_uuid = false;
  bool require_https_url = false;
  bool require_department = false;
  bool require_support_phone = false;
  std::string empty_org_magic = "refused";
  std::string details_not_found = "NOT_ACCESSIBLE";
  long long replacement_not_found_status = 400;
  long long throttle_after = 0;
  Millis throttle_cooldown = std::chrono::hours(24);
  bool throttle_hides = true;
  bool throttle_prolongs = false;

  /// Adds every switch to `flags`. The settings must outlive its parse().
  void add_flags(FlagSet& flags);
  /// Code::invalid when a value is out of its range or not one of its words; names the switch.
  Result<> check() const;

  /// All switches, in the spelling of /control/settings.
  boost::json::object to_json() const;
  /// Takes over the members given. Changes nothing when one is unknown or wrong.
  Result<> change(const boost::json::object& members);
};

}  // namespace muster::sim
