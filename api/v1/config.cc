#include <boost/json.hpp>
#include <set>

#include "api/handlers.h"
#include "api/json/rule.h"
#include "api/members.h"
#include "base/text/json.h"
#include "http/json.h"

namespace muster::api::muster_v1 {
namespace {

constexpr size_t kPage = 10'000;

Result<std::string> digest_of(Reader& reader, const SerialList& list) {
  std::vector<Serial> serials;
  for (size_t before = 0;; before = serials.size()) {
    const Serial after = serials.empty() ? Serial() : serials.back();
    MUSTER_TRY(const auto page, reader.serial_list_page(list.id, after, kPage));
    serials.insert(serials.end(), page.begin(), page.end());
    if (serials.size() - before < kPage) return muster::digest_of(serials);
  }
}

Result<boost::json::array> lists_of(Reader& reader, AccountId account) {
  MUSTER_TRY(const auto lists, reader.serial_lists(account));
  boost::json::array array;
  for (const auto& list : lists) {
    MUSTER_TRY(const auto digest, digest_of(reader, list));
    array.push_back(
        {{"name", list.name}, {"version", list.version}, {"size", list.size}, {"digest", digest}});
  }
  return array;
}

Result<boost::json::array> current_profiles_of(Reader& reader, AccountId account) {
  MUSTER_TRY(const auto profiles, reader.profiles(account));
  std::set<std::string> names;
  for (const auto& profile : profiles)
    if (!profile.name.empty()) names.insert(profile.name);
  boost::json::array array;
  for (const auto& name : names) {
    MUSTER_TRY(const auto current, reader.current_profile(account, name));
    if (!current) continue;
    MUSTER_TRY(auto document, parse_json(current->document));
    boost::json::object json{{"name", current->name},
                             {"version", current->version},
                             {"profile_uuid", current->uuid.str()},
                             {"document", std::move(document)}};
    put(json, "unknown_at_apple", current->unknown_at_apple);
    array.push_back(std::move(json));
  }
  return array;
}

}  // namespace

Result<http::Response> get_config(const Call& call) {
  MUSTER_TRY(const auto known, account_of(call));
  return call.store.read([&](Reader& reader) -> Result<http::Response> {
    MUSTER_TRY(const auto account, reader.account(known.id));
    if (!account) return failure(Code::not_found, "the account \"" + known.name.str() + "\" was removed");
    MUSTER_TRY(const auto revision, reader.config_revision(account->id));
    MUSTER_TRY(auto lists, lists_of(reader, account->id));
    MUSTER_TRY(auto profiles, current_profiles_of(reader, account->id));
    MUSTER_TRY(const auto stored, reader.rules(account->id));
    boost::json::array rules;
    for (const auto& rule : stored) rules.push_back(to_json(rule));
    return http::json_response(200, {{"account", account->name.str()},
                                     {"revision", revision},
                                     {"rule_limit", call.context.rule_limit},
                                     {"paused", account->paused},
                                     {"inherit_replacements", account->inherit_replacements},
                                     {"base_url", account->base_url},
                                     {"lists", std::move(lists)},
                                     {"profiles", std::move(profiles)},
                                     {"rules", std::move(rules)}});
  });
}

}  // namespace muster::api::muster_v1
