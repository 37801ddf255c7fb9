#include "apple/session/counted_calls.h"

#include <algorithm>

#include "apple/answers/retry_after.h"
#include "http/client/client.h"

namespace muster::apple {

Result<http::Response> CountedCalls::send(const http::ClientRequest& request, std::stop_token stop) {
  auto answer = transport_.send(request, stop);
  // One that we ended ourselves says nothing of Apple.
  if (!answer && answer.error().code == Code::cancelled) return answer;
  const auto target = std::string_view(request.url).substr(std::min(base_url_.size(), request.url.size()));
  counts_.add_call(request.method, target.substr(0, target.find('?')), answer);
  if (!answer) return answer;
  if (const auto wait = retry_after(answer->headers, clock_.now()); wait && wait->count() > 0)
    counts_.add_pause(*wait);
  return answer;
}

}  // namespace muster::apple
