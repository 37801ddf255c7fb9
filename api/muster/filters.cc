#include "sync/filters.h"
#include "api/handlers.h"
#include "http/json.h"

namespace muster::api::muster_v1 {

Result<http::Response> get_filters(const Call& call) {
  const std::string text = call.request.query.get("filter").value_or("");
  MUSTER_TRY(assign::Filter::parse(text));  // whatever the account
  MUSTER_TRY(const auto account, account_of(call));
  return call.context.store.read([&](Reader& reader) -> Result<http::Response> {
    MUSTER_TRY(const auto filter, sync::read_filter(reader, account.id, text));
    MUSTER_TRY(const auto devices, reader.device_count(account.id, filter.expression()));
    return http::json_response(200, {{"filter", text}, {"devices", devices}});
  });
}

}  // namespace muster::api::muster_v1
