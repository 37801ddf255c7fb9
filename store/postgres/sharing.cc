#include "store/postgres/sharing.h"

#include <algorithm>

#include "base/text/strings.h"
#include "store/postgres/listener.h"
#include "store/postgres/schema.h"
#include "store/postgres/store.h"

namespace muster::postgres {
namespace {

#define MILLISECONDS(moment) "(extract(epoch FROM " moment ") * 1000)::bigint"

AccountId first_as_account(const Row& row) { return row.as<AccountId>(0); }

std::vector<AccountId> in_order(std::vector<AccountId> accounts) {
  std::sort(accounts.begin(), accounts.end());
  return accounts;
}

}  // namespace

Result<ServerId> Sharing::join(const std::string& name, const std::string& version, Millis lease) {
  return store_.transact([&](Connection& db) -> Result<ServerId> {
    MUSTER_TRY(
        const auto added,
        db.ask("INSERT INTO server (name, version, started, renewed, alive_until) VALUES ($1, $2, "
               "clock_timestamp(), clock_timestamp(), clock_timestamp() + $3 * interval '1 millisecond') "
               "RETURNING id",
               name, version, lease));
    const auto joined = added[0].as<ServerId>(0);
    MUSTER_TRY(db.run("DELETE FROM server_keys WHERE server NOT IN (SELECT id FROM server)"));
    MUSTER_TRY(db.run("INSERT INTO server_keys (server, numbers) VALUES ($1, $2)", joined,
                      store_.keyring().numbers()));
    return joined;
  });
}

// An account whose worker is not there is free.
Result<> Sharing::leave(ServerId server) {
  return store_.transact([&](Connection& db) { return db.run("DELETE FROM server WHERE id = $1", server); });
}

Result<ServerShare> Sharing::renew(ServerId server, Millis lease, bool may_send_events) {
  return store_.transact([&](Connection& db) -> Result<ServerShare> {
    MUSTER_TRY(const auto renewed,
               db.ask("SELECT fair, sends, at, accounts, removed, (SELECT version FROM muster_schema) "
                      "FROM renew_server($1, $2, $3 <> 0)",
                      server, lease, may_send_events));
    if (renewed.size() == 0)
      return failure(Code::not_found, "this server was silent for so long that the others have forgotten it");
    const Row row = renewed[0];
    MUSTER_TRY(check_schema_version(row.integer(5)));
    return ServerShare{.accounts = in_order(row.all_as<AccountId>(3)),
                       .removed = in_order(row.all_as<AccountId>(4)),
                       .fair = static_cast<size_t>(row.integer(0)),
                       .sends_events = row.integer(1) != 0,
                       .now = row.time(2)};
  });
}

Result<> Sharing::release(ServerId server, std::span<const AccountId> accounts) {
  return store_.transact([&](Connection& db) -> Result<> {
    MUSTER_TRY(
        db.run("UPDATE account SET worker = 0 WHERE worker = $1 AND id = ANY($2)", server, column(accounts)));
    return db.run("SELECT pg_notify('muster', 'accounts')");
  });
}

Result<std::vector<AccountId>> Sharing::free_accounts() {
  return store_.look([](Connection& db) {
    return db.all(
        "SELECT id FROM account WHERE removed = 0 AND NOT EXISTS (SELECT 1 FROM server "
        "WHERE server.id = account.worker AND alive_until > clock_timestamp()) ORDER BY id",
        first_as_account);
  });
}

Result<std::vector<ServerInfo>> Sharing::servers() {
  return store_.look([](Connection& db) {
    return db.all("SELECT id, name, version, " MILLISECONDS("started") ", " MILLISECONDS(
                      "clock_timestamp() - renewed") ", (alive_until > clock_timestamp())::int, "
                                                     "(SELECT count(*) FROM account WHERE worker = server.id) "
                                                     "FROM server ORDER BY id",
                  [](const Row& row) {
                    return ServerInfo{.id = row.as<ServerId>(0),
                                      .name = row.text(1),
                                      .version = row.text(2),
                                      .started = row.time(3),
                                      .silent_for = Millis(row.integer(4)),
                                      .is_alive = row.integer(5) != 0,
                                      .accounts = row.integer(6)};
                  });
  });
}

Result<RequestId> Sharing::request(AccountId account, WorkRequest::Kind kind) {
  return store_.transact([&](Connection& db) -> Result<RequestId> {
    MUSTER_TRY(const auto added,
               db.ask("INSERT INTO request (account, kind) VALUES ($1, $2) RETURNING id", account, kind));
    MUSTER_TRY(db.run("SELECT pg_notify('muster', 'requests')"));
    return added[0].as<RequestId>(0);
  });
}

Result<std::vector<WorkRequest>> Sharing::requests_of(ServerId server) {
  return store_.look([&](Connection& db) {
    return db.all(
        "SELECT r.id, r.account, r.kind FROM request r JOIN account a ON a.id = r.account "
        "WHERE r.finished IS NULL AND a.worker = $1 ORDER BY r.id",
        [](const Row& row) {
          return WorkRequest{row.as<RequestId>(0), row.as<AccountId>(1), row.as<WorkRequest::Kind>(2)};
        },
        server);
  });
}

Result<std::vector<AccountId>> Sharing::accounts_asked_for() {
  return store_.look([](Connection& db) {
    return db.all("SELECT account FROM request WHERE finished IS NULL ORDER BY account", first_as_account);
  });
}

Result<> Sharing::finish(RequestId request, const std::string& report) {
  return store_.transact([&](Connection& db) -> Result<> {
    MUSTER_TRY(db.run("UPDATE request SET finished = clock_timestamp(), report = $2 WHERE id = $1", request,
                      report));
    MUSTER_TRY(db.run("DELETE FROM request WHERE finished < clock_timestamp() - interval '1 hour'"));
    return db.run("SELECT pg_notify('muster', 'results')");
  });
}

Result<std::optional<std::string>> Sharing::result_of(AccountId account, RequestId request) {
  return store_.look([&](Connection& db) -> Result<std::optional<std::string>> {
    MUSTER_TRY(const auto found,
               db.ask("SELECT finished IS NOT NULL, report FROM request WHERE id = $1 AND account = $2",
                      request, account));
    if (found.size() == 0)
      return failure(Code::not_found,
                     "there is no run #" + std::to_string(static_cast<long long>(request)) + " (any more)",
                     "Runs are forgotten an hour after their end. Start another one");
    if (found[0].integer(0) == 0) return std::nullopt;
    return found[0].text(1);
  });
}

Result<> Sharing::put_progress(std::span<const Progress> progress) {
  return store_.transact([&](Connection& db) {
    return db.run(
        "INSERT INTO progress (account, at, is_running, report) "
        "SELECT given.account, clock_timestamp(), given.is_running <> 0, given.report "
        "FROM unnest($1, $2, $3) AS given (account, is_running, report) "
        "WHERE EXISTS (SELECT 1 FROM account WHERE id = given.account) "
        "ON CONFLICT (account) DO UPDATE SET at = excluded.at, is_running = excluded.is_running, "
        "report = excluded.report",
        column(progress, [](const Progress& p) { return p.account; }),
        column(progress, [](const Progress& p) { return p.is_running; }),
        column(progress, [](const Progress& p) -> const std::string& { return p.report; }));
  });
}

Result<std::vector<Progress>> Sharing::progress(Millis age) {
  return store_.look([&](Connection& db) {
    return db.all(
        "SELECT account, is_running::int, report FROM progress "
        "WHERE at > clock_timestamp() - $1 * interval '1 millisecond' ORDER BY account",
        [](const Row& row) {
          return Progress{row.as<AccountId>(0), row.integer(1) != 0, row.text(2)};
        },
        age);
  });
}

std::unique_ptr<NewsStand> Sharing::news_stand() {
  return std::make_unique<Listener>(store_.settings(), [this] { store_.keys_changed(); });
}

long long Sharing::refused_writes() const { return store_.refused_writes(); }

Result<std::vector<Sharing::KeysOfServer>> Sharing::keys_of_living() {
  return store_.look([](Connection& db) {
    return db.all(
        "SELECT name, coalesce(numbers, '') FROM server LEFT JOIN server_keys k ON k.server = server.id "
        "WHERE alive_until > clock_timestamp() ORDER BY id",
        [](const Row& row) {
          return KeysOfServer{row.text(0), split_list(row.text(1), ' ')};
        });
  });
}

Result<> Sharing::check_keys_fit() {
  const Keyring& ours = store_.keyring();
  MUSTER_TRY(const auto living, keys_of_living());
  for (const auto& [name, theirs] : living) {
    if (theirs.empty())
      return failure(
          Code::conflict,
          "the server \"" + name + "\" is running, and its version cannot read sealed secrets",
          "Stop all servers of the database, and then start this version. One that was killed counts as running "
          "for up to 10 s");
    if (!ours.has(theirs.front()))
      return failure(
          Code::conflict,
          "the server \"" + name + "\" seals with the master key " + theirs.front() +
              ", which this server was not given",
          "Give this key to this server, too: see docs/security.md. One that was killed counts for up to 10 s");
    if (std::find(theirs.begin(), theirs.end(), ours.first().number()) == theirs.end())
      return failure(
          Code::conflict,
          "the server \"" + name + "\" does not have the master key " + ours.first().number() +
              ", with which this server would seal",
          "Give it to all servers first, behind the one that seals now: see docs/security.md. One that was killed "
          "counts for up to 10 s");
  }
  return {};
}

Result<> Sharing::check_same_first_key() {
  const std::string& ours = store_.keyring().first().number();
  MUSTER_TRY(const auto living, keys_of_living());
  for (const auto& [name, theirs] : living)
    if (theirs.empty() || theirs.front() != ours)
      return failure(Code::conflict,
                     "the server \"" + name + "\" seals with another master key than this server's " + ours,
                     "Make the same key the first of all servers, and restart them one after the other");
  return {};
}

}  // namespace muster::postgres
