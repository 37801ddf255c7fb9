// Devices that are released from the organisation, for ever.
#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/json/device.h"
#include "http/json.h"
#include "sync/work/disown.h"

namespace muster::api::muster_v1 {
namespace {

Result<http::Response> preview(const Call& call, const Account& account, std::span<const Serial> serials) {
  MUSTER_TRY(const auto present, call.store.read([&](Reader& reader) {
    return sync::preview_disowning(reader, account, serials, call.context.clock.now());
  }));
  boost::json::array devices;
  for (const auto& device : present.devices) devices.push_back(to_json(account, device));
  return http::json_response(200, {{"dry_run", true},
                                   {"devices", std::move(devices)},
                                   {"released_today", present.today},
                                   {"limit", call.context.disown_limit}});
}

}  // namespace

Result<http::Response> post_disowned(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto serials, serials_field(body, "serials", true));
  MUSTER_TRY(const bool dry_run, flag_field(body, "dry_run"));
  MUSTER_TRY(const bool permanent, flag_field(body, "permanent"));
  if (dry_run) {
    MUSTER_TRY(const auto account, account_of(call));
    return preview(call, account, serials);
  }
  if (!permanent)
    return failure(Code::invalid, "`permanent` must be true: Apple does not give the devices back",
                   "Look at them first with `dry_run`");
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto answers,
             sync::disown_devices(run_context(call, apple), serials, call.context.disown_limit));
  boost::json::object words;
  for (const auto& serial : serials) words[serial.str()] = answers.answer_for(serial).text;
  return http::json_response(200, {{"devices", std::move(words)}});
}

}  // namespace muster::api::muster_v1
