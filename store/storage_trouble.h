// Whether what is to be stored is stored at the moment.
#pragma once

#include <optional>
#include <utility>

#include "base/guarded.h"
#include "base/log/log.h"
#include "base/result.h"

namespace muster {

/// Any thread.
class StorageTrouble {
 public:
  /// A write was not stored, because the machine could not.
  void begin(Error error) {
    const std::string reason = error.text();
    const bool is_new =
        !present_.with([&](auto& present) { return std::exchange(present, std::move(error)); }).has_value();
    if (is_new) log::error("store.trouble", {{"reason", reason}});
  }
  /// A write was stored.
  void end() {
    const bool was_there = present_.with([](auto& present) {
      const bool was = present.has_value();
      present.reset();
      return was;
    });
    if (was_there) log::info("store.recovered");
  }
  std::optional<Error> present() const {
    return present_.with([](const auto& present) { return present; });
  }

 private:
  Guarded<std::optional<Error>> present_;
};

}  // namespace muster
