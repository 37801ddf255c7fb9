// Reads filters for an account.
#pragma once

#include <string_view>

#include "filter/read.h"
#include "store/store.h"

namespace muster::sync {

/// Parses a filter and checks that the lists it uses exist. Code::invalid with the position of an error, or
/// the missing list.
Result<assign::Filter> read_filter(Reader& reader, AccountId account, std::string_view text);

}  // namespace muster::sync
