// Whether an assignment that is `due` belongs to a call that is under way (model/sent_batch.h), as a
// condition of SQL.
#pragma once

/// `a`: the alias of the table assignment. There is a handful of batches at most.
#define IS_SENT(a)                                                                        \
  "EXISTS (SELECT 1 FROM sent_batch s WHERE s.account = " a ".account AND s.profile = " a \
  ".profile AND s.urgency = " a ".urgency AND (" a ".next_try, " a                        \
  ".device) >= (s.first_try, s.first_device) AND (" a ".next_try, " a                     \
  ".device) <= (s.last_try, s.last_device))"
