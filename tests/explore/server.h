// The sync code as the server has it, without threads: what the driver calls. The one place that knows the
// shape of sync::LaneRunner.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "model/lane.h"
#include "sync/accounts/services.h"
#include "sync/lane_runner.h"

namespace muster::explore {

class Server {
 public:
  /// Nothing of it survives but what is in the store, as in a server that starts.
  Server(Store& store, http::Transport& apple, const Clock& clock);

  /// One run; returns when the lane is due next.
  std::optional<Time> run(AccountId account, Lane lane, const sync::RunRequest& run);

  /// Called within a run: another lane has work.
  void on_wake(std::function<void(Lane)> wake);

  sync::Services& services() { return *services_; }

 private:
  std::unique_ptr<sync::Services> services_;
  std::unique_ptr<sync::LaneRunner> lane_runner_;
};

}  // namespace muster::explore
