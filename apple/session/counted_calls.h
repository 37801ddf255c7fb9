// A transport that counts what goes through it to Apple.
#pragma once

#include <string>

#include "apple/session/call_counts.h"
#include "base/time/clock.h"
#include "http/client/transport.h"

namespace muster::apple {

class CountedCalls final : public http::Transport {
 public:
  /// All must outlive it. `base_url` is what all URLs begin with.
  CountedCalls(http::Transport& transport, const Clock& clock, const std::string& base_url,
               CallCounts& counts)
      : transport_(transport), clock_(clock), base_url_(base_url), counts_(counts) {}

  Result<http::Response> send(const http::ClientRequest& request, std::stop_token stop = {}) override;

 private:
  http::Transport& transport_;
  const Clock& clock_;
  const std::string& base_url_;
  CallCounts& counts_;
};

}  // namespace muster::apple
