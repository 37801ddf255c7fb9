// LISTEN, on a connection of its own.
#pragma once

#include <functional>

#include "base/os/descriptor.h"
#include "store/postgres/engine/connection.h"
#include "store/shared_store.h"

namespace muster::postgres {

class Listener final : public NewsStand {
 public:
  /// `keys_changed` is called when another server changed keys of the API, or may have.
  Listener(ConnectionSettings settings, std::function<void()> keys_changed);

  News wait(Millis limit) override;
  void wake() override;

 private:
  Result<> connect();
  void rest(Millis limit) const;
  News everything() const;

  const ConnectionSettings settings_;
  const std::function<void()> keys_changed_;
  Descriptor woken_;  // an eventfd
  std::unique_ptr<Connection> connection_;
};

}  // namespace muster::postgres
