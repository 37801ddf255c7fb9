#include "api/json/funnel.h"

namespace muster::api::muster_v1 {

boost::json::object funnel_json(const std::map<ProfileStatus, long long>& statuses, long long enrolled) {
  long long devices = 0, assigned = 0, pushed = 0;
  for (const auto& [status, number] : statuses) {
    devices += number;
    if (has_profile(status)) assigned += number;
    if (status == ProfileStatus::pushed) pushed += number;
  }
  return {{"devices", devices}, {"assigned", assigned}, {"pushed", pushed}, {"enrolled", enrolled}};
}

long long enrolled_of_all(const std::vector<EnrolledOfRule>& enrolled) {
  long long all = 0;
  for (const auto& of : enrolled) all += of.devices;
  return all;
}

long long enrolled_of(const std::vector<EnrolledOfRule>& enrolled, RuleId rule) {
  for (const auto& of : enrolled)
    if (of.rule == rule) return of.devices;
  return 0;
}

}  // namespace muster::api::muster_v1
