// Tokens with which devices of the organisation enroll in Apple's beta programs.
#include <boost/json.hpp>

#include "api/handlers.h"
#include "http/json.h"

namespace muster::api::muster_v1 {

Result<http::Response> get_beta_tokens(const Call& call) {
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto tokens, apple.service->beta_tokens(call.context.stop));
  boost::json::array list;
  for (const auto& token : tokens)
    list.push_back({{"token", token.token}, {"title", token.title}, {"os", token.os}});
  return http::json_response(200, {{"tokens", std::move(list)}});
}

}  // namespace muster::api::muster_v1
