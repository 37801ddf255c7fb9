#include "tests/explore/server.h"

#include "tests/explore/story/story.h"

namespace muster::explore {

Server::Server(Store& store, http::Transport& apple, const Clock& clock)
    : services_(std::make_unique<sync::Services>(apple, clock, "http://apple.test")),
      job_(std::make_unique<sync::Job>(
          store, *services_, clock,
          sync::JobOptions{.interval = kInterval, .reconcile_interval = kReconcile, .read_ahead = false})) {}

std::optional<Time> Server::turn(AccountId account, Lane lane, const sync::Turn& turn) {
  return (*job_)(account, lane, turn);
}

void Server::on_wake(std::function<void(Lane)> wake) {
  job_->on_wake([wake = std::move(wake)](AccountId, Lane lane) { wake(lane); });
}

}  // namespace muster::explore
