// Devices in a database with an account of its own, its lists and its notes, for as long as a property looks
// at them.
#pragma once

#include <memory>

#include "base/log/log.h"
#include "tests/property/any_filter.h"
#include "tests/support/open_store.h"
#include "tests/support/temp_dir.h"

namespace muster::property {

inline const AccountName kSchool{"school"};

// One database for all cases: what a case writes is undone.
class World {
 public:
  World() {
    log::set_level(log::Level::error);
    store_ = *test::open_store(directory_.path());
    (void)store_->write(installation, [&](Writer& w) -> Result<> {
      MUSTER_TRY(account_, w.create_account(kSchool));
      MUSTER_TRY(other_, w.create_account(AccountName("other")));
      return {};
    });
  }

  /// Calls fn(Writer&, AccountId) with these devices stored, and forgets them.
  template <class Fn>
  void with(const std::vector<Known>& devices, Fn&& fn) {
    const auto undone = store_->write(installation, [&](Writer& w) -> Result<> {
      const auto stored = put(w, devices);
      RC_ASSERT(stored.has_value());
      fn(w, account_);
      return failure(Code::cancelled, "undo");
    });
    RC_ASSERT(!undone);
  }

 private:
  // What is of a tombstone is of no account.
  Result<> put_enrollment(Writer& w, const Known& known) {
    if (!enrollment_of(known)) return {};
    Enrollment stored = known.enrollment;
    stored.account = known.device.tombstone ? AccountId{} : account_;
    return w.put_enrollments(std::span(&stored, 1));
  }

  Result<> put(Writer& w, const std::vector<Known>& devices) {
    SerialList lab{.account = account_, .name = "lab"}, cart{.account = account_, .name = "cart.2"},
        elsewhere{.account = other_, .name = "lab"};
    for (auto* list : {&lab, &cart, &elsewhere}) MUSTER_TRY(w.put_serial_list(*list));
    for (const Known& known : devices) {
      // Its twin in another account has every list and a note, and is none of ours.
      for (const auto account : {account_, other_}) {
        Device device = known.device;
        device.account = account;
        MUSTER_TRY(w.insert_device(device));
      }
      MUSTER_TRY(put_enrollment(w, known));
      MUSTER_TRY(w.put_note(account_, known.device.serial, known.note));
      MUSTER_TRY(w.put_note(other_, known.device.serial, {"iPad", "iPad", "iPad", "iPad"}));
      for (const auto* list : {&lab, &cart})
        if (known.lists.contains(list->name)) MUSTER_TRY(w.add_to_list(list->id, known.device.serial));
      MUSTER_TRY(w.add_to_list(elsewhere.id, known.device.serial));
    }
    return {};
  }

  test::TempDir directory_;
  std::unique_ptr<Store> store_;
  AccountId account_{}, other_{};
};

/// For all cases of all properties.
inline World& world() {
  static World only;
  return only;
}

}  // namespace muster::property
