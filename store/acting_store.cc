#include "store/acting_store.h"

#include <boost/json/object.hpp>

#include "base/log/log.h"
#include "base/text/json.h"

namespace muster {
namespace {

// What was before and after may be long: the audit has it.
FeedEntry feed_entry_of(const AuditEntry& entry) {
  const boost::json::object body{{"number", entry.link.number},   {"key", entry.actor.key},
                                 {"actor", entry.actor.said},     {"account", entry.actor.account},
                                 {"action", entry.change.action}, {"object", entry.change.object},
                                 {"request", entry.actor.request}};
  return {.position = {0, entry.at}, .account = {}, .type = FeedType::audit, .body = write_json(body)};
}

}  // namespace

Result<> ActingStore::do_write(WriteScope scope, Durability durability, WriteFunction fn) {
  std::vector<AuditEntry> entries;
  std::optional<Error> failed;
  auto done = store_.do_write(scope, durability, [&](Writer& writer, Run run) {
    ChangeNotes notes;
    writer.take_notes(&notes);
    const bool is_to_be_kept = fn(writer, run);
    writer.take_notes(nullptr);
    if (!is_to_be_kept) return false;
    auto added = add_entries(writer, std::move(notes));
    failed = added ? std::nullopt : std::optional(added.error());
    entries = std::move(added).value_or(std::vector<AuditEntry>());
    return !failed;
  });
  if (done && failed) return failure(*failed);
  if (!done) return done;
  // Whoever keeps the log elsewhere can tell whether the chain was rebuilt.
  for (const auto& entry : entries)
    log::info("audit.added", {{"number", entry.link.number},
                              {"key", entry.actor.key},
                              {"account", entry.actor.account},
                              {"action", entry.change.action},
                              {"request", entry.actor.request},
                              {"digest", entry.link.digest}});
  has_entry_ = has_entry_ || !entries.empty();
  return done;
}

Result<std::vector<AuditEntry>> ActingStore::add_entries(Writer& writer, ChangeNotes notes) const {
  std::vector<AuditEntry> entries;
  if (notes.changes.empty() && (notes.is_none || has_entry_)) return entries;
  if (notes.changes.empty())
    notes.changes.push_back({.action = call_, .object = {}, .before = {}, .after = {}});
  MUSTER_TRY(AuditLink last, writer.end_of_audit());
  for (auto& change : notes.changes) {
    AuditEntry entry{
        .link = {last.number + 1, {}}, .at = clock_.now(), .actor = actor_, .change = std::move(change)};
    entry.link.digest = audit_digest(last.digest, entry);
    MUSTER_TRY(writer.add_audit(entry));
    MUSTER_TRY(writer.add_to_feed(feed_entry_of(entry)));
    last = entry.link;
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace muster
