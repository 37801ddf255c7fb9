// The durable state, and its contract. What is stored of each subject is in a file of its own (accounts.h,
// devices.h, ...); tests/contract/ holds one battery that every implementation must pass.
//
// - Everything that happens in one write() happens or does not: when the function gives an error, or the
//   process or the machine dies before write() has returned, nothing of it is there afterwards; when write()
//   has returned well, all of it is, also after a power loss (write_in_passing() excepted).
// - A write() concerns one account, or the installation: names of accounts, events, what is said of all
//   accounts at once. Writes that concern the same are one at a time, in order; others may go on meanwhile,
//   in this process and in others. A write() inside a write() or read() deadlocks: don't.
// - A call of a Writer that gives nothing but success may be made later: a failure of it comes with it, with
//   a later call, or at the latest with write().
// - The function of a write() may run more than once, when a store lost its connection or was in another's
//   way. All but the last run are undone. So it changes no captured variable, except to assign it a value in
//   each run; it moves nothing out of one and counts in none. What it consumes is passed as the write's
//   `input`: each run has its own.
// - read() sees one moment, however long it takes, and never waits for a write().
// - Any thread may call. The Reader or Writer is valid during the call only, for the calling thread only.
// - Errors: Code::storage with the machine's reason when the disk is full or refuses, else Code::internal
//   (file damaged). Absence is not an error: an empty optional or vector, or false.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/function_ref.h"
#include "base/os/descriptor.h"
#include "base/result.h"
#include "store/accounts.h"
#include "store/audit.h"
#include "store/day_counts.h"
#include "store/devices.h"
#include "store/enrollments.h"
#include "store/events.h"
#include "store/feed.h"
#include "store/keys.h"
#include "store/lists.h"
#include "store/profiles.h"
#include "store/receivers.h"
#include "store/rules.h"
#include "store/secrets.h"
#include "store/shared_store.h"
#include "store/work.h"

namespace muster {

/// An account, and how its last runs left it.
struct AccountState {
  Account account;
  Health health;
  RunRecord record;
  SyncState state;
  std::map<Lane, LaneTrouble> troubles;                    ///< of lanes that have any
  std::map<ProfileUuid, ProfileTrouble> profile_troubles;  ///< of profiles that have any
  long long waiting = 0;                                   ///< assignments
};

/// What is shown of an account, from stored values: nothing is counted.
struct AccountOverview : AccountState {
  DeviceCounts counts;
  Backfill backfill;
  std::vector<DevicesOfRule> devices_by_rule;    ///< RuleReads::devices_by_rule()
  std::vector<EnrolledOfRule> enrolled_by_rule;  ///< EnrollmentReads::enrolled_by_rule()
  std::optional<LateLook> late_look;             ///< EnrollmentReads::late_look()

  /// Devices by what Apple says of their profile.
  std::map<ProfileStatus, long long> by_status() const;
};

class Reader : public AccountReads,
               public AuditReads,
               public DayCountReads,
               public DeviceReads,
               public EnrollmentReads,
               public EventReads,
               public FeedReads,
               public KeyReads,
               public ListReads,
               public ProfileReads,
               public ReceiverReads,
               public RuleReads,
               public SecretReads,
               public WorkReads {
 public:
  // Open the secrets: what stored_token() and the like give is sealed (secrets.h).
  Result<std::optional<Token>> token(AccountId account) final;
  Result<std::optional<KeyPair>> key_pair(AccountId account) final;
  /// In order of name.
  Result<std::vector<Receiver>> receivers();
  Result<std::optional<Receiver>> receiver(const std::string& name);
  Result<std::optional<Receiver>> receiver(ReceiverId id);
  /// Also of a device that has left, or that nobody knows.
  Result<std::optional<DeviceLock>> device_lock(AccountId account, const Serial& serial);
  /// Nothing: no messages from MDM servers are accepted.
  Result<std::optional<EnrollmentWebhook>> enrollment_webhook();

  // A backend whose calls cost a round trip has something better than a few for each account, here and below.
  /// Nothing for one that was removed.
  virtual Result<std::optional<AccountState>> account_state(AccountId account);
  /// Of all accounts, in order of creation.
  virtual Result<std::vector<AccountOverview>> account_overviews();

 private:
  Result<AccountState> state_of(Account account);
};

/// What the function of a write() says of its change.
struct ChangeNotes {
  std::vector<AuditChange> changes;
  bool is_none = false;  ///< it says that there is nothing to say
};

class Writer : public virtual Reader,
               public AccountWrites,
               public AuditWrites,
               public DayCountWrites,
               public DeviceWrites,
               public EnrollmentWrites,
               public EventWrites,
               public FeedWrites,
               public KeyWrites,
               public ListWrites,
               public ProfileWrites,
               public ReceiverWrites,
               public RuleWrites,
               public SecretWrites,
               public WorkWrites {
 public:
  // Seal the secrets.
  Result<> put_key_pair(AccountId account, const KeyPair& pair) final;
  Result<> put_token(AccountId account, const Token& token) final;
  /// Stores a new one, or changes the one of its id, its place in the feed included; its revision grows.
  Result<> put_receiver(const Receiver& receiver);
  /// In place of the one that the device had. It stays until the account is removed.
  Result<> put_device_lock(const DeviceLock& lock);
  /// In place of the one that there is.
  Result<> put_enrollment_webhook(const EnrollmentWebhook& webhook);
  /// put_sync_state() and put_run_record().
  virtual Result<> put_run(AccountId account, const RunRecord& record, const SyncState& state);

  /// Whoever changes something for an operator says what, for the audit (acting_store.h). Nothing happens in
  /// the writes of runs.
  void note_change(AuditChange change) {
    if (notes_) notes_->changes.push_back(std::move(change));
  }
  /// It was as it should be already, or it is Apple's answer to a change that was noted.
  void note_no_change() {
    if (notes_) notes_->is_none = true;
  }
  /// Where notes go; null for nowhere.
  void take_notes(ChangeNotes* notes) { notes_ = notes; }

 private:
  ChangeNotes* notes_ = nullptr;
};

/// What a write() concerns: `account`, `installation`, or `{installation, account}`; of_run() for that of a
/// run.
class WriteScope {
 public:
  enum class Installation { installation };
  WriteScope(AccountId account) : account_(account) {}        // NOLINT(google-explicit-constructor)
  WriteScope(Installation) : concerns_installation_(true) {}  // NOLINT(google-explicit-constructor)
  WriteScope(Installation, AccountId account) : account_(account), concerns_installation_(true) {}

  /// What a run, which read the account when it began, writes about it: Code::cancelled, and nothing is
  /// written, when the account was removed, has another token or is worked by another server since. Apple's
  /// answers to an old token must not be stored, and two servers must not work one account.
  static WriteScope of_run(const Account& account) {
    WriteScope scope(account.id);
    scope.epoch_ = account.epoch;
    return scope;
  }

  /// The same for a write that waits while the machine cannot store it (Code::storage), for 5 minutes at
  /// most, and as long as the thread's work is wanted (base/threads/wanted.h). For what Apple answered: it
  /// would have to be asked again.
  WriteScope patiently() const {
    WriteScope scope = *this;
    scope.is_patient_ = true;
    return scope;
  }

  /// 0 when it concerns none.
  AccountId account() const { return account_; }
  /// Account::epoch of a run.
  std::optional<long long> epoch() const { return epoch_; }
  bool concerns_installation() const { return concerns_installation_; }
  bool is_patient() const { return is_patient_; }

 private:
  AccountId account_{};
  bool concerns_installation_ = false;
  bool is_patient_ = false;
  std::optional<long long> epoch_;
};
/// Why a run's write was refused.
Error not_current_any_more();
/// Code::not_found for the name of an account.
Error no_such_account(const AccountName& name);
inline constexpr auto installation = WriteScope::Installation::installation;

/// Makes copies of all that is stored, each of one moment.
class CopyMaker {
 public:
  virtual ~CopyMaker() = default;

  struct Copy {
    Descriptor file;  ///< without a name: gone with its last descriptor, also when the process dies
    std::shared_ptr<const void> place;  ///< as long as it is held, no other copy is made
  };
  /// Reads and writes go on meanwhile. Code::busy while there is another copy, Code::storage when there is no
  /// room for one.
  virtual Result<Copy> make_copy() = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  /// Calls fn(Reader&), which gives a Result<T>, on one consistent view; gives what it gives.
  template <class Fn>
  auto read(Fn&& fn) -> std::invoke_result_t<Fn, Reader&> {
    return read_as<std::invoke_result_t<Fn, Reader&>>(fn);
  }

  /// Calls fn(Writer&), which gives a Result<T>, in one transaction: kept when the result is good, else
  /// undone.
  template <class Fn>
  auto write(WriteScope scope, Fn&& fn) -> std::invoke_result_t<Fn, Writer&> {
    return transact(scope, Durability::now, fn);
  }
  /// The same with fn(Writer&, Input), which may use its input up.
  template <class Input, class Fn>
  auto write(WriteScope scope, Input input, Fn&& fn) -> std::invoke_result_t<Fn, Writer&, Input> {
    return transact_with(scope, Durability::now, std::move(input), fn);
  }

  /// The same without waiting for the disk: after a power loss it may be gone, with all that was written
  /// later. Any write() behind it makes it durable, too. For what can be had again, and was promised to
  /// nobody.
  template <class Fn>
  auto write_in_passing(WriteScope scope, Fn&& fn) -> std::invoke_result_t<Fn, Writer&> {
    return transact(scope, Durability::later, fn);
  }
  template <class Input, class Fn>
  auto write_in_passing(WriteScope scope, Input input, Fn&& fn) -> std::invoke_result_t<Fn, Writer&, Input> {
    return transact_with(scope, Durability::later, std::move(input), fn);
  }

  /// Calls fn(Writer&), which gives a Result<T>, on one consistent view, as read() does, to find out what
  /// would be: it sees what it writes, and nothing of that stays. Only rules, profiles and their moves, lists
  /// and notes can be written, and the configuration's revision does not grow. Never waits for a write(), but
  /// for another try_out(): they are one at a time.
  template <class Fn>
  auto try_out(Fn&& fn) -> std::invoke_result_t<Fn, Writer&> {
    return try_out_as<std::invoke_result_t<Fn, Writer&>>(fn);
  }

  /// Grows with each write that changes more than how accounts stand with Apple: devices, rules, lists,
  /// notes, profiles and all that waits. What was read since a number was given is still so while the same is
  /// given. Begins anew with each process.
  virtual std::uint64_t revision() const = 0;

  /// Grows with each change of the API's keys, and of the accounts that they are for: at its commit when it
  /// is made here, soon after it when another server made it.
  virtual std::uint64_t key_revision() const = 0;

  /// Why the last write was not stored, when the machine could not (Code::storage); nothing when all is well.
  virtual std::optional<Error> trouble() const = 0;

  /// Whether the database can be read and has the schema that this program knows.
  virtual Result<> check() = 0;

  /// What several servers agree on; null for a store of one server.
  virtual SharedStore* shared() { return nullptr; }

  /// Null for a store whose database is copied by other tools.
  virtual CopyMaker* copies() { return nullptr; }

 protected:
  enum class Durability { now, later };
  enum class Run {
    may_repeat,  ///< if this one is undone, another may follow
    last,
  };
  /// Gives whether to keep what it did.
  using WriteFunction = FunctionRef<bool(Writer&, Run)>;

 private:
  // One for each result, not for each function.
  template <class Given>
  Given read_as(FunctionRef<Given(Reader&)> fn) {
    std::optional<Given> result;
    auto done = do_read([&](Reader& reader) { result.emplace(fn(reader)); });
    if (!done) return failure(std::move(done).error());
    return std::move(*result);
  }
  template <class Given>
  Given try_out_as(FunctionRef<Given(Writer&)> fn) {
    std::optional<Given> result;
    auto done = do_try_out([&](Writer& writer) { result.emplace(fn(writer)); });
    if (!done) return failure(std::move(done).error());
    return std::move(*result);
  }

  template <class Fn>
  auto transact(WriteScope scope, Durability durability, Fn& fn) -> std::invoke_result_t<Fn, Writer&> {
    return transact_as<std::invoke_result_t<Fn, Writer&>>(scope, durability,
                                                          [&](Writer& writer, Run) { return fn(writer); });
  }
  template <class Input, class Fn>
  auto transact_with(WriteScope scope, Durability durability, Input input, Fn& fn)
      -> std::invoke_result_t<Fn, Writer&, Input> {
    return transact_as<std::invoke_result_t<Fn, Writer&, Input>>(
        scope, durability,
        [&](Writer& writer, Run run) { return fn(writer, run == Run::last ? std::move(input) : input); });
  }
  template <class Given>
  Given transact_as(WriteScope scope, Durability durability, FunctionRef<Given(Writer&, Run)> fn) {
    std::optional<Given> result;
    auto done = do_write(scope, durability, [&](Writer& writer, Run run) {
      result.emplace(fn(writer, run));
      return result->has_value();
    });
    if (!done) return failure(std::move(done).error());
    return std::move(*result);
  }

  friend class ActingStore;

  virtual Result<> do_read(FunctionRef<void(Reader&)> fn) = 0;
  virtual Result<> do_try_out(FunctionRef<void(Writer&)> fn) = 0;
  virtual Result<> do_write(WriteScope scope, Durability durability, WriteFunction fn) = 0;
};

}  // namespace muster
