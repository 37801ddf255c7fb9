#include "cli/code/present_config.h"

#include <algorithm>
#include <boost/json.hpp>

#include "cli/client/pages.h"
#include "cli/output/fields.h"

namespace muster::cli {
namespace {

long long number_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  boost::json::error_code error;
  const auto number = value ? value->to_number<long long>(error) : 0;
  return error ? 0 : number;
}

ConfigRule rule_of(const boost::json::object& object) {
  ConfigRule rule{.name = text_of(object, "name"),
                  .filter = text_of(object, "filter"),
                  .scope = text_of(object, "scope"),
                  .priority = number_of(object, "priority"),
                  .enroll_within = std::chrono::seconds(number_of(object, "enroll_within")),
                  .profile = text_of(object, "profile_name")};
  if (rule.profile.empty()) rule.profile_uuid = text_of(object, "profile_uuid");
  return rule;
}

PresentProfile profile_of(const boost::json::object& object) {
  PresentProfile profile{.name = text_of(object, "name"),
                         .version = number_of(object, "version"),
                         .unknown_at_apple = text_of(object, "unknown_at_apple")};
  const auto* document = object.if_contains("document");
  if (document && document->is_object()) profile.document = document->get_object();
  return profile;
}

}  // namespace

Result<long long> revision_in(const boost::json::object& answer) {
  const auto* revision = answer.if_contains("revision");
  if (revision && revision->is_number()) return number_of(answer, "revision");
  return failure(Code::remote, "the server gave no revision of its configuration",
                 "It must be a Muster server of this version");
}

Result<PresentConfig> fetch_config(Api& server) {
  MUSTER_TRY(const auto answer, server.get("/api/v1/config"));
  PresentConfig config{.paused = is_true(answer, "paused"),
                       .inherit_replacements = is_true(answer, "inherit_replacements"),
                       .base_url = text_of(answer, "base_url")};
  MUSTER_TRY(config.revision, revision_in(answer));
  config.rule_limit = static_cast<size_t>(std::max(0LL, number_of(answer, "rule_limit")));
  for (const auto* list : objects_of(answer, "lists"))
    config.lists.push_back({text_of(*list, "name"), number_of(*list, "size"), text_of(*list, "digest")});
  for (const auto* profile : objects_of(answer, "profiles")) config.profiles.push_back(profile_of(*profile));
  for (const auto* rule : objects_of(answer, "rules")) config.rules.push_back(rule_of(*rule));
  return config;
}

Result<std::vector<Serial>> fetch_list(Api& server, const std::string& name) {
  std::vector<Serial> serials;
  MUSTER_TRY(each_page(server, "/api/v1/lists/" + name, [&](const boost::json::object& page) {
    for (auto& serial : strings_of(page, "serials")) serials.emplace_back(std::move(serial));
    return true;
  }));
  return serials;
}

}  // namespace muster::cli
