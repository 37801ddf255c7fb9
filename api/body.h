// Reads the JSON body of a call; errors name the field.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/context.h"

namespace muster::api {

/// The body as an object. Code::invalid says where it is not JSON.
Result<boost::json::object> json_body(const Call& call);

/// A string field. `required`: it must be there and not empty; else an absent or null one is "".
Result<std::string> string_field(const boost::json::object& body, std::string_view name, bool required);

/// A whole number from `least` to `most`; an absent or null one is `least`.
Result<long long> number_field(const boost::json::object& body, std::string_view name, long long least,
                               long long most);

/// Any whole number; nothing where it is absent or null.
Result<std::optional<long long>> optional_number_field(const boost::json::object& body,
                                                       std::string_view name);

/// A truth value; an absent or null one is false.
Result<bool> flag_field(const boost::json::object& body, std::string_view name);

/// The UUID of a profile (model/text/ids_text.h). Nothing when it is absent, null or empty.
Result<std::optional<ProfileUuid>> profile_uuid_field(const boost::json::object& body, std::string_view name);
/// The same; Code::invalid when there is none.
Result<ProfileUuid> required_profile_uuid(const boost::json::object& body, std::string_view name);

/// A list of serial numbers (model/text/ids_text.h). An absent or null one is empty; `required`: at least
/// one.
Result<std::vector<Serial>> serials_field(const boost::json::object& body, std::string_view name,
                                          bool required);

}  // namespace muster::api
