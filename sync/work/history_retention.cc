#include "sync/work/history_retention.h"

namespace muster::sync {
namespace {

// Entries that one transaction looks at: a few milliseconds, during which no other may write.
constexpr size_t kRemovedAtOnce = 500;

}  // namespace

Result<long long> remove_old_history(Store& store, Time now, Millis retention, std::stop_token stop) {
  long long removed = 0;
  if (retention == Millis{}) return removed;
  const HistoryCutoff cutoff{.before = now - retention, .now = now};
  MUSTER_TRY(bool is_more, store.read([&](Reader& reader) { return reader.has_history_to_thin(cutoff); }));
  while (is_more && !stop.stop_requested()) {
    // After a power failure it is done again.
    MUSTER_TRY(const auto thinned, store.write_in_passing(installation, [&](Writer& writer) {
      return writer.thin_history(cutoff, kRemovedAtOnce);
    }));
    removed += thinned.removed;
    is_more = thinned.is_more;
  }
  return removed;
}

Result<long long> remove_old_audit(Store& store, Time now, Millis retention, std::stop_token stop) {
  long long removed = 0;
  if (retention == Millis{}) return removed;
  const Time before = now - retention;
  for (;;) {
    MUSTER_TRY(const auto oldest, store.read([](Reader& reader) { return reader.audit_after(0, 1); }));
    if (oldest.empty() || oldest.front().at >= before || stop.stop_requested()) return removed;
    MUSTER_TRY(const auto step, store.write_in_passing(installation, [&](Writer& writer) {
      return writer.remove_old_audit(before, kRemovedAtOnce);
    }));
    removed += step;
  }
}

}  // namespace muster::sync
