#include "sim/control/routes.h"

#include <boost/json.hpp>
#include <charconv>
#include <vector>

#include "base/text/json.h"
#include "http/error_status.h"
#include "http/json.h"
#include "sim/control/handlers.h"

namespace muster::sim {
namespace {

struct ControlRoute {
  const char* method;
  const char* pattern;
  ControlHandler handler;
  bool raw_body = false;  ///< the body is not JSON
};

Result<http::Response> list_calls(ControlCall& call);

constexpr ControlRoute kRoutes[] = {
    {"GET", "/control", list_calls},
    {"GET", "/token", show_token_by_query},

    {"GET", "/control/accounts", list_accounts},
    {"POST", "/control/accounts", create_account},
    {"GET", "/control/accounts/{name}", show_control_account},
    {"PUT", "/control/accounts/{name}", change_account},
    {"GET", "/control/accounts/{name}/token", show_token},
    {"POST", "/control/accounts/{name}/token", exchange_token, true},
    {"GET", "/control/accounts/{name}/devices", list_account_devices},
    {"GET", "/control/accounts/{name}/summary", summarize_account},
    {"GET", "/control/accounts/{name}/profiles", list_account_profiles},
    {"GET", "/control/accounts/{name}/events", list_account_events},

    {"POST", "/control/devices/add", add_devices},
    {"POST", "/control/devices/remove", remove_devices},
    {"POST", "/control/devices/release", release_devices},
    {"POST", "/control/devices/move", move_devices},
    {"POST", "/control/devices/reassign", reassign_devices},
    {"POST", "/control/devices/touch", touch_devices},
    {"POST", "/control/devices/throttle", throttle_devices},
    {"POST", "/control/devices/push", push_devices},
    {"POST", "/control/devices/set", set_devices},
    {"POST", "/control/devices/replace", replace_device},
    {"GET", "/control/devices/{serial}", show_device},

    {"GET", "/control/clock", show_clock},
    {"POST", "/control/clock", move_clock},
    {"GET", "/control/settings", show_settings},
    {"PUT", "/control/settings", change_settings},
    {"POST", "/control/sessions/invalidate", end_sessions},
    {"GET", "/control/faults", list_faults},
    {"POST", "/control/faults", add_fault},
    {"DELETE", "/control/faults", clear_faults},
    {"DELETE", "/control/faults/{id}", remove_fault},
    {"GET", "/control/calls", show_calls},
    {"DELETE", "/control/calls", reset_calls},
    {"GET", "/control/calls/log", show_call_log},
};

Result<http::Response> list_calls(ControlCall&) {
  boost::json::array calls;
  for (const auto& route : kRoutes)
    calls.push_back(boost::json::value(std::string(route.method) + " " + route.pattern));
  return control_json({{"manual", "docs/depsim.md"}, {"calls", std::move(calls)}});
}

http::Response error_response(int status, const std::string& text) {
  return http::json_response(status, {{"error", text}});
}

bool changes_devices(const ControlRoute& route) {
  return route.method != std::string_view("GET") &&
         std::string_view(route.pattern).starts_with("/control/devices");
}

Result<http::Response> run(Guarded<Service>& service, const http::Request& request,
                           const ControlRoute& route) {
  boost::json::object body;
  if (!route.raw_body && !request.body.empty()) {
    MUSTER_TRY(auto value, parse_json(request.body));
    if (!value.is_object()) return failure(Code::invalid, "the body must be a JSON object");
    body = std::move(value.get_object());
  }
  return service.with([&](Service& inside) {
    if (changes_devices(route)) inside.world.forget_ready_rows();
    ControlCall call{
        .service = inside, .request = request, .now_ms = inside.clock.now_ms(), .body = std::move(body)};
    return route.handler(call);
  });
}

std::vector<http::Route> make_routes(Guarded<Service>& service) {
  std::vector<http::Route> routes;
  for (const auto& route : kRoutes)
    routes.push_back({route.method, route.pattern, [&service, &route](const http::Request& request) {
                        auto response = run(service, request, route);
                        if (response) return std::move(*response);
                        return error_response(http::status_of(response.error().code),
                                              response.error().text());
                      }});
  return routes;
}

}  // namespace

bool is_control(const std::string& path) {
  return path == "/token" || path == "/control" || path.starts_with("/control/");
}

ControlApi::ControlApi(Guarded<Service>& service) : router_(make_routes(service)) {}

http::Response ControlApi::answer(const http::Request& request) const {
  auto match = router_.match(request.method, request.path);
  if (!match.route && match.allowed.empty())
    return error_response(404, "there is no control call " + request.path + "; GET /control lists them");
  if (!match.route) {
    auto response = error_response(405, request.path + " takes " + match.allowed);
    response.headers.add("Allow", match.allowed);
    return response;
  }
  http::Request matched = request;
  matched.parameters = std::move(match.parameters);
  return match.route->handler(matched);
}

Result<Account*> account_named(Service& service, const std::string& name) {
  const int index = name.empty() ? 0 : service.world.find_account(name);
  if (index == -1) return failure(Code::not_found, "there is no account \"" + name + "\"");
  return &service.world.account(index);
}

Result<Account*> account_in_path(ControlCall& call) {
  return account_named(call.service, call.request.parameters[0]);
}

Result<long long> number_in_query(const http::Request& request, const char* name, long long fallback,
                                  long long most) {
  const auto text = request.query.get(name);
  if (!text) return fallback;
  long long number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (text->empty() || error != std::errc() || end != text->data() + text->size() || number < 0 ||
      number > most)
    return failure(Code::invalid,
                   std::string(name) + " must be a whole number between 0 and " + std::to_string(most));
  return number;
}

http::Response control_json(boost::json::value value) { return http::json_response(200, value); }

}  // namespace muster::sim
