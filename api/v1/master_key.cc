#include <boost/json.hpp>

#include "api/handlers.h"
#include "base/log/log.h"
#include "http/json.h"
#include "store/sealing.h"

namespace muster::api::muster_v1 {
namespace {

boost::json::object to_json(const MasterKeyUse& use) {
  return {{"key", use.number},
          {"source", use.source},
          {"secrets", use.secrets},
          {"seals", use.seals},
          {"removable", use.is_removable()}};
}

}  // namespace

Result<http::Response> post_master_key_rotation(const Call& call) {
  MUSTER_TRY(const auto rotation, Sealing::rotate(call.store));
  boost::json::array keys;
  for (const auto& use : rotation.uses) keys.push_back(to_json(use));
  const std::string& first = rotation.uses.front().number;
  log::info("master_key.rotated", {{"key", first}, {"secrets", rotation.resealed}});
  return http::json_response(200, {{"resealed", rotation.resealed}, {"keys", std::move(keys)}});
}

}  // namespace muster::api::muster_v1
