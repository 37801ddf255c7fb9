// Transactions on PostgreSQL: reads of one moment, writes behind a lock, and what to do when one of them
// fails.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "store/postgres/engine/dictionary.h"
#include "store/postgres/engine/first_lists.h"
#include "store/postgres/engine/pool.h"
#include "store/postgres/sharing.h"
#include "store/storage_trouble.h"
#include "store/store.h"

namespace muster::postgres {

class PostgresStore final : public Store {
 public:
  PostgresStore(ConnectionSettings settings, size_t connections, Keyring keyring)
      : settings_(settings),
        keyring_(std::move(keyring)),
        pool_(settings, connections),
        sharing_pool_(for_sharing(settings), kForSharing) {}

  // Other servers write, too: nothing says that what was read is still so.
  std::uint64_t revision() const override { return ++revision_; }
  std::uint64_t key_revision() const override { return key_revision_; }
  std::optional<Error> trouble() const override { return trouble_.present(); }
  Result<> check() override;
  SharedStore* shared() override { return &sharing_; }
  Sharing& sharing() { return sharing_; }

  /// For what the store keeps of servers, which no write() concerns. Calls fn(Connection&), which gives a
  /// Result<T>, in a transaction of its own, kept when the result is good. As the function of a write(), it
  /// may run more than once.
  template <class Fn>
  auto transact(Fn&& fn) -> std::invoke_result_t<Fn, Connection&> {
    return with_result(fn, [this](const auto& run) { return do_transact(run); });
  }
  /// The same for what is only read, of one moment: it writes nothing, not even a transaction's number.
  template <class Fn>
  auto look(Fn&& fn) -> std::invoke_result_t<Fn, Connection&> {
    return with_result(fn, [this](const auto& run) { return do_look(run); });
  }
  const ConnectionSettings& settings() const { return settings_; }
  const Keyring& keyring() const { return keyring_; }
  long long refused_writes() const { return refused_writes_; }
  /// Another server changed keys, or may have.
  void keys_changed() { ++key_revision_; }

 private:
  // What servers tell each other is short, and worth nothing when it is late: the way to the database may be
  // dead without a word, and another connection may find one.
  static constexpr size_t kForSharing = 4;
  static ConnectionSettings for_sharing(ConnectionSettings settings);

  // How a try of a write ended, if it did not fail.
  enum class End { kept, undone };

  // Gives whether what fn gives is good.
  using Attempt = std::function<bool(Connection&)>;
  template <class Fn, class Transaction>
  static auto with_result(Fn& fn, const Transaction& transaction) -> std::invoke_result_t<Fn, Connection&> {
    std::optional<std::invoke_result_t<Fn, Connection&>> result;
    MUSTER_TRY(transaction([&](Connection& connection) {
      result.emplace(fn(connection));
      return result->has_value();
    }));
    return std::move(*result);
  }
  Result<> do_transact(const Attempt& fn);
  Result<> do_look(const Attempt& fn);

  Result<> do_read(FunctionRef<void(Reader&)> fn) override;
  static Result<> run_read(Pool& pool, const std::function<void(Connection&)>& fn, Fault& fault);
  Result<> do_try_out(FunctionRef<void(Writer&)> fn) override;
  Result<> do_write(WriteScope scope, Durability durability, WriteFunction fn) override;
  using ConnectionFunction = std::function<bool(Connection&, Run)>;
  // Without a scope: transact().
  Result<End> run_write(Pool& pool, const std::optional<WriteScope>& scope, Durability durability,
                        const ConnectionFunction& fn);
  Result<End> try_write(Pool& pool, const std::optional<WriteScope>& scope, Durability durability,
                        const ConnectionFunction& fn, Run run, Fault& fault);
  // What a transaction leaves of itself (schema/commit_marks.sql).
  struct Mark {
    std::int64_t connection = 0, number = 0;
  };
  static Result<bool> was_committed(Pool& pool, const Mark& mark, Millis limit);
  static Result<bool> is_there(Pool& pool, const Mark& mark);

  const ConnectionSettings settings_;
  const Keyring keyring_;
  Pool pool_, sharing_pool_;
  Sharing sharing_{*this};
  std::atomic<long long> refused_writes_ = 0;
  std::atomic<std::int64_t> marks_ = 0;
  FirstLists first_lists_;
  StorageTrouble trouble_;
  std::atomic<std::chrono::steady_clock::time_point> last_failure_{};
  mutable std::atomic<std::uint64_t> revision_ = 0;
  std::atomic<std::uint64_t> key_revision_ = 0;
};

}  // namespace muster::postgres
