// What is asked for one device is what is asked for many; and what is secret is sealed on its way to the
// backend.
#include "store/store.h"

#include <algorithm>

#include "store/sealing.h"

namespace muster {
namespace {

template <class T>
Result<std::optional<T>> the_only(Result<std::vector<T>> found) {
  if (!found) return failure(std::move(found).error());
  if (found->empty()) return std::optional<T>();
  return std::optional<T>(std::move(found->front()));
}

}  // namespace

std::map<ProfileStatus, long long> AccountOverview::by_status() const {
  std::map<ProfileStatus, long long> all;
  for (const auto& of_rule : devices_by_rule)
    for (const auto& [status, devices] : of_rule.by_status) all[status] += devices;
  return all;
}

Error too_many_ended_sessions() {
  return {Code::conflict,
          "too many sessions ended in the last hours to remember another one",
          "This one stays valid until its time is over. To end it now, give its API key a new text",
          {}};
}

Result<AccountState> Reader::state_of(Account account) {
  AccountState state;
  MUSTER_TRY(state.health, health(account.id));
  MUSTER_TRY(state.record, run_record(account.id));
  MUSTER_TRY(state.state, sync_state(account.id));
  MUSTER_TRY(state.troubles, lane_troubles(account.id));
  MUSTER_TRY(state.profile_troubles, profile_troubles(account.id));
  MUSTER_TRY(state.waiting, assignment_count(account.id));
  state.account = std::move(account);
  return state;
}

Result<std::optional<AccountState>> Reader::account_state(AccountId id) {
  MUSTER_TRY(auto found, account(id));
  if (!found) return std::nullopt;
  MUSTER_TRY(auto state, state_of(std::move(*found)));
  return std::optional(std::move(state));
}

Result<std::vector<AccountOverview>> Reader::account_overviews() {
  MUSTER_TRY(auto all, accounts());
  std::vector<AccountOverview> overviews;
  overviews.reserve(all.size());
  for (auto& account : all) {
    AccountOverview& overview = overviews.emplace_back();
    MUSTER_TRY(static_cast<AccountState&>(overview), state_of(account));
    MUSTER_TRY(overview.counts, device_counts(account.id));
    MUSTER_TRY(overview.backfill, backfill(account.id));
    MUSTER_TRY(overview.devices_by_rule, devices_by_rule(account.id));
    MUSTER_TRY(overview.enrolled_by_rule, enrolled_by_rule(account.id));
    MUSTER_TRY(overview.late_look, late_look(account.id));
  }
  return overviews;
}

Result<std::optional<Token>> Reader::token(AccountId account) {
  MUSTER_TRY(auto token, stored_token(account));
  if (token) MUSTER_TRY(Sealing::open(keyring(), account, *token));
  return token;
}

Result<std::optional<KeyPair>> Reader::key_pair(AccountId account) {
  MUSTER_TRY(auto pair, stored_key_pair(account));
  if (pair) MUSTER_TRY(Sealing::open(keyring(), account, *pair));
  return pair;
}

Result<> Writer::put_run(AccountId account, const RunRecord& record, const SyncState& state) {
  MUSTER_TRY(put_sync_state(account, state));
  return put_run_record(account, record);
}

Result<> Writer::put_key_pair(AccountId account, const KeyPair& pair) {
  MUSTER_TRY(const auto sealed, Sealing::sealed(keyring(), account, pair));
  return put_stored_key_pair(account, sealed);
}

Result<> Writer::put_token(AccountId account, const Token& token) {
  MUSTER_TRY(const auto sealed, Sealing::sealed(keyring(), account, token));
  return put_stored_token(account, sealed);
}

Result<std::vector<Receiver>> Reader::receivers() {
  MUSTER_TRY(auto receivers, stored_receivers());
  for (auto& receiver : receivers) MUSTER_TRY(Sealing::open(keyring(), receiver));
  return receivers;
}

Result<std::optional<Receiver>> Reader::receiver(const std::string& name) {
  MUSTER_TRY(auto all, receivers());
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  return found == all.end() ? std::nullopt : std::optional(std::move(*found));
}

Result<std::optional<Receiver>> Reader::receiver(ReceiverId id) {
  MUSTER_TRY(auto all, receivers());
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
  return found == all.end() ? std::nullopt : std::optional(std::move(*found));
}

Result<> Writer::put_receiver(const Receiver& receiver) {
  MUSTER_TRY(const auto sealed, Sealing::sealed(keyring(), receiver));
  return put_stored_receiver(sealed);
}

Result<std::optional<DeviceLock>> Reader::device_lock(AccountId account, const Serial& serial) {
  MUSTER_TRY(auto lock, stored_device_lock(account, serial));
  if (lock) MUSTER_TRY(Sealing::open(keyring(), *lock));
  return lock;
}

Result<> Writer::put_device_lock(const DeviceLock& lock) {
  MUSTER_TRY(const auto sealed, Sealing::sealed(keyring(), lock));
  return put_stored_device_lock(sealed);
}

Result<std::optional<EnrollmentWebhook>> Reader::enrollment_webhook() {
  MUSTER_TRY(auto webhook, stored_enrollment_webhook());
  if (webhook) MUSTER_TRY(Sealing::open(keyring(), *webhook));
  return webhook;
}

Result<> Writer::put_enrollment_webhook(const EnrollmentWebhook& webhook) {
  MUSTER_TRY(const auto sealed, Sealing::sealed(keyring(), webhook));
  return put_stored_enrollment_webhook(sealed);
}

Error not_current_any_more() {
  return {Code::cancelled, "the account was removed, has a new token or is worked by another server", "", {}};
}

Error no_such_account(const AccountName& name) {
  return {Code::not_found, "there is no account with the name \"" + name.str() + "\"", "", {}};
}

Result<std::map<Serial, Enrollment>> EnrollmentReads::enrollments_in(AccountId account,
                                                                     std::span<const Serial> serials) {
  MUSTER_TRY(auto found, enrollments(serials));
  std::map<Serial, Enrollment> of_account;
  for (auto& enrollment : found)
    if (enrollment.account == account) of_account.emplace(enrollment.serial, std::move(enrollment));
  return of_account;
}

Result<std::optional<Device>> DeviceReads::device(DeviceId id) {
  return the_only(devices(std::span(&id, 1)));
}

Result<std::optional<Assignment>> WorkReads::assignment(DeviceId device) {
  return the_only(assignments(std::span(&device, 1)));
}

Result<> DeviceWrites::insert_device(Device& device) {
  MUSTER_TRY(device.id, next_device_id());
  Device* const only = &device;
  auto stored = insert_devices(std::span(&only, 1));
  if (!stored) device.id = {};
  return stored;
}

Result<> DeviceWrites::update_device(const Device& device) {
  const Device* const only = &device;
  return update_devices(std::span(&only, 1));
}

Result<> DeviceWrites::add_history(AccountId account, const HistoryEntry& entry) {
  return add_histories(account, std::span(&entry, 1));
}

Result<> ListWrites::put_note(AccountId account, const Serial& serial, const Note& note) {
  const SerialNote only{serial, note};
  return put_notes(account, std::span(&only, 1));
}

Result<bool> ListWrites::add_to_list(SerialListId list, const Serial& serial) {
  MUSTER_TRY(const auto added, add_to_list(list, std::span(&serial, 1)));
  return added > 0;
}

Result<bool> ListWrites::remove_from_list(SerialListId list, const Serial& serial) {
  MUSTER_TRY(const auto removed, remove_from_list(list, std::span(&serial, 1)));
  return removed > 0;
}

Result<> WorkWrites::put_assignment(const Assignment& assignment) {
  return put_assignments(std::span(&assignment, 1));
}

Result<> WorkWrites::remove_assignment(DeviceId device) { return remove_assignments(std::span(&device, 1)); }

}  // namespace muster
