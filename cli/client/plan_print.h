// A plan as people read it: who would change, from what to what.
#pragma once

#include <boost/json/object.hpp>
#include <iosfwd>
#include <string>

#include "cli/client/api.h"

namespace muster::cli {

/// `12 devices`, `1 device`.
std::string devices_of(const std::string& count);

/// The plan's totals, and a table of its groups. `would`: nothing is done yet.
void print_plan(std::ostream& out, const boost::json::object& plan, bool would);

/// Every device of a plan as `json` or `csv`, page by page: `ask(cursor)` gives the plan from there on (""
/// begins).
Result<> print_plan_devices(std::ostream& out, const std::string& format,
                            const std::function<Result<boost::json::object>(const std::string& cursor)>& ask);

}  // namespace muster::cli
