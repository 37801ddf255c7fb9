// What the servers of one database agree on, in its tables `server`, `request` and `progress`
// (schema/servers.sql).
#pragma once

#include "store/shared_store.h"

namespace muster::postgres {

class PostgresStore;

class Sharing final : public SharedStore {
 public:
  explicit Sharing(PostgresStore& store) : store_(store) {}

  Result<ServerId> join(const std::string& name, const std::string& version, Millis lease) override;
  Result<> leave(ServerId server) override;
  Result<ServerShare> renew(ServerId server, Millis lease, bool may_send_events) override;
  Result<> release(ServerId server, std::span<const AccountId> accounts) override;
  Result<std::vector<AccountId>> free_accounts() override;
  Result<std::vector<ServerInfo>> servers() override;

  Result<RequestId> request(AccountId account, WorkRequest::Kind kind) override;
  Result<std::vector<WorkRequest>> requests_of(ServerId server) override;
  Result<std::vector<AccountId>> accounts_asked_for() override;
  Result<> finish(RequestId request, const std::string& report) override;
  Result<std::optional<std::string>> result_of(AccountId account, RequestId request) override;

  Result<> put_progress(std::span<const Progress> progress) override;
  Result<std::vector<Progress>> progress(Millis age) override;

  std::unique_ptr<NewsStand> news_stand() override;
  Result<> check_same_first_key() override;
  /// Code::conflict names a living server that could not open what this one seals, or the other way round.
  Result<> check_keys_fit();
  long long refused_writes() const override;

 private:
  struct KeysOfServer {
    std::string name;
    std::vector<std::string> numbers;  // empty: its version does not seal
  };
  Result<std::vector<KeysOfServer>> keys_of_living();

  PostgresStore& store_;
};

}  // namespace muster::postgres
