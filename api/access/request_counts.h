// How many requests were answered, by route and status, since the server's start. Any thread.
#pragma once

#include <compare>
#include <map>
#include <string_view>

#include "base/guarded.h"

namespace muster::api {

class RequestCounts {
 public:
  /// The texts live as long as the program: patterns of routes, never paths, which are endless.
  struct Kind {
    std::string_view method;
    std::string_view route;
    int status = 0;
    auto operator<=>(const Kind&) const = default;
  };

  void add(const Kind& kind) {
    counts_.with([&](auto& counts) { ++counts[kind]; });
  }
  std::map<Kind, long long> all() const {
    return counts_.with([](const auto& counts) { return counts; });
  }

 private:
  Guarded<std::map<Kind, long long>> counts_;
};

}  // namespace muster::api
