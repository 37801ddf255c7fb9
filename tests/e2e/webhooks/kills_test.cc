// Every event of every committed change comes to every receiver, in order for each device, and none of a
// change that was undone, while the server is killed and receivers fail. MUSTER_WEBHOOK_KILLS says how often
// it is killed, MUSTER_WEBHOOK_SEED when and what happens meanwhile.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <stdexcept>
#include <thread>

#include "base/guarded.h"
#include "base/text/json.h"
#include "tests/e2e/world/world.h"
#include "tests/support/loopback_server.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

// What is told of each line of a device's history, by docs/webhooks.md.
const std::map<std::string, std::vector<std::string>> kTold = {
    {"baseline", {}},
    {"left", {"device.gone"}},
    {"decided", {"device.assigned"}},
    {"uncovered", {"device.uncovered"}},
    {"answered", {"device.failed"}},
    {"confirmed", {"device.confirmed"}},
    {"observed", {"device.changed"}},
    {"held", {"device.held"}},
    {"not_confirmed", {"device.failed"}},
    {"repaired", {"device.drifted"}},
    {"contested", {"device.contested"}},
    {"released", {"device.released"}},
    {"missing", {"device.missing"}},
    {"enrolled", {"device.enrolled"}},
    {"unenrolled", {"device.unenrolled"}},
    {"late", {"device.late"}},
    {"inherited", {"device.inherited"}},
};

// For what was not sent while servers were killed faster than one takes over: a thousand messages, each
// behind the one before.
constexpr auto kDrained = 2min;

using Told = std::map<std::string, std::vector<std::string>>;  // by serial number

// Keeps what it takes. It answers some of what it is sent with 500, or takes it and says nothing.
class FickleReceiver {
 public:
  FickleReceiver(unsigned seed, unsigned faults_in_ten)
      : dice_(std::mt19937(seed)), faults_in_ten_(faults_in_ten) {}
  ~FickleReceiver() { server_->stop(5s); }

  std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", server_->port()); }
  void be_steady() { faults_in_ten_ = 0; }
  std::vector<http::Request> taken() const {
    return taken_.with([](const auto& taken) { return taken; });
  }

 private:
  http::Response answer(const http::Request& request) {
    const unsigned roll = dice_.with([](auto& dice) { return static_cast<unsigned>(dice() % 10); });
    if (roll < faults_in_ten_ && roll % 2 == 0) return {500, {}, "out of order"};
    taken_.with([&](auto& taken) { taken.push_back(request); });
    return {roll < faults_in_ten_ ? 500 : 204, {}, ""};
  }

  Guarded<std::mt19937> dice_;
  std::atomic<unsigned> faults_in_ten_;
  Guarded<std::vector<http::Request>> taken_;
  std::unique_ptr<http::Server> server_ =
      start_on_loopback([this](const http::Request& request) { return answer(request); }, 2);
};

// Is there, and never says a word.
class HungReceiver {
 public:
  HungReceiver() {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    auto* const address = reinterpret_cast<sockaddr*>(&address_);
    if (::bind(fd_, address, size) != 0 || ::listen(fd_, SOMAXCONN) != 0 ||
        ::getsockname(fd_, address, &size) != 0)
      throw std::runtime_error("cannot listen");
  }
  ~HungReceiver() { ::close(fd_); }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", ntohs(address_.sin_port)); }

 private:
  const int fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address_{};
};

class WebhookKills : public World {
 protected:
  static int given(const char* variable, int otherwise) {
    const char* value = std::getenv(variable);
    return value ? std::atoi(value) : otherwise;
  }
  void start() { start_muster({"-webhook-allow-private"}); }
  // Something happens to devices, at Apple.
  void act() {
    const auto present = depsim().serials();
    switch (dice_() % 4) {
      case 0:
        if (present.size() > 5)
          depsim().devices("remove", {{"serials", {present[dice_() % present.size()]}}});
        break;
      case 1: depsim().devices("touch", {{"serials", {present[dice_() % present.size()]}}}); break;
      default:
        for (const auto& serial : depsim().add(1 + static_cast<long long>(dice_() % 4)))
          serials_.insert(serial);
    }
  }
  Told expected() {
    Told expected;
    for (const auto& serial : serials_) {
      const auto answer = call("GET", "/api/v1/devices/default/" + serial + "/history");
      if (answer.status != 200) continue;
      const auto body = parse_json(answer.body).value();
      for (const auto& line : body.at("history").as_array()) {
        const std::string kind(line.at("kind").as_string()), at(line.at("at").as_string());
        const auto* detail = line.as_object().if_contains("detail");
        auto types = kind == "arrived" ? std::vector<std::string>{"device.arrived"} : kTold.at(kind);
        if (kind == "arrived" && detail && detail->as_string().find("; ") != std::string_view::npos)
          types.emplace_back("device.assigned");
        for (const auto& type : types) expected[serial].push_back(type + " " + at);
      }
    }
    return expected;
  }
  // Each message once, as receivers are told to do.
  static Told told(const FickleReceiver& receiver) {
    Told told;
    std::set<std::string> ids;
    for (const auto& request : receiver.taken()) {
      const auto body = parse_json(request.body).value();
      if (!ids.insert(std::string(body.at("id").as_string())).second) continue;
      const std::string type(body.at("type").as_string());
      for (const auto& device : body.at("data").at("devices").as_array())
        told[std::string(device.at("serial_number").as_string())].push_back(
            type + " " + std::string(device.at("at").as_string()).substr(0, 19) + "Z");
    }
    return told;
  }
  static std::string differences(const Told& expected, const Told& told) {
    const auto of = [](const Told& all, const std::string& serial) {
      const auto found = all.find(serial);
      return found == all.end() ? std::vector<std::string>() : found->second;
    };
    std::set<std::string> serials;
    for (const auto* all : {&expected, &told})
      for (const auto& [serial, events] : *all) serials.insert(serial);
    std::string text;
    for (const auto& serial : serials)
      if (of(expected, serial) != of(told, serial))
        text += fmt::format("{}: {}, and was told {}\n", serial, of(expected, serial), of(told, serial));
    return text;
  }
  void resume(const char* name) { (void)call("POST", fmt::format("/api/v1/webhooks/{}/resume", name)); }

  const int kills_ = given("MUSTER_WEBHOOK_KILLS", 8);
  std::mt19937 dice_{static_cast<unsigned>(given("MUSTER_WEBHOOK_SEED", 20260301))};
  std::set<std::string> serials_;
};

TEST_F(WebhookKills, LoseNothingAndKeepTheOrderOfEachDevice) {
  start_depsim({"-devices", "5"});
  for (const auto& serial : depsim().serials()) serials_.insert(serial);
  start();
  await_baseline(5);
  FickleReceiver steady(1, 0), fickle(2, 3);
  const HungReceiver hung;
  const auto add = [&](const char* name, const std::string& url) {
    const auto answer = call("PUT", fmt::format("/api/v1/webhooks/{}", name),
                             write_json({{"url", url}, {"topics", {"device.*"}}}));
    ASSERT_EQ(answer.status, 200) << answer.body;
  };
  add("steady", steady.url());
  add("fickle", fickle.url());
  add("hung", hung.url());
  add("dead", "http://127.0.0.1:1/hook");
  (void)define_profile("*");

  for (int kill = 0; kill < kills_; ++kill) {
    act();
    std::thread syncing([&] { (void)run("curl -s -m 2 -u x:$APIKEY -X POST $SERVER_URL/v1/dep/syncnow"); });
    if (kill % 3 == 0) resume("fickle");
    std::this_thread::sleep_for(std::chrono::milliseconds(dice_() % 700));
    kill_muster();
    syncing.join();
    start();
  }

  fickle.be_steady();
  resume("fickle");
  sync_now();
  await_idle();
  EXPECT_GT(expected().size(), static_cast<size_t>(kills_ / 2));
  for (const auto* receiver : {&steady, &fickle}) {
    std::string difference;  // from the current history: late reports from Apple may still extend it
    const auto is_told_all = [&] {
      difference = differences(expected(), told(*receiver));
      return difference.empty();
    };
    EXPECT_TRUE(eventually(is_told_all, kDrained))
        << (receiver == &steady ? "steady" : "fickle") << " was told otherwise than histories say:\n"
        << difference;
  }
}

}  // namespace
}  // namespace muster::test
