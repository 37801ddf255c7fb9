#include "store/postgres/engine/pool.h"

#include <chrono>

#include "base/threads/wanted.h"

namespace muster::postgres {
namespace {

// Statements take 60 s at most, nearly all of them milliseconds.
constexpr std::chrono::seconds kPatience{30};
// How often a thread that waits looks whether its work is still wanted.
constexpr std::chrono::milliseconds kLookAgain{100};

}  // namespace

Result<Pool::Lease> Pool::take(Fault& fault) {
  std::unique_lock lock(mutex_);
  const auto is_free = [&] { return !resting_.empty() || open_ < most_; };
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  while (!is_free_.wait_for(lock, kLookAgain, is_free)) {
    if (!Wanted::still(true)) {
      fault = {{Code::cancelled, "stopped before it was done", "", {}}, Fault::Kind::final};
      return failure(fault.error);
    }
    if (std::chrono::steady_clock::now() < give_up) continue;
    fault = {{Code::storage,
              "all " + std::to_string(most_) + " connections to the database were in use for 30 s",
              "Look for slow statements on the database server, or allow more connections",
              {}},
             Fault::Kind::final};
    return failure(fault.error);
  }
  while (!resting_.empty()) {
    auto connection = std::move(resting_.back());
    resting_.pop_back();
    if (connection->looks_alive()) return Lease(*this, std::move(connection));
    --open_;
  }
  ++open_;
  lock.unlock();
  auto connection = Connection::open(settings_, &fault);
  if (connection) return Lease(*this, *std::move(connection));
  lock.lock();
  --open_;
  is_free_.notify_one();
  return failure(std::move(connection).error());
}

void Pool::give_back(std::unique_ptr<Connection> connection, bool is_sound) {
  const bool may_rest = is_sound && !connection->is_lost();
  if (!may_rest) connection.reset();
  const std::lock_guard lock(mutex_);
  if (may_rest)
    resting_.push_back(std::move(connection));
  else
    --open_;
  is_free_.notify_one();
}

void Pool::close_resting() {
  std::vector<std::unique_ptr<Connection>> closing;
  const std::lock_guard lock(mutex_);
  closing.swap(resting_);
  open_ -= closing.size();
  is_free_.notify_all();
}

}  // namespace muster::postgres
