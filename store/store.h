// The durable state, and its contract. What is stored of each subject is in a file of its own (accounts.h, devices.h, ...);
// tests/contract/ holds one battery that every implementation must pass.
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
#include <memory>
#include <optional>

#include "base/os/descriptor.h"
#include "base/result.h"
#include "store/accounts.h"
#include "store/devices.h"
#include "store/events.h"
#include "store/lists.h"
#include "store/profiles.h"
#include "store/rules.h"
#include "store/work.h"

namespace muster {

class Reader : public AccountReads,
               public DeviceReads,
               public EventReads,
               public ListReads,
               public ProfileReads,
               public RuleReads,
               public WorkReads {};

class Writer : public virtual Reader,
               public AccountWrites,
               public DeviceWrites,
               public EventWrites,
               public ListWrites,
               public ProfileWrites,
               public RuleWrites,
               public WorkWrites {};

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

  /// Calls fn(Writer&), which gives a Result<T>, on one consistent view, as read() does, to find out what would be: it sees what
  /// it writes, and nothing of that stays. Only rules, profiles and their moves, lists and notes can be written, and the
  /// configuration's revision does not grow. Never waits for a write(), but for another try_out(): they are one at a time.
  template <class Fn>
  auto try_out(Fn&& fn) -> std::invoke_result_t<Fn, Writer&> {
    std::optional<std::invoke_result_t<Fn, Writer&>> result;
    auto done = do_try_out([&](Writer& writer) { result.emplace(fn(writer)); });
    if (!done) return failure(std::move(done).error());
    return std::move(*result);
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
  virtual Result<> do_try_out(const std::function<void(Writer&)>& fn) = 0;
  /// `fn` gives whether to keep what it did.
  virtual Result<> do_write(Durability durability, const std::function<bool(Writer&)>& fn) = 0;
};

}  // namespace muster
