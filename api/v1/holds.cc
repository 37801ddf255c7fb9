#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "http/json.h"
#include "sync/work/holds.h"

namespace muster::api::muster_v1 {

Result<http::Response> post_holds(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto serials, serials_field(body, "serials", true));
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const int held, sync::hold_devices(call.store, account, serials, call.context.clock.now()));
  return http::json_response(200, {{"held", held}});
}

Result<http::Response> delete_holds(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto serials, serials_field(body, "serials", true));
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto released,
             sync::release_devices(call.store, account, serials, call.context.clock.now()));
  if (released.assigned) work_soon(call, account.id);
  return http::json_response(200, {{"released", released.released}, {"assigned", released.assigned}});
}

}  // namespace muster::api::muster_v1
