// GET /account, and the two small services that belong to an account: discovery and beta tokens.
#include <boost/json.hpp>
#include <boost/url/parse.hpp>
#include <map>

#include "sim/apple/handlers.h"
#include "sim/world/codec.h"
#include "sim/world/row.h"

namespace muster::sim {
namespace {

constexpr int kUrlsVersion = 3;  // urls, org_id, org_id_hash, org_type, org_version

boost::json::array make_urls(const Settings& settings) {
  std::map<std::string_view, boost::json::array> methods;
  std::vector<std::string_view> paths;
  for (const Endpoint& endpoint : kEndpoints) {
    if (!methods.contains(endpoint.path)) paths.push_back(endpoint.path);
    methods[endpoint.path].push_back(
        boost::json::value(boost::json::string_view(endpoint.method.data(), endpoint.method.size())));
  }
  boost::json::array urls;
  for (const auto path : paths) {
    boost::json::object url{{"uri", boost::json::string_view(path.data(), path.size())},
                            {"http_method", methods[path]}};
    if (path == "/server/devices" || path == "/devices/sync")
      url["limit"] = {{"default", settings.page_default}, {"maximum", settings.page_limit}};
    urls.push_back(std::move(url));
  }
  return urls;
}

}  // namespace

http::Response show_account(AppleCall& call) {
  const Account& account = call.owner();
  boost::json::object members{{"server_name", account.server_name}, {"server_uuid", account.server_uuid},
                              {"admin_id", account.admin_id},       {"facilitator_id", account.admin_id},
                              {"org_name", account.org_name},       {"org_email", account.org_email},
                              {"org_phone", account.org_phone},     {"org_address", account.org_address}};
  if (call.version >= kUrlsVersion) {
    members["org_id"] = account.org_id;
    members["org_id_hash"] = account.org_id_hash;
    members["org_type"] = account.org_type;
    members["org_version"] = account.org_version;
    members["urls"] = make_urls(call.settings());
  }
  auto response = call.json(boost::json::serialize(members));
  response.headers.add("X-Server-Protocol-Version", std::to_string(call.version));
  return response;
}

http::Response set_discovery(AppleCall& call) {
  const auto body = parse_body(call);
  if (!body) return call.refuse(400, "MALFORMED_REQUEST_BODY");
  const auto* url = body->if_contains("mdm_service_discovery_url");
  if (!url || !url->is_string() || url->get_string().empty())
    return call.refuse(400, "MDM_SERVICE_DISCOVERY_URL_REQUIRED");
  const auto parsed = boost::urls::parse_uri(url->get_string());
  if (!parsed || parsed->scheme() != "https" || parsed->encoded_host().empty())
    return call.refuse(400, "MDM_SERVICE_DISCOVERY_URL_NOT_VALID");
  call.owner().discovery_url = std::string(url->get_string());
  call.owner().discovery_set_ms = call.now_ms;
  return call.empty(200);
}

http::Response show_discovery(AppleCall& call) {
  const Account& account = call.owner();
  if (account.discovery_url.empty()) return call.refuse(404, "NOT_FOUND");
  std::string body = "{\"mdm_service_discovery_url\":";
  append_json_string(body, account.discovery_url);
  body += ",\"last_updated_timestamp\":\"";
  append_date(body, account.discovery_set_ms);
  return call.json(body + "\"}");
}

http::Response delete_discovery(AppleCall& call) {
  call.owner().discovery_url.clear();
  return call.empty(200);
}

http::Response show_beta_tokens(AppleCall& call) {
  // Tokens belong to the organisation: the same account always has the same ones.
  boost::json::array tokens;
  const std::pair<const char*, const char*> programs[] = {{"iOS 27 AppleSeed Beta", "iOS"},
                                                          {"macOS 27 AppleSeed Beta", "OSX"},
                                                          {"tvOS 27 AppleSeed Beta", "tvOS"},
                                                          {"visionOS 27 AppleSeed Beta", "visionOS"}};
  for (const auto& [title, os] : programs) {
    Random random(hash_text(call.owner().org_id_hash + title));
    tokens.push_back({{"token", random.hex(64)}, {"title", title}, {"os", os}});
  }
  return call.json(boost::json::serialize(boost::json::object{{"betaEnrollmentTokens", std::move(tokens)}}));
}

}  // namespace muster::sim
