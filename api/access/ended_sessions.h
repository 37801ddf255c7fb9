// Who signed out, on any server of the database. That is stored, and asked of the store for each request with
// a session: but not again until keys or sessions change anywhere (Store::key_revision()), or a second has
// passed, as another server's change may go unheard while the connection to the database is lost.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "api/access/sessions.h"
#include "base/guarded.h"
#include "store/store.h"

namespace muster::api {

class EndedSessions {
 public:
  static constexpr std::chrono::seconds kLongestKept{1};
  /// Sessions that were found open, and are kept so.
  static constexpr size_t kMostKept = 10'000;

  /// Both must outlive it.
  EndedSessions(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// Whether somebody signed out of it. Any thread.
  Result<bool> contains(const Session& session);

 private:
  struct Seen {
    std::uint64_t revision = 0;
    Tick read{};
  };

  Store& store_;
  const Clock& clock_;
  Guarded<std::unordered_map<std::string, Seen>> open_;  // by digest
};

}  // namespace muster::api
