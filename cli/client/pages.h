// A list that the server gives in pages.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "cli/client/api.h"

namespace muster::cli {

/// Gets `path` (with a query, or none) and then each page behind its `next_cursor`, and gives every page to
/// `take`, which gives whether to go on. Code::remote when the server goes in circles.
Result<> each_page(Api& server, const std::string& path,
                   const std::function<bool(const boost::json::object&)>& take);

}  // namespace muster::cli
