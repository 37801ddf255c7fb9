// What orchestrators and load balancers ask, without a key: whether the process answers, and whether it can
// do its work.
#include "api/answer.h"
#include "api/handlers.h"
#include "http/json.h"

namespace muster::api {

Result<http::Response> get_healthz(const Call&) { return http::json_response(200, {{"status", "ok"}}); }

Result<http::Response> get_readyz(const Call& call) {
  if (const auto checked = call.store.check(); !checked) return refusal(503, checked.error().text());
  return http::json_response(200, {{"status", "ready"}});
}

}  // namespace muster::api
