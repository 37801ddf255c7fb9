#include "api/auth.h"

#include "base/text/encoding.h"
#include "base/text/strings.h"

namespace muster::api {

bool authorized(const http::Request& request, const std::string& api_key) {
  const std::string header = request.headers.get("Authorization").value_or("");
  constexpr std::string_view kScheme = "basic ";
  if (header.size() < kScheme.size() || !equals_ignoring_case(header.substr(0, kScheme.size()), kScheme))
    return false;
  const auto credentials = base64_decode(std::string_view(header).substr(kScheme.size()));
  return credentials && equals_constant_time(*credentials, "micromdm:" + api_key);
}

}  // namespace muster::api
