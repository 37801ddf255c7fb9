// The options of calls that change rules (docs/api.md, "Previews"), and their common answer.
#pragma once

#include <boost/json/object.hpp>

#include "api/context.h"
#include "sync/rules/rule_change.h"

namespace muster::api::muster_v1 {

/// The most devices that one answer lists.
inline constexpr long long kMostListed = 1000;

/// `limit` devices from behind `cursor`, which an earlier answer gave, "" for the first. Code::invalid for
/// another.
Result<sync::PlanQuery> plan_query(long long limit, const std::string& cursor);

/// Of the body {"dry_run", "max_changes", "limit", "cursor", "revision"}; the account and what is to be made
/// are for the caller to add.
Result<sync::RuleChange> change_options(const Call& call, const boost::json::object& body);

/// The same of the call's query, where the body is something else.
Result<sync::RuleChange> change_options_in_query(const Call& call);

/// {"applied", "plan", "revision"}, and has the account's job begin where there is work for it. `undefined`:
/// a profile of the plan that the registry does not have yet.
Result<boost::json::object> outcome_json(const Call& call, const Account& account,
                                         const sync::RuleChangeOutcome& outcome,
                                         const Profile* undefined = nullptr);

}  // namespace muster::api::muster_v1
