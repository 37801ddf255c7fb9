#include "sim/simulator.h"

#include <functional>
#include <utility>

#include "base/log/log.h"
#include "sim/apple/routes.h"
#include "sim/world/catalogue.h"
#include "sim/world/portal.h"

namespace muster::sim {
namespace {

constexpr long long kBaselineSpanMs = 730LL * 86'400'000;  // the first devices came within the last two years
constexpr long long kBaselineEndMs = 3'600'000;            // and the last of them an hour ago

void place_baseline(Service& service, long long count, long long now_ms) {
  World& world = service.world;
  // Listed before the simulator's first moment, so that `since` tells them from what comes later.
  Portal portal(world, service.settings, now_ms - kBaselineEndMs);
  const long long first_ms = now_ms - kBaselineEndMs - kBaselineSpanMs;
  for (long long i = 0; i < count; ++i) {
    const auto kind = static_cast<uint16_t>(pick_kind(world.random(), "", ""));
    const DeviceId id = world.create_device(world.new_serial(), kind);
    portal.place(0, id, first_ms + kBaselineSpanMs / count * i);
  }
}

const char* to_word(http::Response::Delivery delivery) {
  switch (delivery) {
    case http::Response::Delivery::cut: return "cut";
    case http::Response::Delivery::reset: return "reset";
    case http::Response::Delivery::whole: break;
  }
  return "whole";
}

// `pause` waits for milliseconds.
void apply_fault(const Fault& fault, http::Response& response, CallRecord& record,
                 std::function<void(long long)> pause) {
  if (fault.status) {
    response = {.status = *fault.status, .headers = {}, .body = fault.body};
    if (!fault.headers.has("Content-Type") && !fault.body.empty())
      response.headers.add("Content-Type", "text/plain;Charset=UTF8");
    record.word = fault.body.substr(0, 100);
  }
  if (response.status == 200 && !fault.rewrite.empty()) rewrite(fault.rewrite, response.body);
  for (const auto& [name, value] : fault.headers) response.headers.set(name, value);
  if (fault.pieces)
    response.stream = body_in_pieces(response.body, *fault.pieces,
                                     fault.delivery == http::Response::Delivery::cut, std::move(pause));
  else
    response.delivery = fault.delivery;
  record.fault = fault.id;
  record.delivery = to_word(fault.delivery);
}

}  // namespace

Result<std::unique_ptr<Simulator>> Simulator::create(const Options& options) {
  std::unique_ptr<Simulator> simulator(new Simulator(options.seed));
  simulator->log_calls_ = options.log_calls;
  auto created = simulator->service_.with([&](Service& service) -> Result<> {
    service.settings = options.settings;
    if (options.clock) {
      service.clock.freeze();
      service.clock.set(to_millis(*options.clock));
    }
    const long long now_ms = service.clock.now_ms();
    for (const auto& name : options.accounts) MUSTER_TRY(service.world.create_account(name, now_ms));
    place_baseline(service, options.devices, now_ms);
    if (options.pages_ahead) {
      Account& first = service.world.account(0);
      first.ready_rows =
          ReadyRows::make(service.world, first, static_cast<size_t>(service.settings.page_limit));
    }
    service.calls.reset(now_ms);
    for (const auto& fault : options.faults) {
      if (!fault.account.empty() && service.world.find_account(fault.account) == -1)
        return failure(Code::invalid,
                       "a fault is for the account \"" + fault.account + "\", which does not exist");
      service.faults.add(fault, now_ms);
    }
    return {};
  });
  if (!created) return failure(created.error());
  return simulator;
}

http::Response Simulator::handle(const http::Request& request) {
  if (is_control(request.path)) return control_.answer(request);
  return handle_apple(request);
}

http::Response Simulator::handle_apple(const http::Request& request) {
  const Endpoint* endpoint = find_endpoint(request.method, request.path);
  CallRecord record;
  record.name = endpoint ? std::string(endpoint->name) : "";
  record.method = request.method;
  record.path = request.path;
  record.user_agent = request.headers.get("User-Agent").value_or("");
  std::optional<Fault> fault;
  long long latency_ms = 0;
  service_.with([&](Service& service) {
    record.account = account_of(service, request);
    if (endpoint)
      fault = service.faults.take(record.account, *endpoint, service.clock.now_ms(), request.body);
    latency_ms = service.settings.latency.count();
  });

  if (fault && !fault->after) latency_ms += fault->delay_ms;
  pause(latency_ms);
  http::Response response;
  if (!fault || fault->has_effect()) {
    response = service_.with([&](Service& service) {
      return answer_apple(service, request, endpoint, fault ? &*fault : nullptr, record);
    });
  }
  if (fault) apply_fault(*fault, response, record, [this](long long ms) { pause(ms); });
  record.status = response.status;
  if (log_calls_)
    log::info("depsim.call", {{"account", record.account},
                              {"method", record.method},
                              {"path", record.path},
                              {"status", record.status},
                              {"apple_code", record.word},
                              {"serials", record.serials},
                              {"rows", record.rows},
                              {"fault", record.fault}});
  service_.with([&](Service& service) {
    add_common_headers(service, response);
    record.ms = service.clock.now_ms();
    service.calls.record(std::move(record));
  });
  // After the entry in the book: a test may look there while its client still waits.
  if (fault && fault->after) pause(fault->delay_ms);
  return response;
}

void Simulator::pause(long long ms) {
  if (ms <= 0) return;
  std::unique_lock lock(stop_mutex_);
  stop_condition_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_; });
}

void Simulator::stop() {
  {
    std::lock_guard lock(stop_mutex_);
    stopping_ = true;
  }
  stop_condition_.notify_all();
}

}  // namespace muster::sim
