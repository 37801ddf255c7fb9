// What people know beside Apple: notes on devices, and lists of serial numbers.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/note.h"
#include "model/serial_list.h"

namespace muster {

class ListReads {
 public:
  virtual ~ListReads() = default;

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
};

class ListWrites {
 public:
  virtual ~ListWrites() = default;

  /// By account and serial: new, or replaced; an empty note is removed. No serial twice.
  virtual Result<> put_notes(AccountId account, std::span<const SerialNote> notes) = 0;
  /// New when its id is 0 (then sets it), else the present one's version and updated_at are replaced. Its
  /// serials are put by the two below. Code::conflict when a new one's name exists.
  virtual Result<> put_serial_list(SerialList& list) = 0;
  /// How many of them were not in the list.
  virtual Result<long long> add_to_list(SerialListId list, std::span<const Serial> serials) = 0;
  /// How many of them were in the list.
  virtual Result<long long> remove_from_list(SerialListId list, std::span<const Serial> serials) = 0;
  /// With its serials. Nothing happens when there is none.
  virtual Result<> remove_serial_list(SerialListId list) = 0;

  /// The same for one.
  Result<> put_note(AccountId account, const Serial& serial, const Note& note);
  Result<bool> add_to_list(SerialListId list, const Serial& serial);
  Result<bool> remove_from_list(SerialListId list, const Serial& serial);
};

}  // namespace muster
