// The configuration that the server has.
#pragma once

#include "cli/client/api.h"
#include "cli/code/config_values.h"

namespace muster::cli {

/// Of the account that `server` is for. Code::not_found when there is none.
Result<PresentConfig> fetch_config(Api& server);

/// The serials of a list, ascending.
Result<std::vector<Serial>> fetch_list(Api& server, const std::string& name);

/// The revision in the answer to a change. Code::remote where there is none.
Result<long long> revision_in(const boost::json::object& answer);

}  // namespace muster::cli
