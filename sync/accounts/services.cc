#include "sync/accounts/services.h"

#include "model/text/account_name.h"

namespace muster::sync {

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
}

std::shared_ptr<apple::Service> Services::for_token(const Account& account, const Token& token) const {
  return std::make_shared<apple::Service>(base_url_of(account), token, transport_, clock_);
}

Result<std::shared_ptr<apple::Service>> Services::of(const Account& account) {
  const std::string flag = account_flag(account.name);
  if (!account.token)
    // MicroMDM's words: users and scripts look for them.
    return failure(
        Code::not_configured, "DEP not configured yet. add a DEP token to enable DEP",
        "Run `mdmctl get dep-tokens" + flag +
            " -export-public-key FILE`, upload FILE to Apple Business or Apple School Manager, download the token "
            "there, and run `mdmctl apply dep-tokens" +
            flag + " -import FILE`");
  const std::string base_url = base_url_of(account);
  return entries_.with([&](auto& entries) {
    Entry& entry = entries[account.id];
    if (!entry.service || entry.token != *account.token || entry.base_url != base_url) {
      entry = {*account.token, base_url, for_token(account, *account.token)};
      if (account.clock_offset) entry.service->set_apple_offset(*account.clock_offset);
    }
    return entry.service;
  });
}

}  // namespace muster::sync
