// Devices that Apple locks for us, and the codes that open them.
#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/json/device.h"
#include "api/members.h"
#include "api/query.h"
#include "http/json.h"
#include "model/text/words.h"
#include "sync/locks/lock.h"

namespace muster::api::muster_v1 {
namespace {

Result<http::Response> preview_of_locks(const Call& call, std::span<const Serial> serials) {
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto devices,
             call.store.read([&](Reader& reader) { return sync::preview_locks(reader, account, serials); }));
  boost::json::array list;
  for (const auto& device : devices) list.push_back(to_json(account, device));
  return http::json_response(200, {{"dry_run", true}, {"devices", std::move(list)}});
}

}  // namespace

Result<http::Response> post_locks(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto serials, serials_field(body, "serials", true));
  MUSTER_TRY(const auto message, string_field(body, "message", false));
  MUSTER_TRY(const bool dry_run, flag_field(body, "dry_run"));
  if (dry_run) return preview_of_locks(call, serials);
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto done,
             sync::lock_devices(run_context(call, apple),
                                {.serials = serials, .message = message, .by = call.key.name}));
  boost::json::object words;
  for (const auto& [serial, said] : done.answers.answers) words[serial.str()] = said.text;
  boost::json::object answer{{"devices", std::move(words)}};
  if (done.stopped_by) answer["error"] = done.stopped_by->text();
  return http::json_response(200, std::move(answer));
}

Result<http::Response> get_device_bypass_code(const Call& call) {
  MUSTER_TRY(const auto name, account_of_device(call));
  const Serial serial = serial_in_path(call, 1);
  MUSTER_TRY(const auto account, call.store.read([&](Reader& reader) { return reader.account(name); }));
  if (!account) return failure(no_such_account(name));
  MUSTER_TRY(const auto lock,
             call.store.read([&](Reader& reader) { return reader.device_lock(account->id, serial); }));
  if (!lock)
    return failure(Code::not_found, "Muster has no bypass code of the device " + serial.str(),
                   "It has those of devices that it was asked to lock: `mdmctl lock dep-devices`");
  MUSTER_TRY(note_reading(call, account->id, "bypass_code.read", serial.str()));
  boost::json::object json{{"serial_number", serial.str()},
                           {"code", lock->code},
                           {"opens", std::string(word(lock->opens()))},
                           {"made_at", format_rfc3339(lock->made_at)},
                           {"made_by", lock->made_by}};
  put(json, "answer", lock->word);
  put(json, "answered_at", lock->answered_at);
  put(json, "locked_at", lock->locked_at);
  return http::json_response(200, std::move(json));
}

}  // namespace muster::api::muster_v1
