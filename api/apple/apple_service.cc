// What Apple's service knows beside devices and profiles: beta programs, account-driven enrollment, replaced
// devices.
#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/query.h"
#include "base/text/json.h"
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

Result<http::Response> get_enrollment_discovery(const Call& call) {
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto discovery, apple.service->enrollment_discovery(call.context.stop));
  if (!discovery) return http::json_response(200, {{"url", nullptr}});
  return http::json_response(200, {{"url", discovery->url}, {"updated_at", discovery->updated_at}});
}

Result<http::Response> put_enrollment_discovery(const Call& call) {
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto url, string_field(body, "url", true));
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(note_change(
      call, apple.account.id,
      {.action = "enrollment_discovery.saved", .after = write_json(boost::json::object{{"url", url}})}));
  MUSTER_TRY(apple.service->set_enrollment_discovery(url, call.context.stop));
  return http::json_response(200, {{"url", url}});
}

Result<http::Response> delete_enrollment_discovery(const Call& call) {
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(note_change(call, apple.account.id, {.action = "enrollment_discovery.removed"}));
  MUSTER_TRY(apple.service->remove_enrollment_discovery(call.context.stop));
  return http::json_response(200, {{"url", nullptr}});
}

Result<http::Response> get_replacement(const Call& call) {
  const Serial serial = serial_in_path(call, 0);
  MUSTER_TRY(const auto apple, connected(call));
  MUSTER_TRY(const auto replacement, apple.service->replacement(serial, call.context.stop));
  if (!replacement)
    return failure(Code::not_found, "the device " + serial.str() + " does not replace another one");
  return http::json_response(200, {{"serial_number", serial.str()},
                                   {"original_serial_number", replacement->original.str()},
                                   {"replaced_on", replacement->date}});
}

}  // namespace muster::api::muster_v1
