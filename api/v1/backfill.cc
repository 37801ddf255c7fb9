#include <boost/json.hpp>

#include "api/answer.h"
#include "api/body.h"
#include "api/handlers.h"
#include "api/members.h"
#include "http/json.h"
#include "model/text/words.h"
#include "sync/rules/backfill.h"

namespace muster::api::muster_v1 {

Result<http::Response> get_backfill(const Call& call) {
  MUSTER_TRY(const auto account, account_of(call));
  return call.store.read([&](Reader& reader) -> Result<http::Response> {
    MUSTER_TRY(const auto backfill, reader.backfill(account.id));
    MUSTER_TRY(const auto waiting, reader.assignment_count(account.id));
    boost::json::object json{{"state", std::string(word(backfill.state))}, {"waiting", waiting}};
    if (backfill.state != Backfill::State::none) {
      json["planned"] = backfill.planned;
      json["changed"] = backfill.changed;
      put(json, "began", std::optional(backfill.began));
    }
    return http::json_response(200, std::move(json));
  });
}

Result<http::Response> post_backfill(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto action, string_field(body, "action", true));
  MUSTER_TRY(const auto account, account_of(call));
  Store& store = call.store;
  if (action == "pause") {
    MUSTER_TRY(sync::pause_backfill(store, account.id, call.context.clock.now()));
  } else if (action == "resume") {
    MUSTER_TRY(sync::resume_backfill(store, account.id, call.context.clock.now()));
    work_soon(call, account.id);
  } else if (action == "cancel") {
    MUSTER_TRY(sync::cancel_backfill(store, account.id, call.context.clock.now()));
  } else {
    return failure(Code::invalid, "\"action\" must be pause, resume or cancel");
  }
  return get_backfill(call);
}

}  // namespace muster::api::muster_v1
