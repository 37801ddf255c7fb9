// Filters that people type, read for one account.
#pragma once

#include <string_view>

#include "filter/read.h"
#include "store/store.h"

namespace muster::sync {

/// Reads a filter, and sees that each list it names is there. Code::invalid: as assign::Filter::parse, or the list that
/// is not there.
Result<assign::Filter> read_filter(Reader& reader, AccountId account, std::string_view text);

}  // namespace muster::sync
