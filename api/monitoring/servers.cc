#include <boost/json.hpp>

#include "api/handlers.h"
#include "api/monitoring/server_list.h"
#include "base/time/rfc3339.h"
#include "http/json.h"

namespace muster::api {
namespace {

boost::json::object to_json(const ServerInfo& server, bool is_this, Time now) {
  return {{"id", static_cast<std::int64_t>(server.id)},
          {"name", server.name},
          {"version", server.version},
          {"started", format_rfc3339(server.started)},
          {"state", server.is_alive ? "alive" : "silent"},
          {"last_heartbeat", format_rfc3339_millis(now - server.silent_for)},
          {"accounts", server.is_alive ? server.accounts : 0},
          {"answers", is_this}};
}

}  // namespace

Result<http::Response> get_servers(const Call& call) {
  const Context& context = call.context;
  const Time now = context.clock.now();
  MUSTER_TRY(const auto servers, server_list(call));
  boost::json::array list;
  for (const auto& server : servers)
    list.push_back(to_json(server, !context.member || server.id == context.member->id(), now));
  return http::json_response(
      200, boost::json::object{{"now", format_rfc3339_millis(now)}, {"servers", std::move(list)}});
}

}  // namespace muster::api
