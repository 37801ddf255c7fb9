#include "model/audit.h"

#include "base/sha256.h"
#include "base/text/encoding.h"

namespace muster {

// Each part with its length, so that no other parts give the same text. Stored digests depend on it: never
// change it.
std::string audit_digest(const std::string& before, const AuditEntry& entry) {
  std::string text;
  const auto add = [&](const std::string& part) { text += std::to_string(part.size()) + ":" + part; };
  add(before);
  add(std::to_string(entry.link.number));
  add(std::to_string(to_millis(entry.at)));
  for (const auto* part :
       {&entry.actor.key, &entry.actor.address, &entry.actor.said, &entry.actor.request, &entry.actor.account,
        &entry.change.action, &entry.change.object, &entry.change.before, &entry.change.after})
    add(*part);
  return hex_lower(sha256(text));
}

}  // namespace muster
