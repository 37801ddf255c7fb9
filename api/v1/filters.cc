#include "sync/rules/filters.h"

#include <boost/json.hpp>

#include "api/handlers.h"
#include "api/query.h"
#include "http/json.h"

namespace muster::api::muster_v1 {

Result<http::Response> get_filters(const Call& call) {
  const std::string text = call.request.query.get("filter").value_or("");
  MUSTER_TRY(const bool check_only, flag_in_query(call, "check"));
  MUSTER_TRY(const auto parsed, assign::Filter::parse(text));  // whatever the account
  if (check_only) {
    const auto lists = parsed.lists();
    return http::json_response(200,
                               {{"filter", text}, {"lists", boost::json::array(lists.begin(), lists.end())}});
  }
  MUSTER_TRY(const auto account, account_of(call));
  return costly_answer(call, account.id, [&] {
    return call.store.read([&](Reader& reader) -> Result<http::Response> {
      MUSTER_TRY(const auto filter, sync::read_filter(reader, account.id, text));
      MUSTER_TRY(const auto devices, reader.device_count(account.id, filter.expression()));
      return http::json_response(200, {{"filter", text}, {"devices", devices}});
    });
  });
}

}  // namespace muster::api::muster_v1
