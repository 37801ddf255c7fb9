#include "api/body.h"

#include <boost/json.hpp>
#include <limits>

#include "base/text/json.h"
#include "model/text/ids_text.h"

namespace muster::api {

Result<boost::json::object> json_body(const Call& call) {
  auto value = parse_json(call.request.body);
  if (!value) return failure(value.error().while_doing("invalid body"));
  if (!value->is_object()) return failure(Code::invalid, "the body must be a JSON object");
  return std::move(value->as_object());
}

Result<std::string> string_field(const boost::json::object& body, std::string_view name, bool required) {
  const auto* value = body.if_contains(name);
  if (value && !value->is_null() && !value->is_string())
    return failure(Code::invalid, "\"" + std::string(name) + "\" must be a string");
  std::string text = value && value->is_string() ? std::string(value->get_string()) : "";
  if (required && text.empty())
    return failure(Code::invalid, "\"" + std::string(name) + "\" is missing or empty");
  return text;
}

Result<long long> number_field(const boost::json::object& body, std::string_view name, long long least,
                               long long most) {
  const auto* value = body.if_contains(name);
  if (!value || value->is_null()) return least;
  boost::json::error_code error;
  const auto number = value->to_number<long long>(error);
  if (!error && number >= least && number <= most) return number;
  const bool is_open = most == std::numeric_limits<long long>::max();
  return failure(Code::invalid,
                 "\"" + std::string(name) + "\" must be a whole number" +
                     (is_open ? "" : " from " + std::to_string(least) + " to " + std::to_string(most)));
}

Result<std::optional<long long>> optional_number_field(const boost::json::object& body,
                                                       std::string_view name) {
  const auto* value = body.if_contains(name);
  if (!value || value->is_null()) return std::nullopt;
  MUSTER_TRY(const auto number, number_field(body, name, std::numeric_limits<long long>::min(),
                                             std::numeric_limits<long long>::max()));
  return number;
}

Result<bool> flag_field(const boost::json::object& body, std::string_view name) {
  const auto* value = body.if_contains(name);
  if (!value || value->is_null()) return false;
  if (!value->is_bool()) return failure(Code::invalid, "\"" + std::string(name) + "\" must be true or false");
  return value->get_bool();
}

Result<std::optional<ProfileUuid>> profile_uuid_field(const boost::json::object& body,
                                                      std::string_view name) {
  MUSTER_TRY(const auto text, string_field(body, name, false));
  return read_profile_uuid(text);
}

Result<ProfileUuid> required_profile_uuid(const boost::json::object& body, std::string_view name) {
  MUSTER_TRY(const auto text, string_field(body, name, true));
  auto uuid = read_profile_uuid(text);
  if (!uuid) return failure(Code::invalid, "\"" + std::string(name) + "\" is missing or empty");
  return *std::move(uuid);
}

Result<std::vector<Serial>> serials_field(const boost::json::object& body, std::string_view name,
                                          bool required) {
  std::vector<Serial> serials;
  const auto* value = body.if_contains(name);
  if (value && !value->is_null()) {
    const auto* array = value->if_array();
    if (!array)
      return failure(Code::invalid, "\"" + std::string(name) + "\" must be a list of serial numbers");
    for (const auto& item : *array) {
      auto serial = item.is_string() ? read_serial(item.get_string()) : std::nullopt;
      if (!serial)
        return failure(Code::invalid, "\"" + std::string(name) + "\" contains an invalid serial number");
      serials.push_back(*std::move(serial));
    }
  }
  if (required && serials.empty())
    return failure(Code::invalid, "\"" + std::string(name) + "\" must contain at least one serial number");
  return serials;
}

}  // namespace muster::api
