// The store as a request of an operator has it: whatever it writes leaves an entry in the audit, in the same
// transaction. What the writing functions say of their changes (Writer::note_change()) is in it; a write of
// which nothing is said is named after the call.
#pragma once

#include <string>

#include "base/time/clock.h"
#include "store/store.h"

namespace muster {

class ActingStore final : public Store {
 public:
  /// `call`: e.g. "PUT /api/v1/rules". All must outlive it.
  ActingStore(Store& store, const Clock& clock, const Actor& actor, const std::string& call)
      : store_(store), clock_(clock), actor_(actor), call_(call) {}

  std::uint64_t revision() const override { return store_.revision(); }
  std::uint64_t key_revision() const override { return store_.key_revision(); }
  std::optional<Error> trouble() const override { return store_.trouble(); }
  Result<> check() override { return store_.check(); }
  SharedStore* shared() override { return store_.shared(); }
  CopyMaker* copies() override { return store_.copies(); }

 private:
  Result<> do_read(FunctionRef<void(Reader&)> fn) override { return store_.do_read(fn); }
  Result<> do_try_out(FunctionRef<void(Writer&)> fn) override { return store_.do_try_out(fn); }
  Result<> do_write(WriteScope scope, Durability durability, WriteFunction fn) override;
  Result<std::vector<AuditEntry>> add_entries(Writer& writer, ChangeNotes notes) const;

  Store& store_;
  const Clock& clock_;
  const Actor& actor_;
  const std::string& call_;
  bool has_entry_ = false;  // for a write of this request
};

}  // namespace muster
