// The battery for what an account's lanes keep, for backends to instantiate as StoreContract.
#pragma once

#include <set>
#include <vector>

#include "tests/contract/store_contract.h"

namespace muster::test {

inline const Time kLaneNow = from_millis(1'772'355'600'000);

class LaneContract : public StoreContract {
 protected:
  /// Of what is due at kLaneNow.
  std::vector<Assignment> next_batch(AccountId account, size_t limit,
                                     const std::set<ProfileUuid>& without = {}) {
    return read([&](Reader& r) { return r.next_batch(account, kLaneNow, limit, without); });
  }
  // The whole of it, as one call's.
  SentBatch send(const std::vector<Assignment>& batch) {
    SentBatch sent{.account = batch.front().account,
                   .profile = batch.front().profile,
                   .urgency = batch.front().urgency,
                   .first_try = batch.front().next_try,
                   .last_try = batch.back().next_try,
                   .first_device = batch.front().device,
                   .last_device = batch.back().device,
                   .sent_at = kLaneNow};
    write([&](Writer& w) { return w.put_sent_batch(sent); });
    return sent;
  }
  Assignment::State state_of(const Assignment& assignment) {
    return read([&](Reader& r) { return r.assignment(assignment.device); })->state;
  }
};

}  // namespace muster::test
