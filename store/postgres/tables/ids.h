// Ids for new devices, as a transaction gets them from the database: a thousand at a time.
#pragma once

#include "model/ids.h"
#include "store/postgres/engine/connection.h"

namespace muster::postgres {

class DeviceIds {
 public:
  /// Asks for the next thousand along with whatever is asked next, unless some are left.
  Result<> prefetch(Connection& db) {
    if (left_ > 0 || fetched_ != 0) return {};
    return db.run_for(fetched_, kNext);
  }
  Result<DeviceId> next(Connection& db) {
    if (left_ == 0) {
      MUSTER_TRY(prefetch(db));
      MUSTER_TRY(db.settle());
      next_ = std::exchange(fetched_, 0);
      left_ = kAtOnce;
    }
    --left_;
    return static_cast<DeviceId>(next_++);
  }

 private:
  static constexpr int kAtOnce = 1000;  // the sequence's step: schema/devices.sql
  static constexpr Sql kNext = "SELECT nextval('device_number')";

  std::int64_t fetched_ = 0;  // the first of a thousand that was asked for
  std::int64_t next_ = 0;
  int left_ = 0;
};

}  // namespace muster::postgres
