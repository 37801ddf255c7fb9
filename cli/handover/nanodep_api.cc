#include "cli/handover/old_servers.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text/encoding.h"
#include "cli/output/fields.h"

namespace muster::cli {
namespace {

constexpr size_t kNamesAtOnce = 100;

// An object, or an empty one: NanoDEP answers `null` for what it does not know.
boost::json::object object_or_none(const boost::json::value& json) {
  return json.is_object() ? json.get_object() : boost::json::object();
}

class NanodepByApi final : public OldServer {
 public:
  explicit NanodepByApi(ApiOfOldServer api) : api_(std::move(api)) {}

  std::string_view program() const override { return "NanoDEP"; }

  Result<std::vector<std::string>> names() override {
    std::vector<std::string> names;
    for (std::string cursor;;) {
      const auto place =
          cursor.empty() ? fmt::format("&offset={}", names.size()) : "&cursor=" + percent_encode(cursor);
      MUSTER_TRY(const auto json, api_.get(fmt::format("/v1/dep_names?limit={}{}", kNamesAtOnce, place)));
      const auto answer = object_or_none(json);
      const auto page = strings_of(answer, "dep_names");
      const size_t before = names.size();
      for (const auto& name : page)
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      cursor = text_of(answer, "next_cursor");
      if (page.size() < kNamesAtOnce || names.size() == before) break;
    }
    return names;
  }

  Result<OldAccount> account(const std::string& name) override {
    OldAccount account{.name = name};
    const std::string path = percent_encode(name);
    // A name without a token is answered with an error.
    if (const auto token = api_.get("/v1/tokens/" + path)) {
      const auto json = object_or_none(*token);
      account.token = token_of(text_of(json, "consumer_key"), text_of(json, "consumer_secret"),
                               text_of(json, "access_token"), text_of(json, "access_secret"),
                               text_of(json, "access_token_expiry"));
    } else if (token.error().code == Code::unauthorized || token.error().code == Code::unreachable) {
      return failure(token.error());
    }
    MUSTER_TRY(const auto config, api_.get("/v1/config/" + path));
    const auto config_json = object_or_none(config);
    account.base_url = text_of(config_json, "base_url");
    MUSTER_TRY(const auto assigner, api_.get("/v1/assigner/" + path));
    const auto assigner_json = object_or_none(assigner);
    account.assigner = text_of(assigner_json, "profile_uuid");
    if (account.is_empty() && account.base_url.empty())
      return failure(Code::not_found, fmt::format("NanoDEP has nothing of the DEP name \"{}\"", name),
                     "Check its spelling: NanoDEP's names are case-sensitive");
    account.unavailable = {
        "key pair: NanoDEP's API does not give private keys. The token works without; the next one "
        "needs the certificate of a new pair",
        "cursor: NanoDEP's API does not give it"};
    return account;
  }

 private:
  ApiOfOldServer api_;
};

}  // namespace

std::unique_ptr<OldServer> nanodep_by_api(ApiOfOldServer api) {
  return std::make_unique<NanodepByApi>(std::move(api));
}

}  // namespace muster::cli
