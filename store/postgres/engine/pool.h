// The connections of a server to its database: as many as are needed at a time, up to a limit.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "store/postgres/engine/connection.h"

namespace muster::postgres {

class Pool {
 public:
  Pool(ConnectionSettings settings, size_t most) : settings_(std::move(settings)), most_(most) {}

  /// A connection in use; back in the pool when it goes, unless it is lost.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection)
        : pool_(&pool), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept : pool_(other.pool_), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_ && connection_) pool_->give_back(std::move(connection_), is_sound_);
    }
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }
    /// Nothing of a transaction is left on it: it may be used again.
    void is_sound() { is_sound_ = true; }
    /// It is lost: another one may be made in its place already.
    void give_up() { pool_->give_back(std::move(connection_), false); }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
    bool is_sound_ = false;
  };

  /// Waits for one when all are in use. Code::storage with the reason when there is none within 30 s, or none
  /// can be made; then `fault` has it, too.
  Result<Lease> take(Fault& fault);

  /// Connections that rest may belong to a server that is gone: they are closed.
  void close_resting();

 private:
  void give_back(std::unique_ptr<Connection> connection, bool is_sound);

  const ConnectionSettings settings_;
  const size_t most_;
  std::mutex mutex_;
  std::condition_variable is_free_;
  std::vector<std::unique_ptr<Connection>> resting_;
  size_t open_ = 0;  // in use or resting
};

}  // namespace muster::postgres
