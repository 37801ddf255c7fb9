// JSON form of a plan.
#pragma once

#include <boost/json/object.hpp>

#include "store/store.h"
#include "sync/rules/plan.h"

namespace muster::api::muster_v1 {

/// {"changes", "adopted", "groups": [...], "devices": [...], "next_cursor"}; profiles with their names where
/// the registry knows them.
boost::json::object to_json(const sync::Plan& plan, const std::vector<Profile>& profiles);

}  // namespace muster::api::muster_v1
