// The words for enumerators, as the API and the log use them.
#pragma once

#include <string>
#include <string_view>

#include "model/api_key.h"
#include "model/assignment.h"
#include "model/backfill.h"
#include "model/device.h"
#include "model/device_lock.h"
#include "model/health.h"
#include "model/history.h"
#include "model/lane.h"
#include "model/receiver.h"
#include "model/rule.h"

namespace muster {

/// "empty", or "assigned" and a UUID
std::string text_of(const ProfileShown& profile);

std::string_view word(Desired::By by);
std::string_view word(DeviceLock::Opens opens);
std::string_view word(Tombstone::Reason reason);
std::string_view word(Assignment::State state);
std::string_view word(HistoryEntry::Kind kind);
std::string_view word(Health::State state);
std::string_view word(Lane lane);
std::string_view word(Rule::Scope scope);
std::string_view word(Backfill::State state);
std::string_view word(Role role);
std::string_view word(Receiver::Format format);
std::string_view word(Receiver::Status status);

}  // namespace muster
