#include "api/access/ended_sessions.h"

namespace muster::api {

Result<bool> EndedSessions::contains(const Session& session) {
  const auto digest = digest_of_session(session);
  const auto revision = store_.key_revision();  // before it is read
  const Tick now = clock_.steady();
  const bool is_known = open_.with([&](const auto& open) {
    const auto found = open.find(digest);
    return found != open.end() && found->second.revision == revision &&
           now - found->second.read < kLongestKept;
  });
  if (is_known) return false;
  MUSTER_TRY(const bool has_ended, store_.read([&](Reader& reader) { return reader.has_ended(digest); }));
  if (has_ended) return true;
  open_.with([&](auto& open) {
    if (open.size() >= kMostKept) open.clear();
    open[digest] = {revision, now};
  });
  return false;
}

}  // namespace muster::api
