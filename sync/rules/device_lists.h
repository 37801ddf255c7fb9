// Lists of serial numbers as people change them.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "store/store.h"

namespace muster::sync {

struct ListChange {
  enum class How {
    create,   ///< make it; Code::conflict when it is there
    add,      ///< to the list that is there
    remove,   ///< from the list that is there
    replace,  ///< these and no others; makes it when it is not there
  };
  std::string name{};
  How how = How::create;
  std::span<const Serial> serials{};
  /// The change is meant for this version of the list; another one is Code::conflict.
  std::optional<std::int64_t> version{};
};

struct ChangedList {
  SerialList list{};  ///< as it is now
  bool created = false;
  long long added = 0;
  long long removed = 0;
};

/// Every change of a list's serials goes through here. The version grows only when a serial came or went. Code::invalid for
/// a bad name, Code::not_found for a list that must be there.
Result<ChangedList> change_list(Writer& writer, AccountId account, const ListChange& change, Time now);

/// Code::not_found when there is none; Code::conflict, naming the rule, when a rule's filter asks it.
Result<> remove_list(Writer& writer, AccountId account, const std::string& name);

/// The list of this name. Code::not_found guesses at what was meant.
Result<SerialList> find_list(Reader& reader, AccountId account, const std::string& name);

}  // namespace muster::sync
