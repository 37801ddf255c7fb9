#include "profile/check.h"

#include <boost/json.hpp>

#include "api/handlers.h"
#include "http/json.h"

namespace muster::api::muster_v1 {
namespace {

boost::json::object to_json(const ProfileFinding& finding) {
  boost::json::object json{{"severity", word(finding.severity)},
                           {"line", finding.line},
                           {"column", finding.column},
                           {"reason", finding.reason}};
  if (!finding.word.empty()) json["apple_code"] = finding.word;
  if (!finding.key.empty()) json["key"] = finding.key;
  if (!finding.remedy.empty()) json["remedy"] = finding.remedy;
  return json;
}

}  // namespace

Result<http::Response> post_profile_check(const Call& call) {
  const auto findings = check_profile(call.request.body);
  boost::json::array list;
  for (const auto& finding : findings) list.push_back(to_json(finding));
  return http::json_response(200, {{"valid", !has_error(findings)}, {"findings", std::move(list)}});
}

}  // namespace muster::api::muster_v1
