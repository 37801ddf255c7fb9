// One table: error code <-> HTTP status. The server answers by it, mdmctl reads answers by it.
#pragma once

#include "base/error.h"

namespace muster::http {

/// The HTTP status that stands for `code`.
int status_of(Code code);

/// The code that stands for a failing `status`; Code::internal for one that is not in the table.
Code code_of(int status);

}  // namespace muster::http
