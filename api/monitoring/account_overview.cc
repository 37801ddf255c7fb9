#include "api/monitoring/account_overview.h"

namespace muster::api::muster_v1 {
namespace {

Result<AccountOverview> standing_of(Reader& reader, Account account) {
  AccountOverview overview;
  MUSTER_TRY(overview.health, reader.health(account.id));
  MUSTER_TRY(overview.record, reader.run_record(account.id));
  MUSTER_TRY(overview.state, reader.sync_state(account.id));
  MUSTER_TRY(overview.troubles, reader.lane_troubles(account.id));
  MUSTER_TRY(overview.counts, reader.device_counts(account.id));
  MUSTER_TRY(overview.waiting, reader.assignment_count(account.id));
  overview.account = std::move(account);
  return overview;
}

}  // namespace

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

Result<std::vector<AccountOverview>> account_overviews(Reader& reader) {
  MUSTER_TRY(auto accounts, reader.accounts());
  std::vector<AccountOverview> all;
  all.reserve(accounts.size());
  for (auto& account : accounts) {
    MUSTER_TRY(auto overview, standing_of(reader, std::move(account)));
    all.push_back(std::move(overview));
  }
  return all;
}

}  // namespace muster::api::muster_v1
