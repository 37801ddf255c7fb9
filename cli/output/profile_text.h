// A profile in an answer, as people read it.
#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace muster::cli {

/// The profile whose UUID is the member `key`: `iPads version 2 (F00D...)`, the UUID alone where `key_name`
/// says no name, and "no profile" where there is none.
std::string profile_text(const boost::json::object& object, const std::string& key);

}  // namespace muster::cli
