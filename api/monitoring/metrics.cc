// GET /metrics: the state of the server and of every account in Prometheus format. docs/metrics.md documents
// each metric.
#include "api/monitoring/metrics.h"

#include "api/handlers.h"
#include "api/monitoring/account_overview.h"

namespace muster::api {
namespace {

constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace

Result<http::Response> get_metrics(const Call& call) {
  struct Stored {
    std::vector<AccountOverview> overviews;
    long long events = 0;
  };
  MUSTER_TRY(auto stored, call.store.read([&](Reader& reader) -> Result<Stored> {
    MUSTER_TRY(auto overviews, muster_v1::account_overviews(call, reader));
    MUSTER_TRY(const auto events, reader.event_count());
    return Stored{std::move(overviews), events};
  }));

  const auto trouble = call.store.trouble();
  muster_v1::show_storage_trouble(stored.overviews, trouble);

  MetricFamilies metrics;
  metrics.begin("muster_build_info", "1");
  metrics.add(1LL, {{"version", MUSTER_VERSION}});
  metrics.add_gauge("muster_storage_trouble",
                    "1 while nothing can be stored, for example because the disk is full",
                    trouble ? 1LL : 0LL);
  add_account_metrics(metrics, stored.overviews, call.context.clock.now());
  add_work_metrics(metrics, stored.overviews, call.context.services.counts(), call.context.clock);
  if (call.key.is_for_all_accounts) MUSTER_TRY(add_installation_metrics(metrics, call, stored.events));
  if (call.context.certificate_end) {
    metrics.add_gauge("muster_certificate_expiry_timestamp_seconds",
                      "Expiry time of the server's certificate", call.context.certificate_end());
  }
  return http::Response{.status = 200, .headers = {{"Content-Type", kContentType}}, .body = metrics.text()};
}

}  // namespace muster::api
