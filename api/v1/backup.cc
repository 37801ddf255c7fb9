#include "api/handlers.h"
#include "base/log/log.h"

namespace muster::api::muster_v1 {

Result<http::Response> get_backup(const Call& call) {
  MUSTER_TRY(auto copy, call.context.store.make_copy());
  http::Response response;
  response.file = http::BodyFile::take(std::move(copy.file), std::move(copy.place));
  response.headers.add("Content-Type", "application/vnd.sqlite3");
  response.headers.add("Content-Disposition", "attachment; filename=\"muster-backup.db\"");
  log::info("backup.created", {{"bytes", response.file->size()}, {"peer", call.request.peer}});
  return response;
}

}  // namespace muster::api::muster_v1
