#include "base/threads/contain.h"

#include <atomic>
#include <new>
#include <system_error>

#include "base/log/log.h"

namespace muster {
namespace {

std::array<std::atomic<long long>, kPlaces.size()> counts{};

std::string reason_of(const std::exception_ptr& thrown, std::string_view doing) {
  std::string reason(doing);
  if (!reason.empty()) reason += ": ";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    reason += "out of memory. Raise the limit of the process (ulimit -v, MemoryMax=), or add memory";
  } catch (const std::system_error& e) {
    reason += e.what();
    if (e.code() == std::errc::resource_unavailable_try_again)  // of std::thread
      reason +=
          ": cannot start a thread. Raise the limit on processes (ulimit -u, TasksMax=) or memory (ulimit -v)";
  } catch (const std::exception& e) {
    reason += e.what();
  } catch (...) {
    reason += "an exception of an unknown type";
  }
  return reason;
}

}  // namespace

std::string_view word(Place place) {
  switch (place) {
    case Place::run: return "run";
    case Place::reader: return "reader";
    case Place::webhook: return "webhook";
    case Place::handler: return "handler";
    case Place::signal: return "signal";
    case Place::start: return "start";
    case Place::cluster: return "cluster";
  }
  return "run";
}

long long internal_errors(Place place) { return counts[static_cast<size_t>(place)]; }

Error contained(Place place, const std::exception_ptr& thrown, std::string_view doing) noexcept {
  ++counts[static_cast<size_t>(place)];
  try {
    const std::string reason = reason_of(thrown, doing);
    log::error("internal.error", {{"where", word(place)}, {"reason", reason}});
    return {Code::internal, "internal error: " + reason, "See internal.error in the server's log", {}};
  } catch (...) {
    return {};  // no memory to say it; it was counted
  }
}

}  // namespace muster
