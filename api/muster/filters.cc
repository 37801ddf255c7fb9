#include "api/handlers.h"
#include "assign/filter.h"
#include "http/json.h"

namespace muster::api::muster_v1 {

Result<http::Response> get_filters(const Call& call) {
  const std::string filter = call.request.query.get("filter").value_or("");
  MUSTER_TRY(assign::Filter::parse(filter));
  return http::json_response(200, {{"filter", filter}});
}

}  // namespace muster::api::muster_v1
