#include "api/handlers.h"
#include "base/log/log.h"

namespace muster::api::muster_v1 {

Result<http::Response> get_backup(const Call& call) {
  CopyMaker* const copies = call.store.copies();
  if (!copies)
    return failure(Code::conflict, "this server's database is PostgreSQL's, of which Muster makes no backups",
                   "Use pg_dump, or continuous archiving: see docs/postgresql.md");
  MUSTER_TRY(auto copy, copies->make_copy());
  MUSTER_TRY(note_reading(call, installation, "backup.read", ""));
  http::Response response;
  response.file = http::BodyFile::take(std::move(copy.file), std::move(copy.place));
  response.headers.add("Content-Type", "application/vnd.sqlite3");
  response.headers.add("Content-Disposition", "attachment; filename=\"muster-backup.db\"");
  log::info("backup.created", {{"bytes", response.file->size()}, {"peer", call.request.peer}});
  return response;
}

}  // namespace muster::api::muster_v1
