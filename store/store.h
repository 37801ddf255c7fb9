// The durable state, and its contract. tests/contract/ holds one battery that every implementation must pass.
//
// - Everything that happens in one write() happens or does not: when the function gives an error, or the process or
//   the machine dies before write() has returned, nothing of it is there afterwards; when write() has returned well,
//   all of it is, also after a power loss (write_in_passing() excepted).
// - Writes are one at a time, in order. A write() inside a write() or read() deadlocks: don't.
// - read() sees one moment, however long it takes, and never waits for a write().
// - Any thread may call. The Reader or Writer is valid during the call only, for the calling thread only.
// - Errors: Code::storage with the machine's reason when the disk is full or refuses, else Code::internal (file damaged).
//   Absence is not an error: an empty optional or vector, or false.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/os/descriptor.h"
#include "base/result.h"
#include "filter/filter.h"
#include "model/account.h"
#include "model/assignment.h"
#include "model/backfill.h"
#include "model/device.h"
#include "model/event.h"
#include "model/health.h"
#include "model/history.h"
#include "model/lane.h"
#include "model/note.h"
#include "model/profile.h"
#include "model/profile_trouble.h"
#include "model/question.h"
#include "model/rule.h"
#include "model/sent_batch.h"
#include "model/serial_list.h"
#include "model/standing.h"

namespace muster {

/// What people look at first. Tombstones count nowhere.
struct DeviceCounts {
  long long devices = 0;
  long long uncovered = 0;  ///< arrived, and no rule covered them
  long long contested = 0;
};

/// Which devices' standing to give.
struct StandingQuery {
  AccountId account{};
  /// The rules' filters in their order; null for one that cannot be read, which covers every device.
  std::vector<const FilterExpression*> filters{};
  DeviceId after{};  ///< those behind it, in order of id
  size_t limit = 1;
  bool waiting_only = false;  ///< only devices whose assignment is `due`
  /// If not empty, one for each filter, and only such devices: that a person has not decided about, and that some filter
  /// covers within its reach, or that wait for a rule's word (`due`). Some others may be among them.
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

/// A device as MicroMDM lists it.
struct ListedDevice {
  Serial serial;
  std::string profile_status;
};

/// How far ahead the moments can lie for which something waits.
struct LongestWaits {
  Millis next_list{};   ///< SyncState::next_list
  Millis assignment{};  ///< Assignment::next_try
  Millis retry{};       ///< what Apple is asked again: troubles, questions, a list for the sake of a cursor
  Millis pause{};       ///< Health::not_before
};

class Reader {
 public:
  virtual ~Reader() = default;

  /// All accounts, in order of their creation. Here and below, those that were removed are not there.
  virtual Result<std::vector<Account>> accounts() = 0;
  virtual Result<std::optional<Account>> account(const AccountName& name) = 0;
  virtual Result<std::optional<Account>> account(AccountId id) = 0;
  /// Accounts that were removed (Writer::remove_account) and not yet erased.
  virtual Result<std::vector<AccountId>> removed_accounts() = 0;
  virtual Result<SyncState> sync_state(AccountId account) = 0;
  virtual Result<RunRecord> run_record(AccountId account) = 0;
  virtual Result<Health> health(AccountId account) = 0;
  virtual Result<DeviceCounts> device_counts(AccountId account) = 0;
  /// Grows whenever a rule or a list comes, goes or gets another version, a profile's name stands for another UUID, or
  /// the account's address or pause changes.
  virtual Result<long long> config_revision(AccountId account) = 0;

  /// The devices with these serials, tombstones too, in no order; unknown serials are left out.
  virtual Result<std::vector<Device>> devices(AccountId account, std::span<const Serial> serials) = 0;
  /// The devices with these ids, likewise.
  virtual Result<std::vector<Device>> devices(std::span<const DeviceId> ids) = 0;
  Result<std::optional<Device>> device(DeviceId id);
  /// Up to `limit` devices in order of serial, from behind `after` ("" begins), without tombstones; only those that
  /// the filter covers, if there is one.
  virtual Result<std::vector<Device>> device_page(AccountId account, const Serial& after, size_t limit,
                                                  const FilterExpression* filter = nullptr) = 0;
  /// What MicroMDM's list of devices shows of them: as device_page(), without the first `skip` of them.
  virtual Result<std::vector<ListedDevice>> listed_page(AccountId account, const Serial& after, size_t limit,
                                                        long long skip = 0) = 0;
  /// The same of those that DeviceCounts counts as uncovered. Costs what there are of them, not what there are of devices.
  virtual Result<std::vector<Device>> uncovered_page(AccountId account, const Serial& after, size_t limit,
                                                     const FilterExpression* filter = nullptr) = 0;
  /// How many devices the filter covers, without tombstones.
  virtual Result<long long> device_count(AccountId account, const FilterExpression& filter) = 0;
  /// The ids of all devices that are no tombstones.
  virtual Result<std::vector<DeviceId>> device_ids(AccountId account) = 0;
  /// The lowest ids of the devices of a removed account, tombstones too, in ascending order, `limit` at most; empty for
  /// any other account.
  virtual Result<std::vector<DeviceId>> devices_to_erase(AccountId account, size_t limit) = 0;

  /// How often `kind`, which is not baseline, is in a device's history since `since`.
  virtual Result<long long> history_count(DeviceId device, HistoryEntry::Kind kind, Time since) = 0;
  /// A device's history, oldest first.
  virtual Result<std::vector<HistoryEntry>> history(DeviceId device) = 0;

  /// In the order in which they are tried: by priority, then age.
  virtual Result<std::vector<Rule>> rules(AccountId account) = 0;
  /// In order of definition.
  virtual Result<std::vector<Profile>> profiles(AccountId account) = 0;
  virtual Result<std::optional<Profile>> profile(AccountId account, const ProfileUuid& uuid) = 0;

  /// The notes on these serials, whether their devices are known or not; those without one are left out.
  virtual Result<std::map<Serial, Note>> notes(AccountId account, std::span<const Serial> serials) = 0;
  /// Up to `limit` notes in order of serial, from behind `after` ("" begins).
  virtual Result<std::vector<SerialNote>> note_page(AccountId account, const Serial& after, size_t limit) = 0;

  /// In order of name.
  virtual Result<std::vector<SerialList>> serial_lists(AccountId account) = 0;
  virtual Result<std::optional<SerialList>> serial_list(AccountId account, const std::string& name) = 0;
  /// Up to `limit` serials of a list in order, from behind `after` ("" begins).
  virtual Result<std::vector<Serial>> serial_list_page(SerialListId list, const Serial& after,
                                                       size_t limit) = 0;
  /// For each of the serials that is in a list: the names of its lists.
  virtual Result<std::map<Serial, std::set<std::string>>> lists_of(AccountId account,
                                                                   std::span<const Serial> serials) = 0;
  /// The version that the name stands for.
  virtual Result<std::optional<Profile>> current_profile(AccountId account, const std::string& name) = 0;
  /// How many devices that are no tombstones have each profile, as Apple says; those that none has are left out.
  virtual Result<std::map<ProfileUuid, long long>> devices_by_profile(AccountId account) = 0;
  /// 0 when there is none of that name.
  virtual Result<int> newest_profile_version(AccountId account, const std::string& name) = 0;

  /// Devices that are no tombstones, as deciding needs them. A page may have less than `limit`, even none, with more to come.
  virtual Result<StandingPage> standings(const StandingQuery& query) = 0;
  /// For each combination of filters (null for one that covers every device) that occurs, how many devices they cover.
  virtual Result<std::vector<MatchCount>> match_counts(
      AccountId account, const std::vector<const FilterExpression*>& filters) = 0;

  /// The pass over the account's devices; State::none when there is none.
  virtual Result<Backfill> backfill(AccountId account) = 0;
  virtual Result<ProfileMoves> profile_moves(AccountId account) = 0;

  /// Those of these devices that have one, in no order.
  virtual Result<std::vector<Assignment>> assignments(std::span<const DeviceId> devices) = 0;
  Result<std::optional<Assignment>> assignment(DeviceId device);
  /// The next call's worth of work: up to `limit` assignments that are `due` by `now` and not in a sent batch, all of one
  /// profile, in order of urgency and then of waiting; none of a profile in `without`.
  virtual Result<std::vector<Assignment>> next_batch(AccountId account, Time now, size_t limit,
                                                     const std::set<ProfileUuid>& without = {}) = 0;
  /// Up to `limit` assignments in `state`, which is not `due`, whose next_try is not after `now`, in its order. Those of
  /// sent batches are not among them.
  virtual Result<std::vector<Assignment>> assignments_in(AccountId account, Assignment::State state, Time now,
                                                         size_t limit) = 0;
  /// When the next of the account's assignments that wait in `state` is to be touched: of `due` those that are in no sent
  /// batch and of no profile in `without`. Nothing when there is none.
  virtual Result<std::optional<Time>> next_assignment_time(AccountId account, Assignment::State state,
                                                           const std::set<ProfileUuid>& without = {}) = 0;
  /// In order of id.
  virtual Result<std::vector<SentBatch>> sent_batches(AccountId account) = 0;
  /// How many assignments the account has, in any state.
  virtual Result<long long> assignment_count(AccountId account) = 0;

  /// Only lanes that have trouble.
  virtual Result<std::map<Lane, LaneTrouble>> lane_troubles(AccountId account) = 0;
  /// Only profiles that Apple does not know.
  virtual Result<std::map<ProfileUuid, ProfileTrouble>> profile_troubles(AccountId account) = 0;

  /// Up to `limit` questions of a kind whose next_try is not after `now`, in its order.
  virtual Result<std::vector<Question>> questions(AccountId account, Question::Kind kind, Time now,
                                                  size_t limit) = 0;
  /// The questions of a kind about these serials, in no order.
  virtual Result<std::vector<Question>> questions_about(AccountId account, Question::Kind kind,
                                                        std::span<const Serial> serials) = 0;
  /// When the next question of any kind is to be asked; nothing when there is none.
  virtual Result<std::optional<Time>> next_question_time(AccountId account) = 0;

  /// Of all accounts' events, the `limit` that happened first, in their order.
  virtual Result<std::vector<Event>> oldest_events(size_t limit) = 0;
  virtual Result<long long> event_count() = 0;
};

class Writer : public virtual Reader {
 public:
  /// Code::conflict when the name exists. The id was never another account's.
  virtual Result<AccountId> create_account(const AccountName& name) = 0;
  virtual Result<> put_base_url(AccountId account, const std::string& base_url) = 0;
  virtual Result<> put_paused(AccountId account, bool paused) = 0;
  /// The account is gone for every reader, its token, key pair and events for good, and its name is free. What is left of it
  /// is erased piece by piece: erase_devices() until devices_to_erase() is empty, then erase_account().
  virtual Result<> remove_account(AccountId account) = 0;
  /// Deletes devices with their history and assignments.
  virtual Result<> erase_devices(std::span<const DeviceId> devices) = 0;
  /// Deletes the rest of a removed account: rules, profiles, notes, lists, itself. False, and nothing is done, while it has devices;
  /// true also when there is no such removed account.
  virtual Result<bool> erase_account(AccountId account) = 0;
  virtual Result<> put_key_pair(AccountId account, const KeyPair& pair) = 0;
  virtual Result<> put_token(AccountId account, const Token& token) = 0;
  virtual Result<> put_apple_account(AccountId account, const AppleAccount& apple) = 0;
  virtual Result<> put_sync_state(AccountId account, const SyncState& state) = 0;
  virtual Result<> put_clock_offset(AccountId account, Millis offset) = 0;
  /// Nothing takes it away.
  virtual Result<> put_lane_trouble(AccountId account, Lane lane,
                                    const std::optional<LaneTrouble>& trouble) = 0;
  virtual Result<> put_profile_trouble(AccountId account, const ProfileUuid& uuid,
                                       const std::optional<ProfileTrouble>& trouble) = 0;
  /// The wall clock was set: every moment for which something waits moves with it, in all accounts, and so do those whose
  /// age counts: of the last run, of the last report in the log, of events. Histories stay.
  virtual Result<> shift_schedules(Millis by) = 0;
  /// Nothing waits for a moment further ahead than its longest wait, in any account: such a moment is from a clock that was
  /// wrong, and becomes `now`; so does what is said to have happened later than now.
  virtual Result<> end_impossible_waits(Time now, const LongestWaits& longest) = 0;
  virtual Result<> put_run_record(AccountId account, const RunRecord& record) = 0;
  virtual Result<> put_health(AccountId account, const Health& health) = 0;

  /// The id that the next new device gets; the ones behind it are free, too.
  virtual Result<DeviceId> next_device_id() = 0;
  /// Stores devices that are new, with ids from next_device_id() on, in ascending order. Fails when an account has one of
  /// the serials already.
  virtual Result<> insert_devices(std::span<Device* const> devices) = 0;
  /// All but account, serial, id, first_seen and baseline.
  virtual Result<> update_devices(std::span<const Device* const> devices) = 0;
  /// Of devices of one account. Not Kind::baseline, which follows from Device::baseline.
  virtual Result<> add_histories(AccountId account, std::span<const HistoryEntry> entries) = 0;

  /// The same for one. insert_device() sets the id.
  Result<> insert_device(Device& device);
  Result<> update_device(const Device& device);
  Result<> add_history(AccountId account, const HistoryEntry& entry);

  /// New when its id is 0 (then sets it), else all but account and created_at is replaced.
  virtual Result<> put_rule(Rule& rule) = 0;
  /// False when there is none.
  virtual Result<bool> remove_rule(RuleId id) = 0;

  /// By account and UUID: new, or replaced.
  virtual Result<> put_profile(const Profile& profile) = 0;
  /// The profile must be stored.
  virtual Result<> set_current_profile(AccountId account, const std::string& name,
                                       const ProfileUuid& uuid) = 0;

  /// State::none takes it away.
  virtual Result<> put_backfill(AccountId account, const Backfill& backfill) = 0;
  /// In the place of those there were.
  virtual Result<> put_profile_moves(AccountId account, const ProfileMoves& moves) = 0;

  /// By account and serial: new, or replaced; an empty note is removed.
  virtual Result<> put_note(AccountId account, const Serial& serial, const Note& note) = 0;

  /// New when its id is 0 (then sets it), else the present one's version and updated_at are replaced. Its serials are
  /// put by the two below. Code::conflict when a new one's name exists.
  virtual Result<> put_serial_list(SerialList& list) = 0;
  /// False when it was in the list already.
  virtual Result<bool> add_to_list(SerialListId list, const Serial& serial) = 0;
  /// False when it was not in the list.
  virtual Result<bool> remove_from_list(SerialListId list, const Serial& serial) = 0;
  /// With its serials. Nothing happens when there is none.
  virtual Result<> remove_serial_list(SerialListId list) = 0;

  /// By device: new, or replaced.
  virtual Result<> put_assignments(std::span<const Assignment> assignments) = 0;
  /// State, urgency, attempts, next_try and last_answer, of those that are stored still: with this profile, and made at this
  /// time (created_at). Where another one is there now, or none, nothing happens.
  virtual Result<> update_assignments(std::span<const Assignment> assignments) = 0;
  /// Nothing happens where there is none.
  virtual Result<> remove_assignments(std::span<const DeviceId> devices) = 0;
  Result<> put_assignment(const Assignment& assignment);
  Result<> remove_assignment(DeviceId device);
  /// Stores a new batch and sets its id.
  virtual Result<> put_sent_batch(SentBatch& batch) = 0;
  /// Its assignments are `due` again, or what they were changed into meanwhile. Nothing happens when there is none.
  virtual Result<> remove_sent_batch(SentBatchId id) = 0;
  /// Nobody knows whether the call had an effect: its assignments become in_flight, due at `now`, and the batch goes.
  /// Nothing happens when there is none.
  virtual Result<> mark_in_flight(SentBatchId batch, Time now) = 0;

  /// By account, kind and serial: new, or replaced.
  virtual Result<> put_questions(std::span<const Question> questions) = 0;
  /// Nothing happens where there is none.
  virtual Result<> remove_questions(AccountId account, Question::Kind kind,
                                    std::span<const Serial> serials) = 0;

  /// Gives every device that waits (`due`, and in no sent batch) on this rule's word the profile that the rule has now, due at `now`, no
  /// attempts made; their history says so. How many.
  virtual Result<long long> repoint_waiting(const Rule& rule, Time now) = 0;

  /// New, behind all others; its id is the store's.
  virtual Result<> add_event(const Event& event) = 0;
  /// Nothing happens when there is none.
  virtual Result<> remove_event(EventId id) = 0;
  /// Removes all but the newest `count`. How many.
  virtual Result<long long> keep_newest_events(size_t count) = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  /// Calls fn(Reader&), which gives a Result<T>, on one consistent view; gives what it gives.
  template <class Fn>
  auto read(Fn&& fn) -> std::invoke_result_t<Fn, Reader&> {
    std::optional<std::invoke_result_t<Fn, Reader&>> result;
    auto done = do_read([&](Reader& reader) { result.emplace(fn(reader)); });
    if (!done) return failure(std::move(done).error());
    return std::move(*result);
  }

  /// Calls fn(Writer&), which gives a Result<T>, in one transaction: kept when the result is good, else undone.
  template <class Fn>
  auto write(Fn&& fn) -> std::invoke_result_t<Fn, Writer&> {
    return transact(Durability::now, fn);
  }

  /// The same without waiting for the disk: after a power loss it may be gone, with all that was written later. Any
  /// write() behind it makes it durable, too. For what can be had again, and was promised to nobody.
  template <class Fn>
  auto write_in_passing(Fn&& fn) -> std::invoke_result_t<Fn, Writer&> {
    return transact(Durability::later, fn);
  }

  /// Grows with each write that changes more than how accounts stand with Apple: devices, rules, lists, notes, profiles and all that
  /// waits. What was read since a number was given is still so while the same is given. Begins anew with each process.
  virtual std::uint64_t revision() const = 0;

  /// Why the last write was not stored, when the machine could not (Code::storage); nothing when all is well.
  virtual std::optional<Error> trouble() const = 0;

  /// A copy of all that is stored, of one moment.
  struct Copy {
    Descriptor file;  ///< without a name: gone with its last descriptor, also when the process dies
    std::shared_ptr<const void> place;  ///< as long as it is held, no other copy is made
  };
  /// Reads and writes go on meanwhile. Code::busy while there is another copy, Code::storage when there is no room for one.
  virtual Result<Copy> make_copy() = 0;

 protected:
  enum class Durability { now, later };

 private:
  template <class Fn>
  auto transact(Durability durability, Fn& fn) -> std::invoke_result_t<Fn, Writer&> {
    std::optional<std::invoke_result_t<Fn, Writer&>> result;
    auto done = do_write(durability, [&](Writer& writer) {
      result.emplace(fn(writer));
      return result->has_value();
    });
    if (!done) return failure(std::move(done).error());
    return std::move(*result);
  }

  virtual Result<> do_read(const std::function<void(Reader&)>& fn) = 0;
  /// `fn` gives whether to keep what it did.
  virtual Result<> do_write(Durability durability, const std::function<bool(Writer&)>& fn) = 0;
};

}  // namespace muster
