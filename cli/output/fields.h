// Reading the members of a JSON object that may be missing, null or of odd form.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace muster::cli {

/// The text of a member: a string as it is, a number or boolean as JSON writes it, "" for anything else.
std::string text_of(const boost::json::object& object, std::string_view key);

/// True when the member is `true`.
bool is_true(const boost::json::object& object, std::string_view key);

/// The objects in a member that is an array; what else is in it is left out. Empty when it is no array.
/// Valid as long as `object`.
std::vector<const boost::json::object*> objects_of(const boost::json::object& object, std::string_view key);

/// The strings in a member that is an array.
std::vector<std::string> strings_of(const boost::json::object& object, std::string_view key);

/// The strings as a JSON array.
boost::json::value to_array(const std::vector<std::string>& texts);
/// Copies of the objects as a JSON array.
boost::json::value to_array(const std::vector<const boost::json::object*>& objects);

}  // namespace muster::cli
