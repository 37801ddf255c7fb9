// The parts of GET /metrics. None of them counts anything: they show stored values and those that the server
// keeps in memory.
#pragma once

#include <vector>

#include "api/context.h"
#include "api/monitoring/metric_families.h"

namespace muster::api {

inline Labels labels_of(const AccountOverview& overview) {
  return {{"account", overview.account.name.str()}};
}
inline Labels with(Labels labels, const char* name, std::string_view value) {
  labels.push_back({name, std::string(value)});
  return labels;
}

/// What is stored of the accounts: the same at each server of a database.
void add_account_metrics(MetricFamilies& metrics, const std::vector<AccountOverview>& overviews, Time now);
/// What this server did for the accounts that it works.
void add_work_metrics(MetricFamilies& metrics, const std::vector<AccountOverview>& overviews,
                      const sync::WorkCounts& counts, const Clock& clock);
/// What belongs to no account. `events`: those that wait for the webhook of all.
Result<> add_installation_metrics(MetricFamilies& metrics, const Call& call, long long events);

}  // namespace muster::api
