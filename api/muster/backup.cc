#include "api/handlers.h"
#include "base/log.h"

namespace muster::api::muster_v1 {

Result<http::Response> get_backup(const Call& call) {
  MUSTER_TRY(const auto path, call.context.store.make_copy());
  http::Response response;
  MUSTER_TRY(response.file, http::BodyFile::take(path));
  response.headers.add("Content-Type", "application/vnd.sqlite3");
  response.headers.add("Content-Disposition", "attachment; filename=\"muster-backup.db\"");
  log::info("backup.made", {{"bytes", response.file->size()}, {"peer", call.request.peer}});
  return response;
}

}  // namespace muster::api::muster_v1
