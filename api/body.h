// Reads the JSON body of a call; errors name the field.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/context.h"

namespace muster::api {

/// The body as an object. Code::invalid says where it is not JSON, which key is duplicate, and which member
/// the call does not know: a member that has no effect is never accepted.
Result<boost::json::object> json_body(const Call& call);

/// The body of a call that may come without one: an absent one is empty.
Result<boost::json::object> optional_json_body(const Call& call);

/// Code::invalid for a member that is not among `known`, names with spaces between them; it guesses at the
/// one meant. `where`: the object's name in the message.
Result<> only_members(const boost::json::object& object, std::string_view known,
                      std::string_view where = "the body");

/// A string field. `required`: it must be there and not empty; else an absent or null one is "".
Result<std::string> string_field(const boost::json::object& body, std::string_view name, bool required);

/// A whole number from `least` to `most`; an absent or null one is `least`.
Result<long long> number_field(const boost::json::object& body, std::string_view name, long long least,
                               long long most);

/// A time in whole seconds, from 0 to `most`; nothing where it is absent or null.
Result<std::optional<Millis>> seconds_field(const boost::json::object& body, std::string_view name,
                                            Millis most);

/// Any whole number; nothing where it is absent or null.
Result<std::optional<long long>> optional_number_field(const boost::json::object& body,
                                                       std::string_view name);

/// A truth value; an absent or null one is false.
Result<bool> flag_field(const boost::json::object& body, std::string_view name);

/// The UUID of a profile (model/text/ids_text.h). Nothing when it is absent, null or empty.
Result<std::optional<ProfileUuid>> profile_uuid_field(const boost::json::object& body, std::string_view name);
/// The same; Code::invalid when there is none, and for a text that is not a UUID.
Result<ProfileUuid> required_profile_uuid(const boost::json::object& body, std::string_view name);
/// The same, where the name of a profile may stand for it (sync/rules/rules.h).
Result<ProfileUuid> profile_uuid_or_name(const boost::json::object& body, std::string_view name);

/// A list of serial numbers (model/text/ids_text.h), each once. An absent or null one is empty; `required`:
/// at least one.
Result<std::vector<Serial>> serials_field(const boost::json::object& body, std::string_view name,
                                          bool required);

/// A list of texts, trimmed, none of them empty. An absent or null one is empty.
Result<std::vector<std::string>> texts_field(const boost::json::object& body, std::string_view name);

}  // namespace muster::api
