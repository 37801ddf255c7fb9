#include "sim/apple/call.h"

#include <boost/json.hpp>

#include "base/text/json.h"

namespace muster::sim {
namespace {

constexpr const char* kJsonType = "application/json;charset=UTF8";
constexpr const char* kTextType = "text/plain;Charset=UTF8";

}  // namespace

AssignCall AppleCall::assign_call() const {
  return {.world = service.world,
          .settings = service.settings,
          .account = account,
          .version = version,
          .now_ms = now_ms,
          .forced = fault && fault->results ? &*fault->results : nullptr};
}

http::Response AppleCall::json(std::string body) const {
  return {.status = 200, .headers = {{"Content-Type", kJsonType}}, .body = std::move(body)};
}

http::Response AppleCall::refuse(int status, std::string_view word) {
  record.word = word;
  std::string body(word);
  if (service.settings.quote_errors) body = "\"" + body + "\"";
  return {.status = status, .headers = {{"Content-Type", kTextType}}, .body = std::move(body)};
}

http::Response AppleCall::empty(int status) { return {.status = status, .headers = {}, .body = {}}; }

std::optional<boost::json::object> parse_body(const AppleCall& call) {
  if (call.fault && call.fault->drop_body) return std::nullopt;
  auto value = parse_json(call.request.body);
  if (!value || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

SerialList parse_serials(AppleCall& call, const boost::json::object& body, bool limited) {
  SerialList list;
  const auto* devices = body.if_contains("devices");
  if (!devices || devices->is_null()) {
    list.word = "DEVICE_ID_REQUIRED";
    return list;
  }
  const auto* array = devices->if_array();
  const long long most = call.settings().assign_limit;
  const bool too_many = array && limited && most > 0 && array->size() > static_cast<size_t>(most);
  if (!array || too_many) {
    list.word = "MALFORMED_REQUEST_BODY";
    return list;
  }
  for (const auto& item : *array) {
    if (!item.is_string()) {
      list.word = "MALFORMED_REQUEST_BODY";
      return list;
    }
    list.serials.emplace_back(item.get_string());
  }
  if (list.serials.empty() && !call.settings().empty_devices_ok) list.word = "DEVICE_ID_REQUIRED";
  call.record.serials = list.serials.size();
  return list;
}

}  // namespace muster::sim
