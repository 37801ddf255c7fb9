// What a server counts of itself, for whoever shows it. Any thread may read.
#pragma once

#include <atomic>

namespace muster::http {

struct ServerCounts {
  std::atomic<long long> open{0};  ///< connections
  std::atomic<long long> closed_for_others{
      0};  ///< connections that waited for their client, so that another had room
  std::atomic<long long> refused_connections{0};  ///< closed at once: all others were at work
  std::atomic<long long> refused_requests{
      0};  ///< answered 503: too many waited, or too much was being uploaded
  std::atomic<long long> abandoned_requests{0};  ///< whose client hung up before the answer
};

}  // namespace muster::http
