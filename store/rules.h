// Rules, and the accounts' devices as rules see them.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/result.h"
#include "filter/filter.h"
#include "model/backfill.h"
#include "model/rule.h"
#include "model/standing.h"

namespace muster {

/// Which devices' standing to give.
struct StandingQuery {
  AccountId account{};
  /// The rules' filters in their order; null for one that cannot be read, which covers every device.
  std::vector<const FilterExpression*> filters{};
  DeviceId after{};  ///< those behind it, in order of id
  size_t limit = 1;
  bool waiting_only = false;  ///< only devices whose assignment is `due`
  /// If not empty, one for each filter, and only such devices: that a person has not decided about, and that
  /// some filter covers within its reach, or that wait for a rule's word (`due`). Some others may be among
  /// them.
  std::vector<std::optional<Reach>> reaches{};
};

struct StandingPage {
  std::vector<Standing> standings;  ///< in order of id
  std::optional<DeviceId> next;     ///< where to go on; nothing at the end
};

/// Devices that the same filters cover.
struct MatchCount {
  std::vector<bool> matches;  ///< one for each filter
  long long devices = 0;
};

class RuleReads {
 public:
  virtual ~RuleReads() = default;

  /// In the order in which they are tried: by priority, then age.
  virtual Result<std::vector<Rule>> rules(AccountId account) = 0;
  /// Devices that are no tombstones, as deciding needs them. A page may have less than `limit`, even none,
  /// with more to come.
  virtual Result<StandingPage> standings(const StandingQuery& query) = 0;
  /// For each combination of filters (null for one that covers every device) that occurs, how many devices
  /// they cover.
  virtual Result<std::vector<MatchCount>> match_counts(
      AccountId account, const std::vector<const FilterExpression*>& filters) = 0;
  /// In order of the rule's id; those without devices are left out. Nothing is counted.
  virtual Result<std::vector<DevicesOfRule>> devices_by_rule(AccountId account) = 0;
  /// The pass over the account's devices; State::none when there is none.
  virtual Result<Backfill> backfill(AccountId account) = 0;
  virtual Result<ProfileMoves> profile_moves(AccountId account) = 0;
};

class RuleWrites {
 public:
  virtual ~RuleWrites() = default;

  /// New when its id is 0 (then sets it), else all but account and created_at is replaced.
  virtual Result<> put_rule(Rule& rule) = 0;
  /// False when there is none.
  virtual Result<bool> remove_rule(RuleId id) = 0;
  /// State::none takes it away.
  virtual Result<> put_backfill(AccountId account, const Backfill& backfill) = 0;
  /// In the place of those there were.
  virtual Result<> put_profile_moves(AccountId account, const ProfileMoves& moves) = 0;
};

}  // namespace muster
