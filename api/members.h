// Sets optional members of an answer.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/time/rfc3339.h"

namespace muster::api {

/// "" is left out.
inline void put(boost::json::object& json, const char* name, const std::string& value) {
  if (!value.empty()) json[name] = value;
}
inline void put(boost::json::object& json, const char* name, const std::optional<Time>& value) {
  if (value) json[name] = format_rfc3339(*value);
}

}  // namespace muster::api
