// The store's writes on one connection, inside a transaction that store.cc opens and ends.
#pragma once

#include "store/postgres/engine/dictionary.h"
#include "store/postgres/engine/first_lists.h"
#include "store/postgres/tables/ids.h"
#include "store/postgres/tables/reader.h"

namespace muster::postgres {

// Virtual inheritance: a writer is a reader, and its reads are PostgresReader's, seen inside the transaction.
class PostgresWriter final : public PostgresReader, public Writer {
 public:
  /// `first_lists` may be null; `epoch`: of the run that writes (WriteScope::epoch()).
  PostgresWriter(Connection& connection, const Keyring& keyring, FirstLists* first_lists = nullptr,
                 std::optional<long long> epoch = {})
      : PostgresReader(connection, keyring),
        first_lists_(first_lists),
        epoch_(epoch),
        known_(known_numbers_of(connection)),
        dictionaries_(*known_) {}

  using PostgresReader::devices;
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
  Result<> put_run(AccountId account, const RunRecord& record, const SyncState& state) override;
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

  /// The transaction was committed.
  void committed() { dictionaries_.committed(); }
  /// Whether a key is not what it was, or not for the accounts that it was for.
  bool has_changed_keys() const { return has_changed_keys_; }

 protected:
  Result<std::vector<StoredSecrets>> stored_secrets(AccountId after, size_t limit) override;
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
  Result<> take_enrollments_along(AccountId account, std::span<const Device* const> inserted);
  Result<> follow_with_enrollments(AccountId account, std::span<const Device* const> updated);
  Result<> lock_all_accounts();
  /// The numbers of profiles that are wanted, or sent: UUIDs alone. 0 is none.
  Result<std::vector<std::int64_t>> numbers_of(AccountId account, const std::vector<ProfileUuid>& profiles);
  Result<std::int64_t> number_of(AccountId account, const ProfileUuid& profile);

  FirstLists* const first_lists_;
  const std::optional<long long> epoch_;
  const std::shared_ptr<AllKnownNumbers> known_;
  Dictionaries dictionaries_;
  DeviceIds ids_;
  bool has_changed_keys_ = false;
};

}  // namespace muster::postgres
