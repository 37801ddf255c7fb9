#include "api/monitoring/account_overview.h"

namespace muster::api::muster_v1 {
void show_storage_trouble(std::vector<AccountOverview>& overviews, const std::optional<Error>& trouble) {
  if (!trouble) return;
  for (auto& overview : overviews) {
    Health& health = overview.health;
    health.state = Health::State::storage;
    health.since.reset();
    health.word.clear();
    health.message = trouble->message;
    health.remedy = trouble->hint;
    overview.record.last_error = trouble->text();  // which could not be stored either
  }
}

Result<std::vector<AccountOverview>> account_overviews(const Call& call, Reader& reader) {
  MUSTER_TRY(auto overviews, reader.account_overviews());
  std::erase_if(overviews,
                [&](const AccountOverview& overview) { return !call.key.sees(overview.account.name); });
  return overviews;
}

}  // namespace muster::api::muster_v1
