// Apple's device assignment service for one account, as typed calls.
//
// The only folder that knows Apple's JSON, its error words and its session. Every call is one request to
// Apple, plus a new session where the old one has ended (once a request at most). Nothing is retried here:
// sync/ decides when.
//
// Errors: Code::remote with Apple's status, word and Retry-After in Error::remote (see failure.h for what
// they mean), or with a status below 400 for an answer that cannot be understood; Code::unreachable when
// there was no whole answer, or Apple asked for no call before a time to come; Code::cancelled after `stop`;
// Code::invalid for what is rejected here, before Apple sees it (too many serials, no cursor).
//
// Every call may be made from any thread, many at once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "apple/answers/page_answer.h"
#include "apple/answers/values.h"
#include "apple/session/call_counts.h"
#include "base/result.h"
#include "base/time/clock.h"
#include "http/client/client.h"
#include "model/ids.h"

namespace muster::apple {

inline constexpr const char* kAppleBaseUrl = "https://mdmenrollment.apple.com";

/// A call that a client of ours makes in Apple's own words.
struct OwnCall {
  std::string method;
  std::string target;          ///< path and query as Apple is to get them: "/profile?profile_uuid=U"
  http::Headers headers = {};  ///< in place of those that every call has, where it has these
  std::optional<std::string> body = {};
  bool has_effect = false;  ///< changes something at Apple: goes out once
};

class Service {
 public:
  /// `base_url` without a trailing slash. The transport is shared and must outlive the service. `clock` dates
  /// the OAuth signature. `counts` has the calls of all services of the account; null for its own.
  Service(std::string base_url, Token token, http::Transport& transport, const Clock& clock,
          std::shared_ptr<CallCounts> counts = nullptr);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  Result<AppleAccount> account(std::stop_token stop = {});

  /// Our clock minus Apple's, exact to about a second, as its answers tell; nothing before the first one.
  std::optional<Millis> apple_offset() const;
  /// What was learned before a restart.
  void set_apple_offset(Millis offset);
  /// The time by Apple's clock; by ours as long as the offset is not known.
  Time apple_now() const;

  /// Whether Apple rejected the last session that was asked for, so that no call at all can go out.
  bool session_is_refused() const;

  /// How many calls were answered well so far.
  long long good_answers() const;

  /// After an answer with `Retry-After` no call goes out before this time of our clock; nothing when there is
  /// none. Such a call fails at once with Code::unreachable and Error::remote.retry_after, the rest of the
  /// wait (is_held_back()).
  std::optional<Time> not_before() const;
  /// Restores it after a restart; nothing lifts it.
  void set_not_before(std::optional<Time> time);

  /// The full list; an empty cursor begins it.
  Result<PageAnswer> fetch_devices(const Cursor& cursor, int limit, std::stop_token stop = {});
  /// What changed since the cursor, which must not be empty.
  Result<PageAnswer> sync_devices(const Cursor& cursor, int limit, std::stop_token stop = {});

  /// At most kDetailsLimit serials, at least one. A serial that the answer lacks is missing from the map.
  Result<std::map<Serial, DeviceDetails>> device_details(std::span<const Serial> serials,
                                                         std::stop_token stop = {},
                                                         DetailsJson json = DetailsJson::left_out);

  /// `document`: the profile's JSON object as text, sent as it is, with `devices` in it or not. Makes a new
  /// profile every time.
  Result<DefinedProfile> define_profile(const std::string& document, std::stop_token stop = {});
  /// The profile's JSON as Apple wrote it, with `profile_uuid` in it.
  Result<std::string> profile(const ProfileUuid& uuid, std::stop_token stop = {});

  /// At most kAssignLimit serials, at least one. `may_send`: http::ClientRequest.
  Result<SerialAnswers> assign(const ProfileUuid& uuid, std::span<const Serial> serials,
                               std::stop_token stop = {}, std::function<bool()> may_send = {});
  /// Likewise.
  Result<SerialAnswers> remove_profile(std::span<const Serial> serials, std::stop_token stop = {});

  /// Releases devices from the organisation, for ever. Likewise.
  Result<SerialAnswers> disown(std::span<const Serial> serials, std::stop_token stop = {});

  /// Locks a device. `escrow_key`: BypassCode::hash(); with "" the lock is that of the person who made the
  /// server at Apple. `message` is shown on the device, "" for none.
  Result<AnswerWord> lock(const Serial& serial, const std::string& escrow_key, const std::string& message,
                          std::stop_token stop = {});

  /// Which device this one stands for; nothing when it replaces none.
  Result<std::optional<Replacement>> replacement(const Serial& serial, std::stop_token stop = {});

  Result<std::vector<BetaToken>> beta_tokens(std::stop_token stop = {});

  /// Nothing when the organisation has set none.
  Result<std::optional<EnrollmentDiscovery>> enrollment_discovery(std::stop_token stop = {});
  Result<> set_enrollment_discovery(const std::string& url, std::stop_token stop = {});
  Result<> remove_enrollment_discovery(std::stop_token stop = {});

  /// Sends it with the account's session. Apple's answer, whatever its status; an error is that of the
  /// session, or that there was no whole answer. A success of unknown length, or of more than 8 MiB, is
  /// Response::stream, and may break off (answer_under_way.h). A call without an effect ends when this
  /// thread's work is not wanted any more.
  Result<http::Response> pass_on(const OwnCall& own, std::stop_token stop = {});

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;  // also of answers under way
};

}  // namespace muster::apple
