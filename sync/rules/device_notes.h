// People's notes on devices as they change them.
#pragma once

#include <span>

#include "model/text/csv_rows.h"
#include "store/store.h"

namespace muster::sync {

struct ChangedNotes {
  long long added = 0;
  long long changed = 0;
  long long removed = 0;  ///< all of their texts were made empty
  long long same = 0;
};

/// Takes over what the rows say; what they do not say stays as it is.
Result<ChangedNotes> change_notes(Writer& writer, AccountId account, std::span<const NoteRow> rows);

}  // namespace muster::sync
