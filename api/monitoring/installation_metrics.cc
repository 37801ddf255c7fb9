// The servers, webhooks, connections and errors: a key for some accounts does not see them, as they tell of
// all.
#include <map>

#include "api/live/live_feed.h"
#include "api/monitoring/metrics.h"
#include "api/monitoring/server_list.h"
#include "base/log/log_writer.h"
#include "base/threads/contain.h"
#include "model/text/words.h"
#include "sync/webhook.h"
#include "sync/webhooks/receivers.h"

namespace muster::api {
namespace {

void add_connections(MetricFamilies& metrics, const http::ServerCounts& counts) {
  metrics.add_gauge("muster_http_connections", "Open connections", counts.open);
  metrics.add_counter("muster_http_connections_closed_total",
                      "Idle connections closed to make room for new ones", counts.closed_for_others);
  metrics.add_counter("muster_http_connections_refused_total",
                      "New connections refused because all others were active", counts.refused_connections);
  metrics.add_counter("muster_http_requests_refused_total",
                      "Requests answered with 503: too many queued, or too much upload data",
                      counts.refused_requests);
  metrics.add_counter("muster_http_requests_abandoned_total",
                      "Requests whose client disconnected before the answer", counts.abandoned_requests);
}

// A server that died and came back is there twice for a day: two series of one name would be one too many.
std::vector<ServerInfo> latest_of_each_name(const std::vector<ServerInfo>& servers) {
  std::map<std::string, ServerInfo> latest;
  for (const auto& server : servers) {
    const auto [known, is_new] = latest.emplace(server.name, server);
    if (!is_new && server.silent_for < known->second.silent_for) known->second = server;
  }
  std::vector<ServerInfo> all;
  for (auto& [name, server] : latest) all.push_back(std::move(server));
  return all;
}

Result<> add_servers(MetricFamilies& metrics, const Call& call) {
  MUSTER_TRY(const auto listed, server_list(call));
  const auto servers = latest_of_each_name(listed);
  const auto of = [](const ServerInfo& server) { return Labels{{"server", server.name}}; };
  metrics.begin("muster_server_info", "1 for each server of the database");
  for (const auto& server : servers) metrics.add(1LL, with(of(server), "version", server.version));
  metrics.begin("muster_server_alive", "1 while the server renews its right to its accounts");
  for (const auto& server : servers) metrics.add(server.is_alive ? 1LL : 0LL, of(server));
  metrics.begin("muster_server_accounts", "Accounts that the server works");
  for (const auto& server : servers) metrics.add(server.is_alive ? server.accounts : 0LL, of(server));
  metrics.begin("muster_server_silent_seconds", "Time since the server last renewed its right");
  for (const auto& server : servers) metrics.add(server.silent_for, of(server));
  metrics.add_counter("muster_refused_writes_total",
                      "Writes of this server that were refused because another one works the account",
                      call.store.shared() ? call.store.shared()->refused_writes() : 0LL);
  return {};
}

Result<> add_webhooks(MetricFamilies& metrics, const Call& call) {
  MUSTER_TRY(const auto found, sync::receivers_and_feed(call.store));
  const auto of = [](const Receiver& receiver) { return Labels{{"webhook", receiver.name}}; };
  metrics.begin("muster_webhook_backlog", "Entries of the feed that the webhook has not had yet");
  for (const auto& receiver : found.receivers)
    metrics.add(sync::waiting_for(receiver, found.ends), of(receiver));
  metrics.begin("muster_webhook_status", "1 for the status of the webhook, 0 for the others");
  for (const auto& receiver : found.receivers)
    for (const auto status : {Receiver::Status::active, Receiver::Status::paused, Receiver::Status::disabled})
      metrics.add(receiver.status == status ? 1LL : 0LL, with(of(receiver), "status", word(status)));
  metrics.begin_counter("muster_webhook_deliveries_total",
                        "Messages by result, since the webhook was created");
  for (const auto& receiver : found.receivers) {
    const auto add = [&](const char* result, long long count) {
      metrics.add(count, with(of(receiver), "result", result));
    };
    add("delivered", receiver.progress.delivered);
    add("failed", receiver.progress.failed);
    add("dead", receiver.progress.dead);
  }
  metrics.begin_counter("muster_webhook_lost_total",
                        "Entries of the feed that were removed before the webhook had them");
  for (const auto& receiver : found.receivers) metrics.add(receiver.progress.lost, of(receiver));
  return {};
}

void add_queue(MetricFamilies& metrics, const Call& call) {
  const auto queue = call.context.runs.queue();
  metrics.begin("muster_runs_in_progress", "Runs in progress");
  for (const Lane lane : kLanes)
    metrics.add(queue.running[static_cast<size_t>(lane)], {{"lane", std::string(word(lane))}});
  metrics.begin("muster_runs_waiting", "Runs that are due and wait until others have ended");
  for (const Lane lane : kLanes)
    metrics.add(queue.waiting[static_cast<size_t>(lane)], {{"lane", std::string(word(lane))}});
}

void add_requests(MetricFamilies& metrics, const RequestCounts& counts) {
  metrics.begin_counter("muster_http_requests_total", "Requests answered since the server started");
  for (const auto& [kind, count] : counts.all())
    metrics.add(count, {{"method", std::string(kind.method)},
                        {"route", std::string(kind.route)},
                        {"status", std::to_string(kind.status)}});
}

}  // namespace

Result<> add_installation_metrics(MetricFamilies& metrics, const Call& call, long long events) {
  MUSTER_TRY(add_servers(metrics, call));
  metrics.add_gauge("muster_webhook_events_waiting", "Events that the webhook has not accepted yet", events);
  metrics.add_counter("muster_webhook_events_dropped_total", "Events dropped since the server started",
                      call.context.webhook ? call.context.webhook->dropped() : 0LL);
  MUSTER_TRY(add_webhooks(metrics, call));
  metrics.begin_counter("muster_internal_errors_total", "Unexpected errors since the server started");
  for (const Place place : kPlaces)
    metrics.add(internal_errors(place), {{"where", std::string(word(place))}});
  metrics.add_counter("muster_log_lines_dropped_total", "Log lines dropped since the server started",
                      log::lines_dropped());
  if (call.context.connections) add_connections(metrics, *call.context.connections);
  add_requests(metrics, call.context.request_counts);
  add_queue(metrics, call);
  metrics.add_gauge("muster_event_listeners", "Clients that listen to events",
                    static_cast<long long>(call.context.live_feed.listeners()));
  return {};
}

}  // namespace muster::api
