// Operators' changes to notes on devices.
#pragma once

#include <span>

#include "model/text/csv_rows.h"
#include "store/store.h"

namespace muster::sync {

struct ChangedNotes {
  long long added = 0;
  long long changed = 0;
  long long removed = 0;  ///< all fields became empty
  long long same = 0;
};

/// Applies the rows. Fields without a column stay unchanged.
Result<ChangedNotes> change_notes(Writer& writer, AccountId account, std::span<const NoteRow> rows);

}  // namespace muster::sync
