#include "sync/accounts/services.h"

#include "model/text/account_name.h"

namespace muster::sync {
namespace {

Error not_configured(const Account& account) {
  const std::string flag = account_flag(account.name);
  // MicroMDM's words: users and scripts look for them.
  return {
      Code::not_configured,
      "DEP not configured yet. add a DEP token to enable DEP",
      "Run `mdmctl get dep-tokens" + flag +
          " -export-public-key FILE`, upload FILE to Apple Business or Apple School Manager, download the token "
          "there, and run `mdmctl apply dep-tokens" +
          flag + " -import FILE`",
      {}};
}

}  // namespace

std::string Services::base_url_of(const Account& account) const {
  if (!base_url_override_.empty()) return base_url_override_;
  return account.base_url.empty() ? apple::kAppleBaseUrl : account.base_url;
}

void Services::clock_jumped(Millis by) {
  entries_.with([&](auto& entries) {
    for (auto& [account, entry] : entries) {
      if (const auto not_before = entry.service->not_before())
        entry.service->set_not_before(*not_before + by);
      if (const auto offset = entry.service->apple_offset()) entry.service->set_apple_offset(*offset + by);
    }
  });
}

void Services::forget(AccountId account) {
  entries_.with([&](auto& entries) { entries.erase(account); });
  counts_.forget(account);
}

std::shared_ptr<apple::Service> Services::for_token(const Account& account, const Token& token) {
  return std::make_shared<apple::Service>(base_url_of(account), token, transport_, clock_,
                                          counts_.of(account.id)->calls);
}

Result<std::shared_ptr<apple::Service>> Services::of(const Account& account) {
  const std::string base_url = base_url_of(account);
  auto present = entries_.with([&](const auto& entries) -> std::shared_ptr<apple::Service> {
    const auto found = entries.find(account.id);
    const bool fits =
        found != entries.end() && found->second.epoch == account.epoch && found->second.base_url == base_url;
    return account.token && fits ? found->second.service : nullptr;
  });
  if (present) return present;
  MUSTER_TRY(const auto token, store_.read([&](Reader& reader) { return reader.token(account.id); }));
  if (!token) return failure(not_configured(account));
  auto service = for_token(account, *token);
  if (account.clock_offset) service->set_apple_offset(*account.clock_offset);
  return entries_.with([&](auto& entries) {
    Entry& entry = entries[account.id];
    const bool is_there = entry.service && entry.epoch >= account.epoch && entry.base_url == base_url;
    if (!is_there) entry = {account.epoch, base_url, std::move(service)};
    return entry.service;
  });
}

}  // namespace muster::sync
