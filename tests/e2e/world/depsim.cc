#include "tests/e2e/world/depsim.h"

#include <fmt/format.h>

#include <stdexcept>

#include "base/text/json.h"
#include "tests/support/places.h"

namespace muster::test {
namespace {

constexpr std::string_view kDepsimListening = "depsim listening on ";
// Longer than any test lasts.
constexpr long long kForeverMs = 600'000;

std::vector<std::string> depsim_command(const std::vector<std::string>& flags) {
  std::vector<std::string> argv{binary("depsim"), "-listen", "127.0.0.1:0"};
  argv.insert(argv.end(), flags.begin(), flags.end());
  return argv;
}

long long number(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value ? value->to_number<long long>() : 0;
}

std::string profile_in(const boost::json::object& device) {
  const std::string status = text_member(device, "profile_status");
  return status == "assigned" || status == "pushed" ? text_member(device, "profile_uuid") : "";
}

Serials serials_in(const boost::json::object& answer) {
  Serials serials;
  for (const auto& serial : answer.at("serials").as_array()) serials.emplace_back(serial.as_string());
  return serials;
}

}  // namespace

boost::json::array to_json(const Serials& serials) {
  boost::json::array array;
  for (const auto& serial : serials) array.push_back(boost::json::value(serial));
  return array;
}

Depsim::Depsim(const std::vector<std::string>& flags) : process_(depsim_command(flags)) {
  const auto line = process_.wait_for_line(std::string(kDepsimListening));
  if (!line) throw std::runtime_error("depsim did not start\n" + process_.output());
  url_ = line->substr(kDepsimListening.size());
}

boost::json::object Depsim::call(const std::string& method, const std::string& path,
                                 const boost::json::value* body) const {
  http::ClientRequest request;
  request.method = method;
  request.url = url_ + path;
  if (body) {
    request.headers.add("Content-Type", "application/json");
    request.body = write_json(*body);
    request.has_body = true;
  }
  const auto response = client_.send(request);
  if (!response) throw std::runtime_error(response.error().text());
  if (response->status != 200)
    throw std::runtime_error(
        fmt::format("depsim answered {} {} with {}: {}", method, path, response->status, response->body));
  const auto value = parse_json(response->body);
  if (!value) throw std::runtime_error(value.error().text());
  return value->as_object();
}

boost::json::object Depsim::get(const std::string& path) const { return call("GET", path, nullptr); }
boost::json::object Depsim::post(const std::string& path, const boost::json::value& body) const {
  return call("POST", path, &body);
}
boost::json::object Depsim::put(const std::string& path, const boost::json::value& body) const {
  return call("PUT", path, &body);
}
void Depsim::remove(const std::string& path) const { call("DELETE", path, nullptr); }

std::string Depsim::make_token_file(const std::string& certificate, const std::string& account,
                                    const std::string& query) const {
  http::ClientRequest request;
  request.method = "POST";
  request.url = fmt::format("{}/control/accounts/{}/token?{}", url_, account, query);
  request.body = certificate;
  request.has_body = true;
  const auto response = client_.send(request);
  if (!response) throw std::runtime_error(response.error().text());
  if (response->status != 200) throw std::runtime_error("depsim made no token: " + response->body);
  return response->body;
}

Serials Depsim::devices(const std::string& action, const boost::json::object& body) const {
  return serials_in(post("/control/devices/" + action, body));
}

Serials Depsim::add(long long count, const std::string& account) const {
  return devices("add", {{"account", account}, {"count", count}});
}

Serials Depsim::serials(const std::string& account) const {
  Serials all;
  for (const auto& [serial, profile] : profiles(account)) all.push_back(serial);
  return all;
}

boost::json::object Depsim::device(const std::string& serial) const {
  return get("/control/devices/" + serial);
}

std::string Depsim::profile_of(const std::string& serial) const { return profile_in(device(serial)); }

std::map<std::string, std::string> Depsim::profiles(const std::string& account) const {
  std::map<std::string, std::string> profiles;
  const auto answer = get("/control/accounts/" + account + "/devices?limit=100000");
  for (const auto& device : answer.at("devices").as_array())
    profiles[text_member(device.as_object(), "serial_number")] = profile_in(device.as_object());
  return profiles;
}

long long Depsim::count_with(const std::string& profile, const std::string& account) const {
  return number(get("/control/accounts/" + account + "/summary").at("by_profile").as_object(), profile);
}

long long Depsim::calls(const std::string& endpoint) const {
  return number(get("/control/calls").at("endpoints").as_object(), endpoint);
}

long long Depsim::all_calls() const { return number(get("/control/calls"), "total"); }

Depsim::Assigned Depsim::assigned() const {
  const auto calls = get("/control/calls");
  const auto& assign = calls.at("serials").at("assign").as_object();
  return {.calls = number(assign, "calls"),
          .serials = number(assign, "serials"),
          .most_in_one_call = number(assign, "most_in_one_call"),
          .successes = number(assign.at("results").as_object(), "SUCCESS")};
}

void Depsim::add_fault(const boost::json::object& fault) const { post("/control/faults", fault); }

void Depsim::hold(const std::string& endpoint, const std::string& when, int skip) const {
  add_fault({{"endpoint", endpoint}, {"when", when}, {"skip", skip}, {"delay_ms", kForeverMs}});
}

bool Depsim::faults_are_used_up() const { return get("/control/faults").at("faults").as_array().empty(); }

}  // namespace muster::test
