// The store's reads on one connection. Each concept's queries are in the file of its name.
#pragma once

#include <unordered_map>

#include "store/postgres/engine/connection.h"
#include "store/store.h"

namespace muster::postgres {

/// The number of assignments of the account $1 (schema/counts.sql); no row for none.
#define WAITING_ASSIGNMENTS \
  "SELECT number FROM kept_count WHERE account = $1 AND kind = 4 AND profile = 0 AND rule = 0"

class PostgresReader : public virtual Reader {
 public:
  PostgresReader(Connection& connection, const Keyring& keyring) : db_(connection), keyring_(keyring) {}

  Result<std::vector<AccountId>> removed_accounts() override;
  Result<std::optional<AccountState>> account_state(AccountId account) override;
  Result<std::vector<AccountOverview>> account_overviews() override;
  Result<std::vector<Account>> accounts() override;
  Result<std::vector<Account>> accounts_of_service(const std::string& consumer_key,
                                                   const std::string& server_uuid) override;
  Result<std::optional<Account>> account(const AccountName& name) override;
  Result<std::optional<Account>> account(AccountId id) override;
  Result<std::vector<AccountId>> account_ids() override;
  Result<std::optional<Time>> last_attempt() override;
  Result<SyncState> sync_state(AccountId account) override;
  Result<RunRecord> run_record(AccountId account) override;
  Result<Health> health(AccountId account) override;
  Result<DeviceCounts> device_counts(AccountId account) override;
  Result<std::vector<CountsOfDay>> day_counts(AccountId account, Time since) override;
  Result<long long> config_revision(AccountId account) override;
  Result<std::vector<Device>> devices(AccountId account, std::span<const Serial> serials) override;
  Result<std::vector<Device>> devices(std::span<const DeviceId> ids) override;
  Result<std::vector<Device>> device_page(AccountId account, const Serial& after, size_t limit,
                                          const FilterExpression* filter) override;
  Result<std::vector<ListedDevice>> listed_page(AccountId account, const Serial& after,
                                                size_t limit) override;
  Result<std::optional<Serial>> serial_behind(AccountId account, const Serial& after,
                                              long long count) override;
  Result<std::vector<Device>> uncovered_page(AccountId account, const Serial& after, size_t limit,
                                             const FilterExpression* filter) override;
  Result<long long> device_count(AccountId account, const FilterExpression& filter) override;
  Result<std::vector<DeviceId>> device_ids(AccountId account) override;
  Result<long long> history_count(DeviceId device, HistoryEntry::Kind kind, Time since) override;
  Result<std::vector<DeviceId>> devices_to_erase(AccountId account, size_t limit) override;
  Result<std::vector<HistoryEntry>> history(DeviceId device) override;
  Result<bool> has_history_to_thin(const HistoryCutoff& cutoff) override;
  Result<std::vector<Rule>> rules(AccountId account) override;
  Result<std::vector<Profile>> profiles(AccountId account) override;
  Result<std::optional<Profile>> profile(AccountId account, const ProfileUuid& uuid) override;
  Result<std::map<Serial, Note>> notes(AccountId account, std::span<const Serial> serials) override;
  Result<std::vector<SerialNote>> note_page(AccountId account, const Serial& after, size_t limit) override;
  Result<std::vector<SerialList>> serial_lists(AccountId account) override;
  Result<std::optional<SerialList>> serial_list(AccountId account, const std::string& name) override;
  Result<std::vector<Serial>> serial_list_page(SerialListId list, const Serial& after, size_t limit) override;
  Result<std::map<Serial, std::set<std::string>>> lists_of(AccountId account,
                                                           std::span<const Serial> serials) override;
  Result<std::optional<Profile>> current_profile(AccountId account, const std::string& name) override;
  Result<std::map<ProfileUuid, long long>> devices_by_profile(AccountId account) override;
  Result<int> newest_profile_version(AccountId account, const std::string& name) override;
  Result<StandingPage> standings(const StandingQuery& query) override;
  Result<std::vector<MatchCount>> match_counts(AccountId account,
                                               const std::vector<const FilterExpression*>& filters) override;
  Result<std::vector<DevicesOfRule>> devices_by_rule(AccountId account) override;
  Result<Backfill> backfill(AccountId account) override;
  Result<ProfileMoves> profile_moves(AccountId account) override;
  Result<std::vector<Assignment>> assignments(std::span<const DeviceId> devices) override;
  Result<std::vector<Assignment>> next_batch(AccountId account, Time now, size_t limit,
                                             const std::set<ProfileUuid>& without) override;
  Result<std::vector<Assignment>> assignments_in(AccountId account, Assignment::State state, Time now,
                                                 size_t limit) override;
  Result<std::optional<Time>> next_assignment_time(AccountId account, Assignment::State state,
                                                   const std::set<ProfileUuid>& without) override;
  Result<std::vector<SentBatch>> sent_batches(AccountId account) override;
  Result<std::map<Lane, LaneTrouble>> lane_troubles(AccountId account) override;
  Result<std::map<ProfileUuid, ProfileTrouble>> profile_troubles(AccountId account) override;
  Result<std::vector<Question>> questions(AccountId account, Question::Kind kind, Time now,
                                          size_t limit) override;
  Result<std::vector<Question>> questions_about(AccountId account, Question::Kind kind,
                                                std::span<const Serial> serials) override;
  Result<std::optional<Time>> next_question_time(AccountId account) override;
  Result<std::optional<Time>> oldest_waiting_arrival(AccountId account) override;
  Result<long long> assignment_count(AccountId account) override;
  Result<std::vector<Event>> oldest_events(size_t limit) override;
  Result<long long> event_count() override;
  Result<std::vector<FeedEntry>> feed_after(std::int64_t number, size_t limit) override;
  Result<std::optional<Time>> feed_time(std::int64_t number) override;
  Result<FeedEnds> feed_ends() override;
  Result<std::vector<Delivery>> deliveries(ReceiverId receiver, long long before, size_t limit) override;
  Result<std::vector<DeadLetter>> dead_letters(ReceiverId receiver, long long after, size_t limit) override;
  Result<std::optional<DeadLetter>> next_dead_letter(ReceiverId receiver) override;
  Result<long long> dead_letter_count(ReceiverId receiver) override;
  Result<std::vector<NumberedHistory>> numbered_history(AccountId account, std::int64_t first,
                                                        std::int64_t last, size_t limit) override;
  Result<std::vector<Enrollment>> enrollments(std::span<const Serial> serials) override;
  Result<std::vector<Enrollment>> enrollments_of_udids(std::span<const std::string> udids) override;
  Result<std::vector<Device>> devices_anywhere(std::span<const Serial> serials) override;
  Result<std::vector<EnrolledOfRule>> enrolled_by_rule(AccountId account) override;
  Result<std::vector<Device>> not_enrolled_page(AccountId account, std::span<const GivenBetween> rules,
                                                const Serial& after, size_t limit,
                                                const FilterExpression* filter) override;
  Result<std::map<RuleId, long long>> not_enrolled(AccountId account,
                                                   std::span<const GivenBetween> rules) override;
  Result<std::optional<LateLook>> late_look(AccountId account) override;
  Result<std::vector<AuditEntry>> audit_page(const AuditQuery& query) override;
  Result<std::vector<AuditEntry>> audit_after(std::int64_t number, size_t limit) override;
  Result<AuditLink> audit_start() override;
  Result<std::vector<ApiKey>> api_keys() override;
  Result<std::optional<ApiKey>> api_key(const KeyId& id) override;
  Result<std::optional<ApiKey>> api_key_named(const std::string& name) override;
  Result<bool> has_ended(const std::string& session) override;

 protected:
  const Keyring& keyring() const override { return keyring_; }
  Result<std::optional<Token>> stored_token(AccountId account) override;
  Result<std::optional<KeyPair>> stored_key_pair(AccountId account) override;
  Result<std::vector<StoredSecrets>> stored_secrets(AccountId after, size_t limit) override;
  Result<std::optional<SealingState>> sealing_state() override;
  Result<std::vector<Receiver>> stored_receivers() override;
  Result<std::optional<DeviceLock>> stored_device_lock(AccountId account, const Serial& serial) override;
  Result<std::vector<DeviceLock>> stored_device_locks(AccountId after, AccountId last) override;
  Result<std::optional<EnrollmentWebhook>> stored_enrollment_webhook() override;

  Connection& db_;

 private:
  using Overviews = std::unordered_map<AccountId, AccountOverview*>;
  Result<> add_troubles(Overviews& overviews);
  Result<> add_counts(Overviews& overviews);
  Result<> add_devices(Overviews& overviews);
  Result<> add_late_looks(Overviews& overviews);
  Result<> add_backfills(Overviews& overviews);
  Result<> add_enrolled(Overviews& overviews);

  const Keyring& keyring_;
};

}  // namespace muster::postgres
