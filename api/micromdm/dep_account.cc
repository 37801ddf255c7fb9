#include "api/handlers.h"
#include "base/text/json.h"

namespace muster::api::micromdm {

Result<http::Response> get_dep_account(const Call& call) {
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto account, apple.service->account(call.context.stop));
  return http::Response{.status = 200,
                        .headers = {{"Content-Type", "application/json; charset=utf-8"}},
                        .body = account.json + "\n"};
}

}  // namespace muster::api::micromdm
