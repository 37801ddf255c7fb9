// Several servers on one database: they share the accounts, take over, and answer for each other.
#include <gmock/gmock.h>

#include <csignal>
#include <set>

#include "tests/cluster/servers.h"
#include "tests/e2e/world/event_stream.h"
#include "tests/support/webhook_receiver.h"

namespace muster::test {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

TEST_F(Servers, ShareTheAccountsAndTakeThoseOfOneThatIsKilled) {
  start(3);
  add_accounts();
  ASSERT_TRUE(are_shared(2, {{"server-0", 2}, {"server-1", 2}, {"server-2", 2}}));
  for (const auto& name : names_) depsim().add(10, name);
  servers_[1]->send_signal(SIGKILL);
  ASSERT_TRUE(are_shared(0, {{"server-0", 3}, {"server-2", 3}}));  // how soon is row 26 of the benchmark
  EXPECT_TRUE(eventually([&] { return assigned() == 10 * kAccounts; }, 60s));
  EXPECT_EQ(depsim().assigned().serials, 10 * kAccounts) << "none of them twice";
}

// A key that one of them makes, changes or removes is so for all of them.
TEST_F(Servers, KnowAtOnceWhatKeysMayDo) {
  start(2);
  const auto made = ask(0, "PUT", "/api/v1/keys/ci", R"({"role": "read"})");
  const std::string key(made.at("api_key").as_string());
  add_secret(key);
  const auto status = [&](const std::string& method, const std::string& path) {
    const auto answer = client_.send(api_request(servers_[1]->url(), key, method, path));
    return answer ? answer->status : 0;
  };
  EXPECT_EQ(status("GET", "/api/v1/rules"), 200) << "a new key is not waited for";
  EXPECT_EQ(status("POST", "/v1/dep/syncnow"), 403);
  ask(0, "PUT", "/api/v1/keys/ci", R"({"role": "operator"})");
  EXPECT_TRUE(eventually([&] { return status("POST", "/v1/dep/syncnow") != 403; }));
  ask(0, "DELETE", "/api/v1/keys/ci");
  EXPECT_TRUE(eventually([&] { return status("GET", "/api/v1/rules") == 401; }));
}

// A session of the console is good at all of them, until somebody signs out at one.
TEST_F(Servers, KnowWhoSignedOut) {
  start(2);
  const auto send = [&](size_t server, const std::string& method, const std::string& path,
                        const http::Headers& headers) {
    http::ClientRequest request{.method = method, .url = servers_[server]->url() + path};
    request.headers = headers;
    auto answer = client_.send(request);
    if (!answer) throw std::runtime_error(answer.error().text());
    return *std::move(answer);
  };
  const auto signed_in =
      send(0, "POST", "/api/v1/session", {{"Authorization", std::string("Bearer ") + kApiKey}});
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  const auto set = signed_in.headers.get("Set-Cookie").value_or("");
  const std::string token(parse_json(signed_in.body)->at("csrf_token").as_string());
  const http::Headers cookie{{"Cookie", set.substr(0, set.find(';'))}, {"X-Muster-CSRF", token}};
  const auto status = [&](size_t server) { return send(server, "GET", "/api/v1/rules", cookie).status; };
  EXPECT_EQ(status(0), 200);
  EXPECT_EQ(status(1), 200) << "nobody signs in twice";
  EXPECT_EQ(send(0, "DELETE", "/api/v1/session", cookie).status, 200);
  EXPECT_EQ(status(0), 401);
  EXPECT_TRUE(eventually([&] { return status(1) == 401; }));
}

// Changes of both are one chain.
TEST_F(Servers, WriteOneAudit) {
  start(2);
  add_accounts();
  for (int i = 0; i < 10; ++i)
    ask(static_cast<size_t>(i % 2), "PUT",
        "/api/v1/lists/list" + std::to_string(i) +
            "?account=" + names_[static_cast<size_t>(i) % names_.size()],
        R"({"csv": "C02ABC\n"})");
  for (size_t server : {0, 1}) {
    const auto verdict = ask(server, "GET", "/api/v1/audit/check");
    EXPECT_EQ(verdict.at("intact"), true) << boost::json::serialize(verdict);
    EXPECT_GE(verdict.at("entries").as_int64(), 10 + kAccounts);
  }
}

// Whatever happens at one of them is told by all, in the same order.
TEST_F(Servers, TellOfWhatHappensAtTheOthers) {
  start(2);
  add_accounts();
  ASSERT_TRUE(are_shared(0, {{"server-0", 3}, {"server-1", 3}}));
  EventStream first(servers_[0]->port(), kApiKey, "?types=arrivals"),
      second(servers_[1]->port(), kApiKey, "?types=arrivals");
  for (auto* stream : {&first, &second}) ASSERT_EQ(stream->next()->type, "ready");
  add_devices(1);
  std::vector<std::string> ids[2];
  std::set<std::string> accounts[2];
  const auto listen = [&](EventStream& stream, size_t server) {
    while (accounts[server].size() < names_.size()) {
      const auto event = stream.await("arrivals");
      ids[server].push_back(event.id);
      accounts[server].insert(event.account());
    }
  };
  listen(first, 0);
  listen(second, 1);
  EXPECT_EQ(ids[0], ids[1]);
  // One that was connected to the first goes on at the second.
  EventStream resumed(servers_[1]->port(), kApiKey, "?types=arrivals", ids[0].at(1));
  for (size_t i = 2; i < ids[0].size(); ++i) EXPECT_EQ(resumed.await("arrivals").id, ids[0][i]);
}

TEST_F(Servers, GiveAccountsToOneThatJoins) {
  start(1);
  add_accounts();
  ASSERT_TRUE(are_shared(0, {{"server-0", kAccounts}}));
  start(1);
  EXPECT_TRUE(are_shared(1, {{"server-0", 3}, {"server-1", 3}}));
}

TEST_F(Servers, LeaveTheirAccountsToTheOthersOnSigterm) {
  start(2);
  add_accounts();
  ASSERT_TRUE(are_shared(0, {{"server-0", 3}, {"server-1", 3}}));
  servers_[1]->send_signal(SIGTERM);
  EXPECT_EQ(servers_[1]->wait_exit(kDeadline), 0);
  EXPECT_TRUE(are_shared(0, {{"server-0", kAccounts}}));
  const auto known = ask(0, "GET", "/api/v1/servers").at("servers").as_array();
  EXPECT_EQ(known.size(), 1u) << "one that left is not silent: it is gone";
}

TEST_F(Servers, AnswerForAccountsThatAnotherOneWorks) {
  start(2);
  add_accounts();
  ASSERT_TRUE(are_shared(0, {{"server-0", 3}, {"server-1", 3}}));
  for (const auto& name : names_) {
    depsim().add(1, name);
    for (size_t server = 0; server < 2; ++server) {
      const auto done = ask(server, "POST", "/v1/dep/syncnow?wait=60&account=" + name);
      EXPECT_TRUE(done.at("done").as_bool()) << name << " by server " << server;
      EXPECT_EQ(done.at("arrivals").as_int64(), server == 0 ? 1 : 0) << name << " by server " << server;
    }
  }
  EXPECT_EQ(assigned(), kAccounts);
  // A run that one server was asked for can be followed at the other.
  const auto asked = ask(0, "POST", "/v1/dep/syncnow?wait=0&account=a1");
  const auto id = asked.at("sync_id").as_int64();
  EXPECT_TRUE(
      ask(1, "POST", fmt::format("/v1/dep/syncnow?wait=60&account=a1&sync_id={}", id)).at("done").as_bool());
}

// An operator assigns by hand, replaces a token and removes an account at a server that does not work it.
TEST_F(Servers, TakeWhatOperatorsChangeAtAnotherOne) {
  start(2);
  add_accounts();
  ASSERT_TRUE(are_shared(0, {{"server-0", 3}, {"server-1", 3}}));
  for (size_t server = 0; server < 2; ++server) {
    for (const auto& name : names_) {
      replace_token(server, name);
      depsim().add(1, name);
      EXPECT_TRUE(ask(1 - server, "POST", "/v1/dep/syncnow?wait=60&account=" + name).at("done").as_bool());
    }
  }
  EXPECT_TRUE(eventually([&] { return assigned() == 2 * kAccounts; }, 60s));
  for (size_t i = 1; i < names_.size(); ++i) ask(i % 2, "DELETE", "/api/v1/accounts/" + names_[i]);
  EXPECT_TRUE(
      eventually([&] { return PostgresCluster::query(url_, "SELECT count(*) FROM account") == "1\n"; }, 60s))
      << "their workers erase them";
}

// A server that was suspended in the middle of a run wakes up when another one has its accounts.
TEST_F(Servers, RefuseWhatASuspendedOneStillWrites) {
  start(2);
  add_accounts();
  ASSERT_TRUE(are_shared(0, {{"server-0", 3}, {"server-1", 3}}));
  std::string theirs = PostgresCluster::query(
      url_,
      "SELECT a.name FROM account a JOIN server s ON s.id = a.worker WHERE s.name = 'server-1' LIMIT 1");
  theirs.pop_back();  // the line's end
  for (const auto& name : names_) depsim().add(5, name);
  depsim().add_fault({{"endpoint", "sync"}, {"account", theirs}, {"delay_ms", 3000}, {"count", 1}});
  ask(0, "POST", "/v1/dep/syncnow?account=" + theirs, "");
  ASSERT_TRUE(eventually([&] { return depsim().faults_are_used_up(); }));
  servers_[1]->send_signal(SIGSTOP);  // Apple's answer is on its way to it
  ASSERT_TRUE(are_shared(0, {{"server-0", kAccounts}}));
  EXPECT_TRUE(eventually([&] { return assigned() == 5 * kAccounts; }, 60s));
  servers_[1]->send_signal(SIGCONT);
  EXPECT_TRUE(are_shared(1, {{"server-0", 3}, {"server-1", 3}})) << "it gets its share again";
  EXPECT_EQ(assigned(), 5 * kAccounts);
  EXPECT_EQ(depsim().assigned().serials, 5 * kAccounts) << "none of them twice";
}

TEST_F(Servers, SendEachEventOnce) {
  WebhookReceiver receiver;
  start(3, {"-webhook-url", receiver.url()});
  add_accounts();
  const auto states = [&] {
    std::multiset<std::string> accounts;
    for (const auto& request : receiver.taken())
      if (const auto body = parse_json(request.body); body->at("topic") == "muster.AccountState")
        accounts.emplace(body->at("account_event").at("account").as_string());
    return accounts;
  };
  for (const auto& name : names_) depsim().put("/control/accounts/" + name, {{"terms_signed", false}});
  EXPECT_TRUE(eventually([&] { return states().size() >= names_.size(); }, 60s));
  EXPECT_EQ(states(), std::multiset<std::string>(names_.begin(), names_.end()));
}

TEST_F(Servers, SayWhetherTheyWork) {
  start(1);
  const auto probe = [&](const std::string& path) {
    http::ClientRequest request{.method = "GET", .url = servers_[0]->url() + path};  // without a key
    const auto answer = client_.send(request);
    return answer ? std::pair(answer->status, answer->body) : std::pair(0, answer.error().text());
  };
  EXPECT_EQ(probe("/healthz").first, 200);
  EXPECT_EQ(probe("/readyz").first, 200);
  PostgresCluster::query(url_, "UPDATE muster_schema SET version = 99");
  EXPECT_EQ(probe("/healthz").first, 200);
  const auto [status, text] = probe("/readyz");
  EXPECT_EQ(status, 503);
  EXPECT_THAT(text, HasSubstr("It was written by a newer muster"));
}

}  // namespace
}  // namespace muster::test
