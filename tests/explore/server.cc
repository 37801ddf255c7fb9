#include "tests/explore/server.h"

#include "tests/explore/story/story.h"

namespace muster::explore {

Server::Server(Store& store, http::Transport& apple, const Clock& clock)
    : services_(std::make_unique<sync::Services>(store, apple, clock, "http://apple.test")),
      lane_runner_(std::make_unique<sync::LaneRunner>(
          store, *services_, clock,
          sync::LaneRunnerOptions{
              .interval = kInterval, .reconcile_interval = kReconcile, .read_ahead = false})) {}

std::optional<Time> Server::run(AccountId account, Lane lane, const sync::RunRequest& run) {
  return (*lane_runner_)(account, lane, run);
}

void Server::on_wake(std::function<void(Lane)> wake) {
  lane_runner_->on_wake([wake = std::move(wake)](AccountId, Lane lane) { wake(lane); });
}

}  // namespace muster::explore
