// What is stored of accounts: their settings and secrets, how far their lists are read, how they stand with
// Apple.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/account.h"
#include "model/health.h"
#include "model/lane.h"

namespace muster {

/// How far ahead the moments can lie for which something waits.
struct LongestWaits {
  Millis next_list{};   ///< SyncState::next_list
  Millis assignment{};  ///< Assignment::next_try
  Millis retry{};       ///< what Apple is asked again: troubles, questions, a list for the sake of a cursor
  Millis pause{};       ///< Health::not_before
};

class AccountReads {
 public:
  virtual ~AccountReads() = default;

  /// All accounts, in order of their creation. Here and below, those that were removed are not there.
  virtual Result<std::vector<Account>> accounts() = 0;
  /// Those whose token has this consumer key, and those whose service Apple calls by this UUID, unless it is
  /// "".
  virtual Result<std::vector<Account>> accounts_of_service(const std::string& consumer_key,
                                                           const std::string& server_uuid) = 0;
  virtual Result<std::optional<Account>> account(const AccountName& name) = 0;
  virtual Result<std::optional<Account>> account(AccountId id) = 0;
  virtual Result<std::vector<AccountId>> account_ids() = 0;
  /// Accounts that were removed (remove_account) and not yet erased.
  virtual Result<std::vector<AccountId>> removed_accounts() = 0;
  // Its secrets. Not a part of the account, as hardly anybody who reads that needs them.
  virtual Result<std::optional<Token>> token(AccountId account) = 0;
  /// What tokens from the portal are opened with.
  virtual Result<std::optional<KeyPair>> key_pair(AccountId account) = 0;
  virtual Result<SyncState> sync_state(AccountId account) = 0;
  virtual Result<RunRecord> run_record(AccountId account) = 0;
  /// RunRecord::last_attempt of the account that was worked last; none when none was.
  virtual Result<std::optional<Time>> last_attempt() = 0;
  virtual Result<Health> health(AccountId account) = 0;
  /// Grows whenever a rule or a list comes, goes or gets another version, a profile's name stands for another
  /// UUID, or a setting of the account changes.
  virtual Result<long long> config_revision(AccountId account) = 0;
  /// Only lanes that have trouble.
  virtual Result<std::map<Lane, LaneTrouble>> lane_troubles(AccountId account) = 0;
};

class AccountWrites {
 public:
  virtual ~AccountWrites() = default;

  /// Code::conflict when the name exists. The id was never another account's.
  virtual Result<AccountId> create_account(const AccountName& name) = 0;
  virtual Result<> put_base_url(AccountId account, const std::string& base_url) = 0;
  virtual Result<> put_paused(AccountId account, bool paused) = 0;
  virtual Result<> put_inherit_replacements(AccountId account, bool inherit) = 0;
  /// The account is gone for every reader, its token, key pair, bypass codes and events for good, and its
  /// name is free. What is left of it is erased piece by piece: erase_devices() until devices_to_erase() is
  /// empty, then erase_account().
  virtual Result<> remove_account(AccountId account) = 0;
  /// Deletes the rest of a removed account: rules, profiles, notes, lists, itself. False, and nothing is
  /// done, while it has devices; true also when there is no such removed account.
  virtual Result<bool> erase_account(AccountId account) = 0;
  virtual Result<> put_key_pair(AccountId account, const KeyPair& pair) = 0;
  virtual Result<> put_token(AccountId account, const Token& token) = 0;
  virtual Result<> put_apple_account(AccountId account, const AppleAccount& apple) = 0;
  virtual Result<> put_sync_state(AccountId account, const SyncState& state) = 0;
  virtual Result<> put_clock_offset(AccountId account, Millis offset) = 0;
  virtual Result<> put_run_record(AccountId account, const RunRecord& record) = 0;
  virtual Result<> put_health(AccountId account, const Health& health) = 0;
  /// Nothing takes it away.
  virtual Result<> put_lane_trouble(AccountId account, Lane lane,
                                    const std::optional<LaneTrouble>& trouble) = 0;
  /// The wall clock was set: every moment for which something waits moves with it, in all accounts, and so do
  /// those whose age counts: of the last run, of the last report in the log, of events. Histories stay. With
  /// a worker: of its accounts only.
  virtual Result<> shift_schedules(Millis by, ServerId worker = {}) = 0;
  /// Nothing waits for a moment further ahead than its longest wait, in any account: such a moment is from a
  /// clock that was wrong, and becomes `now`; so does what is said to have happened later than now.
  virtual Result<> end_impossible_waits(Time now, const LongestWaits& longest) = 0;
};

}  // namespace muster
