#include "api/monitoring/account_standing.h"

namespace muster::api::muster_v1 {
namespace {

Result<AccountStanding> standing_of(Reader& reader, Account account) {
  AccountStanding standing;
  MUSTER_TRY(standing.health, reader.health(account.id));
  MUSTER_TRY(standing.record, reader.run_record(account.id));
  MUSTER_TRY(standing.state, reader.sync_state(account.id));
  MUSTER_TRY(standing.troubles, reader.lane_troubles(account.id));
  MUSTER_TRY(standing.counts, reader.device_counts(account.id));
  MUSTER_TRY(standing.waiting, reader.assignment_count(account.id));
  standing.account = std::move(account);
  return standing;
}

}  // namespace

void show_trouble(std::vector<AccountStanding>& standings, const std::optional<Error>& trouble) {
  if (!trouble) return;
  for (auto& standing : standings) {
    Health& health = standing.health;
    health.state = Health::State::storage;
    health.since.reset();
    health.word.clear();
    health.message = trouble->message;
    health.remedy = trouble->hint;
    standing.record.last_error = trouble->text();  // which could not be stored either
  }
}

Result<std::vector<AccountStanding>> account_standings(Reader& reader) {
  MUSTER_TRY(auto accounts, reader.accounts());
  std::vector<AccountStanding> all;
  all.reserve(accounts.size());
  for (auto& account : accounts) {
    MUSTER_TRY(auto standing, standing_of(reader, std::move(account)));
    all.push_back(std::move(standing));
  }
  return all;
}

}  // namespace muster::api::muster_v1
