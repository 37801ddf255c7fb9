// How far a sync is, or what it did.
#pragma once

#include <boost/json/object.hpp>

#include "sync/accounts/report.h"

namespace muster::api {

/// Adds what was read and sent.
void put_counts(boost::json::object& json, const sync::Report& report);
/// Adds what is left to do, and why a lane failed.
void put_rest(boost::json::object& json, const sync::Report& report);

}  // namespace muster::api
