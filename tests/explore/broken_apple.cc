#include "tests/explore/broken_apple.h"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "http/client/client.h"
#include "http/url.h"
#include "sim/apple/routes.h"

namespace muster::explore {
namespace {

using namespace std::chrono_literals;
using Kind = Answer::Kind;

constexpr Millis kAhead = 5min;   // of Apple's clock, where a story says so
constexpr Millis kSlow = 50s;     // what a slow one does
constexpr Millis kTimeOut = 60s;  // what a call that is not answered costs (apple/session/session.cc)

sim::Options options_of(const Plot& plot, Time now) {
  sim::Options options;
  options.clock = now;
  options.settings.auth_follows_clock = true;
  options.settings.clock_skew = std::chrono::hours(1);
  options.settings.page_limit = plot.page_size;
  options.settings.page_default = plot.page_size;
  options.settings.redeliver_every = plot.redelivers ? 3 : 0;
  return options;
}

http::Request to_server(const http::ClientRequest& request) {
  http::Request seen;
  seen.method = request.method;
  const size_t host = request.url.find("://");
  const size_t path = request.url.find('/', host == std::string::npos ? 0 : host + 3);
  seen.target = request.url.substr(path);
  if (!http::parse_target(seen.target, seen.path, seen.query))
    throw std::logic_error("bad target " + seen.target);
  seen.headers = request.headers;
  if (host != std::string::npos) seen.headers.add("Host", request.url.substr(host + 3, path - host - 3));
  seen.body = request.body;
  return seen;
}

// The serials and the profile that a call names.
void read_request(const std::string& body, Call& call) {
  boost::system::error_code bad;
  const auto value = boost::json::parse(body, bad);
  if (bad || !value.is_object()) return;
  if (const auto* devices = value.get_object().if_contains("devices"); devices && devices->is_array())
    for (const auto& serial : devices->get_array()) call.asked.emplace_back(serial.as_string());
  if (const auto* profile = value.get_object().if_contains("profile_uuid"); profile && profile->is_string())
    call.profile = std::string(profile->get_string());
  call.serials = call.asked.size();
}

bool is_there(const sim::Device& device) {
  return device.state.status == sim::ProfileStatus::assigned ||
         device.state.status == sim::ProfileStatus::pushed;
}

}  // namespace

BrokenApple::BrokenApple(const Plot& plot, std::vector<Fault> faults, ManualClock& clock, Time begin)
    : clock_(clock), begin_(begin) {
  auto made = sim::Simulator::create(options_of(plot, clock.now()));
  if (!made) throw std::runtime_error(made.error().text());
  sim_ = std::move(*made);
  for (auto& fault : faults) {
    if (fault.answer.kind == Kind::clock_ahead) ahead_ = kAhead;
    faults_.push_back({.fault = std::move(fault)});
  }
}

void BrokenApple::set_clock() {
  const long long now = to_millis(clock_.now() + ahead_);
  sim_->service().with([&](sim::Service& service) { service.clock.set(now); });
}

// The first fault that is for this call, counted as used.
const Answer* BrokenApple::take(const std::string& call, const Serials& serials) {
  if (healed_) return nullptr;
  const Millis now = clock_.now() - begin_;
  for (Active& active : faults_) {
    const Fault& fault = active.fault;
    if (fault.answer.kind == Kind::clock_ahead) continue;
    if (fault.call != "every call" && fault.call != call) continue;
    if (now < fault.begin || now >= fault.begin + fault.length) continue;
    if (fault.answer.kind == Kind::poison &&
        std::none_of(serials.begin(), serials.end(), [&](const auto& serial) {
          const auto& poison = fault.answer.serials;
          return std::find(poison.begin(), poison.end(), serial) != poison.end();
        }))
      continue;
    if (active.seen++ < fault.skip) continue;
    if (fault.count != 0 && active.used >= fault.count) continue;
    ++active.used;
    return &fault.answer;
  }
  return nullptr;
}

bool BrokenApple::is_healthy() const {
  const Millis now = clock_.now() - begin_;
  return healed_ || std::all_of(faults_.begin(), faults_.end(), [&](const Active& active) {
           const bool used_up = active.fault.count != 0 && active.used >= active.fault.count;
           return used_up || now >= active.fault.begin + active.fault.length ||
                  active.fault.answer.kind == Kind::clock_ahead;
         });
}

// Those of an assign call that have not got its profile yet.
Serials BrokenApple::without_profile(const Call& call) {
  Serials serials;
  if (call.name == "assign")
    for (const auto& serial : call.asked)
      if (profile_of(serial) != call.profile) serials.push_back(serial);
  return serials;
}

// A device that is sent although it has the profile: needless, unless what Muster was told of it since was
// wrong.
void BrokenApple::judge_assignment(Call& call) {
  sim_->service().with([&](sim::Service& service) {
    for (const auto& serial : call.asked) {
      const sim::Device* device = service.world.find_device(serial);
      if (device && device->account != -1 && is_there(*device) &&
          service.world.profile(device->state.profile).uuid == call.profile && !doubted_.contains(serial))
        call.needless.push_back(serial);
    }
  });
}

// What Muster hears of these devices may be wrong.
void BrokenApple::doubt(const Call& call, const http::Response& answer) {
  for (const auto& serial : call.asked) doubted_.insert(serial);
  if (call.name != "sync" && call.name != "fetch") return;
  boost::system::error_code bad;
  const auto value = boost::json::parse(answer.body, bad);
  const auto* rows = !bad && value.is_object() ? value.get_object().if_contains("devices") : nullptr;
  if (!rows || !rows->is_array()) return;
  for (const auto& row : rows->get_array())
    if (row.is_object() && row.get_object().contains("serial_number"))
      doubted_.emplace(row.at("serial_number").as_string());
}

// A good answer by which Muster knows how the device is.
void BrokenApple::believe(const Call& call, const http::Response& answer) {
  if (answer.status != 200 || (call.name != "assign" && call.name != "details")) return;
  for (const auto& serial : call.asked)
    if (call.name == "details" || answer.body.find("\"" + serial + "\":\"SUCCESS\"") != std::string::npos)
      doubted_.erase(serial);
}

Result<http::Response> BrokenApple::send(const http::ClientRequest& request, std::stop_token stop) {
  std::lock_guard lock(mutex_);
  if (stop.stop_requested() || death_ == Death::here) return failure(Code::cancelled, "stopped");
  if (on_call_) on_call_();
  set_clock();
  const http::Request seen = to_server(request);
  const sim::Endpoint* endpoint = sim::find_endpoint(seen.method, seen.path);
  Call call{.at = clock_.now(),
            .name = endpoint ? std::string(endpoint->name) : seen.path,
            .by_operator = by_operator_};
  read_request(seen.body, call);
  if (call.name == "assign") judge_assignment(call);

  const Answer* answer = take(call.name, call.asked);
  const bool replaced =
      answer && (answer->kind == Kind::status || answer->kind == Kind::poison || answer->kind == Kind::body ||
                 answer->kind == Kind::reset || answer->kind == Kind::stall);
  const bool happens = !answer || (replaced ? answer->has_effect : answer->kind != Kind::do_nothing);
  http::Response response;
  if (answer && answer->kind == Kind::slow) {
    clock_.advance(kSlow);
    set_clock();
  }
  const Serials without = without_profile(call);
  if (happens) response = sim_->handle(seen);
  for (const auto& serial : without)
    if (profile_of(serial) == call.profile) call.changed.push_back(serial);
  if (!answer) believe(call, response);

  if (answer) {
    call.spoilt = true;
    // What was done is done: nothing is left that could fail any more.
    call.failed = is_failure(*answer, call.name) && !(call.name == "assign" && happens);
    if (answer->kind != Kind::slow) doubt(call, response);
    if (response.status == 200) response = spoil(*answer, call.name, seen.body, std::move(response));
    // A real failure under a fault that would have changed a good answer stays as it is.
    else if (replaced)
      response = spoil(*answer, call.name, seen.body, {});
  }
  const bool lost =
      answer && (answer->kind == Kind::cut || answer->kind == Kind::reset || answer->kind == Kind::stall);
  call.status = lost ? 0 : response.status;
  calls_.push_back(std::move(call));
  if (death_ == Death::near) {
    death_ = Death::here;
    for (const auto& serial : calls_.back().asked) doubted_.insert(serial);
    return failure(Code::cancelled, "the server died");
  }
  if (!lost) return response;
  if (answer->kind == Kind::stall) {
    clock_.advance(kTimeOut);
    return failure(Code::unreachable, "Apple did not answer in time");
  }
  return failure(Code::unreachable,
                 answer->kind == Kind::cut ? "the answer was cut short" : "the connection was reset");
}

void BrokenApple::control(const std::string& path, const std::string& body) {
  set_clock();
  http::Request request;
  request.method = "POST";
  request.target = request.path = path;
  request.body = body;
  const auto answer = sim_->handle(request);
  if (answer.status != 200) throw std::runtime_error(path + " " + body + ": " + answer.body);
}

sim::Token BrokenApple::token() {
  return sim_->service().with([](sim::Service& service) { return service.world.account(0).token; });
}

std::string BrokenApple::define_profile(const std::string& name) {
  return sim_->service().with([&](sim::Service& service) {
    const auto uuid = service.world.new_profile_uuid();
    service.world.create_profile(0, uuid, name, "{\"profile_name\":\"" + name + "\"}");
    return uuid;
  });
}

std::optional<std::string> BrokenApple::profile_of(const std::string& serial) {
  return sim_->service().with([&](sim::Service& service) -> std::optional<std::string> {
    const sim::Device* device = service.world.find_device(serial);
    if (!device || device->account == -1) return std::nullopt;
    return is_there(*device) ? service.world.profile(device->state.profile).uuid : "";
  });
}

}  // namespace muster::explore
