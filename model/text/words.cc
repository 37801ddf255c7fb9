#include "model/text/words.h"

namespace muster {

std::string text_of(const ProfileShown& profile) {
  std::string text = profile.status.empty() ? "empty" : profile.status;
  if (!profile.uuid.empty()) text += " " + profile.uuid.str();
  return text;
}

std::string_view word(Desired::By by) {
  switch (by) {
    case Desired::By::nobody: return "nobody";
    case Desired::By::rule: return "rule";
    case Desired::By::manual: return "manual";
    case Desired::By::hold: return "hold";
  }
  return "";
}

std::string_view word(DeviceLock::Opens opens) {
  switch (opens) {
    case DeviceLock::Opens::no: return "no";
    case DeviceLock::Opens::unknown: return "unknown";
    case DeviceLock::Opens::yes: return "yes";
  }
  return "";
}

std::string_view word(Tombstone::Reason reason) {
  switch (reason) {
    case Tombstone::Reason::deleted: return "deleted";
    case Tombstone::Reason::absent: return "absent";
    case Tombstone::Reason::not_accessible: return "not_accessible";
    case Tombstone::Reason::removed: return "removed";
    case Tombstone::Reason::disowned: return "disowned";
  }
  return "";
}

std::string_view word(Assignment::State state) {
  switch (state) {
    case Assignment::State::due: return "due";
    case Assignment::State::in_flight: return "in_flight";
    case Assignment::State::confirming: return "confirming";
    case Assignment::State::looking: return "looking";
    case Assignment::State::parked: return "parked";
  }
  return "";
}

std::string_view word(HistoryEntry::Kind kind) {
  switch (kind) {
    case HistoryEntry::Kind::baseline: return "baseline";
    case HistoryEntry::Kind::arrived: return "arrived";
    case HistoryEntry::Kind::left: return "left";
    case HistoryEntry::Kind::decided: return "decided";
    case HistoryEntry::Kind::uncovered: return "uncovered";
    case HistoryEntry::Kind::answered: return "answered";
    case HistoryEntry::Kind::confirmed: return "confirmed";
    case HistoryEntry::Kind::observed: return "observed";
    case HistoryEntry::Kind::held: return "held";
    case HistoryEntry::Kind::not_confirmed: return "not_confirmed";
    case HistoryEntry::Kind::repaired: return "repaired";
    case HistoryEntry::Kind::contested: return "contested";
    case HistoryEntry::Kind::released: return "released";
    case HistoryEntry::Kind::missing: return "missing";
    case HistoryEntry::Kind::enrolled: return "enrolled";
    case HistoryEntry::Kind::unenrolled: return "unenrolled";
    case HistoryEntry::Kind::late: return "late";
    case HistoryEntry::Kind::inherited: return "inherited";
  }
  return "";
}

std::string_view word(Health::State state) {
  switch (state) {
    case Health::State::ok: return "ok";
    case Health::State::expiring: return "expiring";
    case Health::State::expired: return "expired";
    case Health::State::rejected: return "rejected";
    case Health::State::forbidden: return "forbidden";
    case Health::State::terms_unsigned: return "terms_unsigned";
    case Health::State::throttled: return "throttled";
    case Health::State::unreachable: return "unreachable";
    case Health::State::impaired: return "impaired";
    case Health::State::storage: return "storage";
  }
  return "";
}

std::string_view word(Lane lane) {
  switch (lane) {
    case Lane::changes: return "changes";
    case Lane::full_list: return "full_list";
    case Lane::questions: return "questions";
    case Lane::assignment: return "assignment";
  }
  return "";
}

std::string_view word(Rule::Scope scope) {
  switch (scope) {
    case Rule::Scope::arrivals: return "new";
    case Rule::Scope::unassigned: return "unassigned";
    case Rule::Scope::all: return "all";
  }
  return {};
}

std::string_view word(Backfill::State state) {
  switch (state) {
    case Backfill::State::none: return "none";
    case Backfill::State::running: return "running";
    case Backfill::State::paused: return "paused";
  }
  return {};
}

std::string_view word(Role role) {
  switch (role) {
    case Role::metrics: return "metrics";
    case Role::read: return "read";
    case Role::operate: return "operator";
    case Role::admin: return "admin";
  }
  return "";
}

std::string_view word(Receiver::Format format) {
  switch (format) {
    case Receiver::Format::muster: return "muster";
    case Receiver::Format::nanodep: return "nanodep";
    case Receiver::Format::slack: return "slack";
  }
  return "";
}

std::string_view word(Receiver::Status status) {
  switch (status) {
    case Receiver::Status::active: return "active";
    case Receiver::Status::paused: return "paused";
    case Receiver::Status::disabled: return "disabled";
  }
  return "";
}

}  // namespace muster
