// Whether what is to be stored is stored at the moment.
#pragma once

#include <optional>

#include "base/guarded.h"
#include "base/log/log.h"
#include "base/result.h"
#include "base/threads/contain.h"
#include "store/sqlite/engine/database.h"

namespace muster::sqlite {

class StorageTrouble {
 public:
  /// Around a write: when it goes, what the disk said meanwhile is our trouble.
  class Watch {
   public:
    Watch(StorageTrouble& trouble, Database& writer) : trouble_(trouble), writer_(writer) {}
    ~Watch() {
      (void)contain(Place::run, [&] {
        if (auto error = writer_.take_storage_error()) trouble_.begin(std::move(*error));
      });
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

   private:
    StorageTrouble& trouble_;
    Database& writer_;
  };

  /// A write was stored.
  void end() {
    const bool was_there = present_.with([](auto& present) {
      const bool was = present.has_value();
      present.reset();
      return was;
    });
    if (was_there) log::info("store.recovered");
  }
  /// Any thread.
  std::optional<Error> present() const {
    return present_.with([](const auto& present) { return present; });
  }

 private:
  void begin(Error error) {
    const std::string reason = error.text();
    const bool is_new =
        !present_.with([&](auto& present) { return std::exchange(present, std::move(error)); }).has_value();
    if (is_new) log::error("store.trouble", {{"reason", reason}});
  }

  Guarded<std::optional<Error>> present_;
};

}  // namespace muster::sqlite
