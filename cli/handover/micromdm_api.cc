#include "cli/handover/old_servers.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "cli/output/fields.h"

namespace muster::cli {
namespace {

constexpr const char* kOnlyAccount = "default";
constexpr const char* kOnlyFilter = "*";  // MicroMDM knows no other

class MicromdmByApi final : public OldServer {
 public:
  explicit MicromdmByApi(ApiOfOldServer api) : api_(std::move(api)) {}

  std::string_view program() const override { return "MicroMDM"; }

  Result<std::vector<std::string>> names() override { return std::vector<std::string>{kOnlyAccount}; }

  Result<OldAccount> account(const std::string& name) override {
    if (name != kOnlyAccount)
      return failure(Code::not_found, fmt::format("MicroMDM has one account, \"{}\"", kOnlyAccount));
    OldAccount account{.name = name};
    MUSTER_TRY(const auto tokens, api_.get("/v1/dep-tokens"));
    const auto tokens_json = tokens.is_object() ? tokens.get_object() : boost::json::object();
    for (const auto* token : objects_of(tokens_json, "dep_tokens"))
      account.token = token_of(text_of(*token, "consumer_key"), text_of(*token, "consumer_secret"),
                               text_of(*token, "access_token"), text_of(*token, "access_secret"),
                               text_of(*token, "access_token_expiry"));
    MUSTER_TRY(const auto assigners, api_.get("/v1/dep/autoassigners"));
    const auto assigners_json = assigners.is_object() ? assigners.get_object() : boost::json::object();
    for (const auto* assigner : objects_of(assigners_json, "autoassigners"))
      if (text_of(*assigner, "filter") == kOnlyFilter) account.assigner = text_of(*assigner, "profile_uuid");
    if (account.is_empty())
      return failure(Code::not_found,
                     "MicroMDM has no DEP token and no auto-assigner: there is nothing to import");
    account.unavailable = {
        "key pair: MicroMDM's API does not give private keys. The token works without; the next one "
        "needs the certificate of a new pair",
        "cursor: MicroMDM's API does not give it"};
    return account;
  }

 private:
  ApiOfOldServer api_;
};

}  // namespace

std::unique_ptr<OldServer> micromdm_by_api(ApiOfOldServer api) {
  return std::make_unique<MicromdmByApi>(std::move(api));
}

}  // namespace muster::cli
