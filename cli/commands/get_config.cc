#include <boost/json.hpp>
#include <ostream>

#include "base/text/flags.h"
#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/code/present_config.h"
#include "cli/commands/commands.h"
#include "cli/input/yaml_json.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "model/ids.h"

namespace muster::cli {
namespace {

boost::json::object to_json(const ConfigRule& rule) {
  boost::json::object json;
  if (!rule.name.empty()) json["name"] = rule.name;
  json["filter"] = rule.filter;
  if (!rule.profile.empty())
    json["profile"] = rule.profile;
  else if (!rule.profile_uuid.empty())
    json["profile_uuid"] = rule.profile_uuid;
  else
    json["no_profile"] = true;
  json["scope"] = rule.scope;
  json["priority"] = rule.priority;
  if (rule.enroll_within > Millis(0)) json["enroll_within"] = format_duration(rule.enroll_within);
  return json;
}

// In the form that `mdmctl apply -f` takes.
Result<boost::json::object> to_json(Api& server, const std::string& account, const PresentConfig& config) {
  boost::json::array lists, profiles, rules;
  for (const auto& list : config.lists) {
    MUSTER_TRY(const auto serials, fetch_list(server, list.name));
    boost::json::array array;
    for (const auto& serial : serials) array.emplace_back(serial.str());
    lists.push_back({{"name", list.name}, {"serials", std::move(array)}});
  }
  for (const auto& profile : config.profiles)
    profiles.push_back(boost::json::object{{"document", profile.document}});
  for (const auto& rule : config.rules) rules.push_back(to_json(rule));
  return boost::json::object{{"account", account},
                             {"paused", config.paused},
                             {"inherit_replacements", config.inherit_replacements},
                             {"base_url", config.base_url},
                             {"lists", std::move(lists)},
                             {"profiles", std::move(profiles)},
                             {"rules", std::move(rules)}};
}

}  // namespace

Result<> get_config(Call& call) {
  std::string format = "yaml";
  auto flags = call.flags();
  add_form(flags, &format, {"yaml", "json"}, "`mdmctl apply -f` takes both");
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto present, fetch_config(server));
  const auto account = call.account().empty() ? kDefaultAccount.str() : call.account();
  MUSTER_TRY(const auto config, to_json(server, account, present));
  call.out() << (format == "json" ? write_json_indented(config) + "\n" : to_yaml(config));
  return {};
}

}  // namespace muster::cli
