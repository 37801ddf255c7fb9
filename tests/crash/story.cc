#include "tests/crash/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <utility>

#include "base/text/json.h"
#include "tests/e2e/world/api_call.h"
#include "tests/e2e/world/depsim.h"
#include "tests/support/eventually.h"
#include "tests/support/temp_dir.h"

namespace muster::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kKey = "key-of-the-crash-tests";
constexpr size_t kBaseline = 150;
constexpr size_t kArrivals = 120;

class Story {
 public:
  Story(const std::optional<KillAt>& kill, bool power_cut) : kill_(kill), power_cut_(power_cut) {
    depsim_.post("/control/clock", boost::json::object{{"frozen", true}});
  }

  Ending tell() {
    start();
    baseline();
    rule();
    arrivals();
    patience();
    portal();
    by_hand();
    end();
    for (auto& line : apples_side("default")) ending_.table.push_back(std::move(line));
    for (auto& line : apples_side("other")) ending_.table.push_back(std::move(line));
    std::vector<boost::json::object> own;  // none when the server dies this late
    until("muster's own list", [&] { return !(own = own_list()).empty(); });
    for (const auto& device : own) ending_.table.push_back("muster's " + line_of(device));
    ending_.assigned = depsim_.assigned().successes;
    try {
      ending_.passed = server().passed();
    } catch (const Killed&) {
      server();
    }
    return std::move(ending_);
  }

 private:
  void baseline() {
    before_ = depsim_.serials();
    elsewhere_ = depsim_.add(2, "other");
    until("the baseline", [&] { return own_list().size() == kBaseline; });
  }

  void rule() {
    const Serials two{before_[0], before_[1]};
    const auto defined = do_by_hand(
        "PUT", "/v1/dep/profiles",
        {{"profile_name", "Story"}, {"url", "https://mdm.example.org/"}, {"devices", to_json(two)}},
        two.size());
    profile_ = text_member(defined, "profile_uuid");
    do_by_hand("POST", "/v1/dep/autoassigners", {{"filter", "*"}, {"profile_uuid", profile_}});
    until("the profile's own devices", [&] { return confirmed() == two.size(); });
  }

  void arrivals() {
    depsim_.post("/control/devices/add", boost::json::object{{"count", kArrivals}});
    for (const auto& serial : depsim_.serials())
      if (!std::binary_search(before_.begin(), before_.end(), serial)) arrived_.push_back(serial);
    boost::json::object results;
    results[arrived_[0]] = "FAILED";
    depsim_.add_fault({{"endpoint", "assign"}, {"count", 0}, {"results", results}});
    sync_now();
    until("all arrivals but one", [&] { return confirmed() == 2 + kArrivals - 1; });
  }

  void patience() {
    // Apple said FAILED and Muster knows: else the serial would be sent again before its time.
    until("the word FAILED", [&] { return waiting() == 1; });
    depsim_.remove("/control/faults");
    advance(12min);
    until("the last arrival", [&] { return confirmed() == 2 + kArrivals; });
  }

  void portal() {
    depsim_.devices("move", {{"serials", to_json({elsewhere_[0]})}, {"to", "default"}});
    depsim_.devices("remove", {{"serials", to_json({arrived_[1]})}});
    depsim_.devices("reassign", {{"serials", to_json({before_[2]})}});
    sync_now();
    until("what the portal did", [&] { return confirmed() == 2 + kArrivals + 1 && !knows(arrived_[1]); });
  }

  void by_hand() {
    do_by_hand("DELETE", "/v1/dep/profiles", {{"serials", to_json({arrived_[2]})}});
    until("the removal", [&] { return confirmed() == 2 + kArrivals; });
  }

  void end() {
    // Waits for a run at the new time: the next one, or one of a server that was started later.
    const auto* const before = server_.get();
    const size_t runs = server_->events("sync.done").size();
    advance(20min);
    until("the end", [&] {
      return waiting() == 0 && (server_.get() != before || server_->events("sync.done").size() > runs);
    });
  }

  void start() {
    const std::vector<std::string> flags{
        "-api-key", kKey,          "-http-addr",   "127.0.0.1:0",           "-tls=false",
        "-depsim",  depsim_.url(), "-config-path", directory_.file("data"), "-sync-interval",
        "1h"};
    try {
      server_ =
          std::make_unique<UnderTestServer>(flags, now_, ending_.killed ? std::nullopt : kill_, shadow_);
    } catch (const Killed&) {
      if (ending_.killed) throw;
      start_again();
    }
  }

  // The server, started again when it was killed.
  UnderTestServer& server() {
    const auto exit = server_->wait_exit(0ms);
    if (!exit) return *server_;
    if (exit != 128 + SIGKILL || ending_.killed)
      throw std::runtime_error("muster ended by itself\n" + server_->output());
    start_again();
    return *server_;
  }

  void start_again() {
    ending_.killed = true;
    if (power_cut_) lose_what_was_not_synced();
    start();
  }

  void lose_what_was_not_synced() {
    for (const char* name : {"muster.db", "muster.db-wal", "muster.db-shm"}) {
      const std::filesystem::path file = data_ + "/" + name, shadow = shadow_ + "/" + name;
      std::filesystem::remove(file);
      if (std::filesystem::exists(shadow)) std::filesystem::copy_file(shadow, file);
    }
  }

  // Begins a run at a later time.
  void advance(Millis by) {
    now_ += by;
    depsim_.post("/control/clock", boost::json::object{{"advance", fmt::format("{}ms", by.count())}});
    try {
      server().advance(by);
    } catch (const Killed&) {  // and started again at the new time
      server();
    }
    sync_now();
  }

  // A server that is started again does a run by itself.
  void sync_now() { call_api(client_, server().url(), kKey, "POST", "/v1/dep/syncnow"); }

  // As an operator does it: once more when the answer did not come. That defines another profile, and assigns
  // it to the definition's own `devices`.
  boost::json::object do_by_hand(const std::string& method, const std::string& path,
                                 const boost::json::object& body, size_t devices = 0) {
    std::optional<http::Response> response;
    bool again = false;
    until(method + " " + path, [&] {
      if (std::exchange(again, true)) ending_.asked_again += static_cast<long long>(devices);
      response = call_api(client_, server().url(), kKey, method, path, body);
      return response && response->status == 200;
    });
    return parse_json(response->body)->as_object();
  }

  void until(const std::string& what, const std::function<bool()>& condition) {
    const bool met = eventually([&] { return server(), condition(); }, kDeadline);
    if (!met) throw std::runtime_error("waited in vain for " + what + "\n" + server_->output());
  }

  // The devices that Muster shows; none while it is dead.
  std::vector<boost::json::object> own_list() {
    std::vector<boost::json::object> devices;
    const auto response = call_api(client_, server().url(), kKey, "GET", "/api/v1/devices");
    if (!response || response->status != 200) return devices;
    const auto answer = parse_json(response->body);
    for (const auto& device : answer->at("devices").as_array()) devices.push_back(device.as_object());
    return devices;
  }

  bool knows(const std::string& serial) {
    const auto list = own_list();
    return std::any_of(list.begin(), list.end(),
                       [&](const auto& device) { return text_member(device, "serial_number") == serial; });
  }

  // How many devices Muster knows to have the profile, by Apple's own report.
  size_t confirmed() {
    const auto list = own_list();
    return static_cast<size_t>(std::count_if(list.begin(), list.end(), [&](const auto& device) {
      return text_member(device, "profile_status") == "assigned" &&
             text_member(device, "profile_uuid") == profile_;
    }));
  }

  // How many assignments were left after the last run of the present server; -1 before one.
  long long waiting() {
    const auto runs = server().events("sync.done");
    return runs.empty() ? -1 : runs.back().number("waiting");
  }

  std::vector<std::string> apples_side(const std::string& account) const {
    std::vector<std::string> lines;
    const auto answer = depsim_.get("/control/accounts/" + account + "/devices?limit=1000");
    for (const auto& device : answer.at("devices").as_array())
      lines.push_back("apple's " + account + " " + line_of(device.as_object()));
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  // Which UUID the profile has depends on how often it had to be defined.
  std::string line_of(const boost::json::object& device) const {
    const auto named = [&](const std::string& uuid) { return uuid == profile_ ? "the profile" : uuid; };
    return fmt::format("{} status={} profile={} desired={} by={}", text_member(device, "serial_number"),
                       text_member(device, "profile_status"), named(text_member(device, "profile_uuid")),
                       named(text_member(device, "desired_profile_uuid")), text_member(device, "desired_by"));
  }

  const std::optional<KillAt> kill_;
  const bool power_cut_;
  const TempDir directory_;
  const std::string data_ = directory_.file("data"), shadow_ = directory_.file("shadow");
  const Depsim depsim_{{"-devices", std::to_string(kBaseline), "-page-limit", "100", "-accounts",
                        "default,other", "-clock-skew", "1000d"}};
  Time now_ = SystemClock().now();
  std::unique_ptr<UnderTestServer> server_;
  http::Client client_;
  Serials before_, elsewhere_, arrived_;
  std::string profile_;
  Ending ending_;
};

}  // namespace

Ending tell_story(const std::optional<KillAt>& kill, bool power_cut) { return Story(kill, power_cut).tell(); }

}  // namespace muster::test
