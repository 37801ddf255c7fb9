// Limits: huge lists, clients without a key, and clients that disconnect. The server keeps serving others,
// and stops in time.
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <functional>

#include "base/text/encoding.h"
#include "tests/e2e/world/world.h"
#include "tests/support/certificate.h"
#include "tests/support/raw_connection.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

double cpu_seconds(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

class Limits : public World {
 protected:
  static std::string head(const std::string& method, const std::string& target, size_t length = 0) {
    return method + " " + target + " HTTP/1.1\r\nHost: x\r\nAuthorization: Basic " +
           base64_encode(std::string("micromdm:") + kApiKey) +
           "\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
  }
  void start_with(const std::string& devices) {
    start_depsim({"-devices", devices});
    start_muster();
    await_baseline(std::stoll(devices));
  }
};

TEST_F(Limits, AWholeListIsTheSameAsItsPages) {
  start_with("3500");
  const auto whole = call("POST", "/v1/devices", "{}");
  EXPECT_EQ(whole.headers.get("Transfer-Encoding"), "chunked");
  const auto all = boost::json::parse(whole.body).at("devices").as_array();
  EXPECT_EQ(all.size(), 3500U);
  boost::json::array paged;
  for (int page = 0; page < 4; ++page) {
    const auto part =
        call("POST", "/v1/devices", R"({"page":)" + std::to_string(page) + R"(,"per_page":1000})");
    const auto devices = boost::json::parse(part.body).at("devices").as_array();
    paged.insert(paged.end(), devices.begin(), devices.end());
  }
  EXPECT_EQ(paged, all);
  boost::json::array named;
  boost::json::array serials;
  for (const auto& device : all) serials.push_back(device.at("serial_number"));
  const auto by_name =
      call("POST", "/v1/devices", boost::json::serialize(boost::json::object{{"filter_serial", serials}}));
  EXPECT_EQ(boost::json::parse(by_name.body).at("devices").as_array().size(), 3500U);
  EXPECT_EQ(call("POST", "/v1/devices", R"({"page":9,"per_page":1000})").body, "{\"devices\":[]}\n");
  EXPECT_EQ(call("POST", "/v1/devices", R"({"filter_serial":["NOBODY"]})").body, "{\"devices\":[]}\n");
  EXPECT_EQ(run_well("mdmctl get devices | wc -l"), "3501\n");
}

TEST_F(Limits, StrangersAreRejectedBeforeTheirBodies) {
  start_with("1");
  for (const char* target : {"/v1/dep/profiles", "/nowhere", "/version"}) {
    RawConnection stranger(muster().port());
    stranger.send("PUT " + std::string(target) +
                  " HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_THAT(stranger.read_until("}\n"), testing::ContainsRegex("^HTTP/1.1 40[145] ")) << target;
  }
}

TEST_F(Limits, HeadIsGetWithoutTheBodyAndNothingIsForACache) {
  start_with("1");
  const auto got = call("GET", "/api/v1/accounts"), headed = call("HEAD", "/api/v1/accounts");
  EXPECT_EQ(headed.status, 200);
  EXPECT_EQ(headed.body, "");
  for (const auto& answer : {got, headed, call("GET", "/version"), call("GET", "/nowhere")})
    EXPECT_EQ(answer.headers.get("Cache-Control"), "no-store");
}

TEST_F(Limits, ACrowdOfSilentClientsIsLoggedAndCounted) {
  start_with("1");
  std::vector<std::unique_ptr<RawConnection>> silent;
  for (int i = 0; i < 300; ++i) silent.push_back(std::make_unique<RawConnection>(muster().port()));
  EXPECT_EQ(call("GET", "/api/v1/accounts").status, 200);
  muster().await("http.connection_limit");  // the log may reach us behind the answer
  EXPECT_EQ(muster().events("http.connection_limit").size(), 1U) << "one line a minute";
  EXPECT_THAT(call("GET", "/metrics").body,
              testing::ContainsRegex("\nmuster_http_connections_closed_total [1-9]"));
}

TEST_F(Limits, TheCertificateIsTakenAnewBySighup) {
  const auto files = make_certificate(path(""));
  start_depsim({"-devices", "1"});
  MusterServer server({"-api-key", kApiKey, "-http-addr", "127.0.0.1:0", "-tls-cert", files.certificate,
                       "-tls-key", files.key, "-config-path", data(), "-depsim", depsim().url()});
  const auto trusted = [&] {
    return run("curl -sS --cacert " + files.certificate + " " + server.url() + "/version").exit == 0;
  };
  EXPECT_TRUE(trusted());
  make_certificate(path(""));
  EXPECT_FALSE(trusted());
  server.send_signal(SIGHUP);
  server.await("server.certificate_loaded");
  EXPECT_TRUE(comes_true(trusted));
  run_well("printf broken > " + files.certificate);
  server.send_signal(SIGHUP);
  server.await("server.certificate_rejected");
  EXPECT_NE(run("curl -sSk " + server.url() + "/version").out, "") << "the one that it has goes on";
  inspect_log_of(server);
}

// What the server is doing when it is told to end.
struct Situation {
  const char* name;
  std::function<void(RawConnection&, const std::string& heavy)> begin;
  int clients = 8;
};

void PrintTo(const Situation& situation, std::ostream* out) { *out << situation.name; }

class StopsInTime : public Limits, public testing::WithParamInterface<Situation> {
 protected:
  // A filter that takes long over so many devices.
  static std::string heavy_filter() {
    std::string filter;
    for (int i = 0; i < 150; ++i)
      filter += (i ? " or " : "") + std::string("description ~ \"*Z") + std::to_string(i) + "*Q*X*\"";
    return filter;
  }
  static std::string body_of(const std::string& filter) {
    return boost::json::serialize(boost::json::object{
        {"rule",
         {{"filter", filter}, {"profile_uuid", "00000000000000000000000000000000"}, {"scope", "all"}}}});
  }

 public:
  static const std::vector<Situation>& all() {
    static const std::vector<Situation> situations = {
        {"WholeListsThatNobodyReads",
         [](RawConnection& client, const std::string&) {
           client.send(head("POST", "/v1/devices", 2) + "{}");
         }},
        {"PlansOfAHeavyFilter",
         [](RawConnection& client, const std::string& heavy) {
           const std::string body = body_of(heavy);
           client.send(head("POST", "/api/v1/plan", body.size()) + body);
         }},
        {"DryRunsOfAHeavyFilter",
         [](RawConnection& client, const std::string& heavy) {
           std::string body = body_of(heavy);
           auto members = boost::json::parse(body).at("rule").as_object();
           members["dry_run"] = true;
           body = boost::json::serialize(members);
           client.send(head("PUT", "/api/v1/rules", body.size()) + body);
         }},
        {"CountsOfAHeavyFilter",
         [](RawConnection& client, const std::string& heavy) {
           client.send(head("GET", "/api/v1/filters?filter=" + percent_encode(heavy)));
         }},
        {"UploadsThatDoNotCome",
         [](RawConnection& client, const std::string&) {
           client.send(head("PUT", "/v1/dep/profiles", 4'000'000) + "{");
         }},
        {"HalfAHead", [](RawConnection& client, const std::string&) { client.send("GET / HTT"); }, 400},
        {"WaitForASync", [](RawConnection& client,
                            const std::string&) { client.send(head("POST", "/v1/dep/syncnow?wait=60")); }},
    };
    return situations;
  }
};

TEST_P(StopsInTime, Whatever) {
  start_with("40000");
  const std::string heavy = heavy_filter();
  const double before = cpu_seconds(muster().pid());
  std::vector<std::unique_ptr<RawConnection>> clients;
  for (int i = 0; i < GetParam().clients; ++i) {
    clients.push_back(std::make_unique<RawConnection>(muster().port()));
    GetParam().begin(*clients.back(), heavy);
  }
  // They are being worked on, as far as there is work.
  (void)eventually([&] { return cpu_seconds(muster().pid()) > before + 0.1; }, 1s);
  EXPECT_EQ(muster().end_promptly(), 0) << GetParam().name << "\n" << muster().output();
}

INSTANTIATE_TEST_SUITE_P(Situations, StopsInTime, testing::ValuesIn(StopsInTime::all()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace muster::test
