#include "api/handlers.h"

namespace muster::api::micromdm {

Result<http::Response> post_syncnow(const Call& call) {
  MUSTER_TRY(const auto apple, connected(call));  // without a token nothing would happen: say so
  call.context.request_sync(apple.account.id);
  return http::Response{.status = 200, .headers = {}, .body = {}};
}

}  // namespace muster::api::micromdm
