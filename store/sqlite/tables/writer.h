// The store's writes on the one writing connection, inside a transaction that store.cc opens and ends.
#pragma once

#include "store/sqlite/engine/kept_counts.h"
#include "store/sqlite/engine/list_order.h"
#include "store/sqlite/engine/shadows.h"
#include "store/sqlite/tables/reader.h"
#include "store/sqlite/tables/serials.h"

namespace muster::sqlite {

// Virtual inheritance: a writer is a reader, and its reads are SqliteReader's, seen inside the transaction.
class SqliteWriter final : public SqliteReader, public Writer {
 public:
  /// With `shadows`, where it tries something out.
  SqliteWriter(Database& database, const Keyring& keyring, Serials& serials, ListOrder& order,
               KeptCounts& counts, Shadows* shadows = nullptr)
      : SqliteReader(database, keyring),
        serials_(serials),
        order_(order),
        counts_(counts),
        shadows_(shadows) {}

  // With what the transaction has changed so far.
  Result<DeviceCounts> device_counts(AccountId account) override;
  Result<std::vector<DevicesOfRule>> devices_by_rule(AccountId account) override;
  Result<std::map<ProfileUuid, long long>> devices_by_profile(AccountId account) override;
  Result<long long> assignment_count(AccountId account) override;
  Result<std::vector<Device>> device_page(AccountId account, const Serial& after, size_t limit,
                                          const FilterExpression* filter) override;
  Result<long long> device_count(AccountId account, const FilterExpression& filter) override;
  Result<std::vector<MatchCount>> match_counts(AccountId account,
                                               const std::vector<const FilterExpression*>& filters) override;

  /// not_current_any_more() unless the account has this Account::epoch.
  Result<> check_epoch(AccountId account, long long epoch);

  using SqliteReader::devices;
  Result<std::vector<Device>> devices(AccountId account, std::span<const Serial> serials) override;

  Result<AccountId> create_account(const AccountName& name) override;
  Result<> put_base_url(AccountId account, const std::string& base_url) override;
  Result<> put_paused(AccountId account, bool paused) override;
  Result<> put_inherit_replacements(AccountId account, bool inherit) override;
  Result<> remove_account(AccountId account) override;
  Result<> erase_devices(std::span<const DeviceId> devices) override;
  Result<bool> erase_account(AccountId account) override;
  Result<> put_apple_account(AccountId account, const AppleAccount& apple) override;
  Result<> put_sync_state(AccountId account, const SyncState& state) override;
  Result<> put_clock_offset(AccountId account, Millis offset) override;
  Result<> put_lane_trouble(AccountId account, Lane lane, const std::optional<LaneTrouble>& trouble) override;
  Result<> put_profile_trouble(AccountId account, const ProfileUuid& uuid,
                               const std::optional<ProfileTrouble>& trouble) override;
  Result<> shift_schedules(Millis by, ServerId worker = {}) override;
  Result<> end_impossible_waits(Time now, const LongestWaits& longest) override;
  Result<> put_run_record(AccountId account, const RunRecord& record) override;
  Result<> put_health(AccountId account, const Health& health) override;
  Result<DeviceId> next_device_id() override;
  Result<> insert_devices(std::span<Device* const> devices) override;
  Result<> update_devices(std::span<const Device* const> devices) override;
  Result<> add_histories(AccountId account, std::span<const HistoryEntry> entries) override;
  Result<ThinnedHistory> thin_history(const HistoryCutoff& cutoff, size_t limit) override;
  Result<> put_rule(Rule& rule) override;
  Result<bool> remove_rule(RuleId id) override;
  Result<> put_profile(const Profile& profile) override;
  Result<> put_notes(AccountId account, std::span<const SerialNote> notes) override;
  Result<> put_serial_list(SerialList& list) override;
  Result<long long> add_to_list(SerialListId list, std::span<const Serial> serials) override;
  Result<long long> remove_from_list(SerialListId list, std::span<const Serial> serials) override;
  Result<> remove_serial_list(SerialListId list) override;
  Result<> set_current_profile(AccountId account, const std::string& name, const ProfileUuid& uuid) override;
  Result<> put_backfill(AccountId account, const Backfill& backfill) override;
  Result<> put_profile_moves(AccountId account, const ProfileMoves& moves) override;
  Result<> put_assignments(std::span<const Assignment> assignments) override;
  Result<> update_assignments(std::span<const Assignment> assignments) override;
  Result<> remove_assignments(std::span<const DeviceId> devices) override;
  Result<> put_sent_batch(SentBatch& batch) override;
  Result<> remove_sent_batch(SentBatchId id) override;
  Result<> mark_in_flight(SentBatchId id, Time now) override;
  Result<> put_questions(std::span<const Question> questions) override;
  Result<> remove_questions(AccountId account, Question::Kind kind, std::span<const Serial> serials) override;
  Result<long long> repoint_waiting(const Rule& rule, Time now) override;
  Result<> add_event(const Event& event) override;
  Result<> remove_event(EventId id) override;
  Result<long long> keep_newest_events(size_t count) override;
  Result<> add_to_feed(const FeedEntry& entry) override;
  Result<> number_feed() override;
  Result<> remove_receiver(ReceiverId receiver) override;
  Result<bool> claim_receiver(ReceiverId receiver, std::int64_t sender, Millis lease) override;
  Result<bool> put_progress(const Receiver& receiver, std::int64_t sender,
                            std::span<const Delivery> deliveries,
                            std::span<const DeadLetter> dead_letters) override;
  Result<long long> dead_letters_due(ReceiverId receiver) override;
  Result<> keep_dead_letter(ReceiverId receiver, long long number) override;
  Result<> remove_dead_letter(ReceiverId receiver, long long number) override;
  Result<> put_enrollments(std::span<const Enrollment> enrollments) override;
  Result<> put_late_look(AccountId account, const std::optional<LateLook>& look) override;
  Result<> add_to_day(AccountId account, Time time, const DayCounts& counts) override;
  Result<bool> remove_enrollment_webhook() override;
  Result<AuditLink> end_of_audit() override;
  Result<> add_audit(const AuditEntry& entry) override;
  Result<long long> remove_old_audit(Time before, size_t limit) override;
  Result<> put_api_key(const ApiKey& key) override;
  Result<bool> remove_api_key(const std::string& name) override;
  Result<> put_key_use(const KeyId& id, const KeyUse& use) override;
  Result<> end_session(const std::string& session, Time until, Time now) override;

  /// Whether a token or a key was there that is not to be found any more, in the log neither.
  bool has_replaced_secrets() const { return has_replaced_secrets_; }
  /// Whether a key is not what it was, or not for the accounts that it was for.
  bool has_changed_keys() const { return has_changed_keys_; }

 protected:
  Result<> put_stored_key_pair(AccountId account, const KeyPair& pair) override;
  Result<> put_stored_token(AccountId account, const Token& token) override;
  Result<> put_stored_secrets(const StoredSecrets& secrets) override;
  Result<> put_sealing_state(const SealingState& state) override;
  Result<> put_stored_receiver(const Receiver& receiver) override;
  Result<> put_stored_receiver_secrets(const Receiver& receiver) override;
  Result<> put_stored_device_lock(const DeviceLock& lock) override;
  Result<> put_stored_enrollment_webhook(const EnrollmentWebhook& webhook) override;

 private:
  // Enrollments follow their devices (store/enrollments.h).
  Result<bool> has_enrollments();
  Result<> take_enrollments_along(std::span<Device* const> inserted);
  Result<> follow_with_enrollments(std::span<const Device* const> updated);
  // Before a table is written that may be written to try something out.
  Result<> will_write(const char* table) { return shadows_ ? shadows_->make(table) : Result<>(); }

  Serials& serials_;
  ListOrder& order_;
  KeptCounts& counts_;
  Shadows* const shadows_;
  bool has_replaced_secrets_ = false;
  bool has_changed_keys_ = false;
  std::int64_t given_id_ = 0;  // the last that next_device_id() gave; 0 before it gave any
};

}  // namespace muster::sqlite
