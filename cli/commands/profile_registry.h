// The server's registry of profiles, as people read it.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/result.h"

namespace muster::cli {

class Call;

/// Lists the current version of every profile, and older ones that devices or rules still have; or all
/// versions of `name`. `format` is table or json; Code::invalid for another.
Result<> list_profiles(Call& call, const std::string& name, const std::string& format);

/// What became of the versions of a name, a line each: `version 2 of "iPads"; version 1 stays on 12 devices`,
/// and how many rules follow. Of an answer with `name`, `version`, `before` and `rules`; "" where there was
/// no version before.
std::string versions_text(const boost::json::object& answer);

}  // namespace muster::cli
