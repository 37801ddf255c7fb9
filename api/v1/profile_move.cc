#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/json/plan_query.h"
#include "base/log/log.h"
#include "http/json.h"
#include "sync/profiles/profile_move.h"

namespace muster::api::muster_v1 {

Result<http::Response> post_profile_move(const Call& call) {
  const std::string name = call.request.parameters.at(0);
  MUSTER_TRY(const auto body, optional_json_body(call));
  MUSTER_TRY(auto how, change_options(call, body));
  MUSTER_TRY(const auto account, account_of(call));
  how.account = account.id;
  how.apply = [&](Writer& writer) { return sync::move_to_current(writer, account.id, name); };
  MUSTER_TRY(const auto outcome, sync::change_rules(call.store, how));
  if (outcome.applied)
    log::info("profile.moved",
              {{"account", account.name.str()}, {"name", name}, {"changes", outcome.plan.changes}});
  MUSTER_TRY(auto answer, outcome_json(call, account, outcome));
  return http::json_response(200, std::move(answer));
}

}  // namespace muster::api::muster_v1
