// Operators' changes to lists of serial numbers.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "store/store.h"

namespace muster::sync {

struct ListChange {
  enum class How {
    create,   ///< create the list; Code::conflict if it exists
    add,      ///< to the existing list
    remove,   ///< from the existing list
    replace,  ///< set the contents; creates the list if necessary
  };
  std::string name{};
  How how = How::create;
  std::span<const Serial> serials{};
  /// Code::conflict unless the list has this version.
  std::optional<std::int64_t> version{};
};

struct ChangedList {
  SerialList list{};  ///< after the change
  bool created = false;
  long long added = 0;
  long long removed = 0;
};

/// Changes a list. The version grows only if the contents change. Code::invalid for a bad name,
/// Code::not_found if the list must exist and does not.
Result<ChangedList> change_list(Writer& writer, AccountId account, const ListChange& change, Time now);

/// Removes a list. Code::not_found if it does not exist; Code::conflict, naming the rule, if a filter uses
/// it.
Result<> remove_list(Writer& writer, AccountId account, const std::string& name);

/// Returns the list with this name. The hint of Code::not_found suggests a similar name.
Result<SerialList> find_list(Reader& reader, AccountId account, const std::string& name);

}  // namespace muster::sync
