// What operators and their tools changed, and which secrets they read: an entry each, in a chain of digests.
#pragma once

#include <cstdint>
#include <string>

#include "base/time/clock.h"
#include "model/ids.h"

namespace muster {

/// Who makes a change, and for which request.
struct Actor {
  std::string key = {};      ///< name of the API key
  std::string address = {};  ///< of the client
  std::string said = {};     ///< what the client says who it is, unchecked; "" for nothing
  std::string request = {};  ///< ID of the request, as in the log
  std::string account = {};  ///< name of the account that the request is about; "" for none
};

/// What is changed. No part has a secret.
struct AuditChange {
  std::string action = {};  ///< in docs/security.md: `rule.saved`, ...
  std::string object = {};  ///< what it is about: a name, a filter, serial numbers
  std::string before = {};  ///< JSON; "" for what was not there
  std::string after = {};   ///< JSON; "" for what is not there any more
};

/// An entry's place in the chain. The one before the first has the number 0.
struct AuditLink {
  std::int64_t number = 0;
  std::string digest = {};  ///< of the entry and the digest before it, 64 hexadecimal digits

  friend bool operator==(const AuditLink&, const AuditLink&) = default;
};

struct AuditEntry {
  AuditLink link;
  Time at{};
  Actor actor;
  AuditChange change;
};

/// The digest that the entry has, if `before` is the one in front of it.
std::string audit_digest(const std::string& before, const AuditEntry& entry);

}  // namespace muster
