// The questions about replacements that find_replaced() left open: which devices do they stand for?
#pragma once

#include <atomic>

#include "sync/accounts/run_context.h"

namespace muster::sync {

/// How often Apple is asked about one device, over three days. Then its history says that Apple does not name
/// the other one.
inline constexpr int kMostAsksAboutReplacement = 10;

/// Asks about some of those that are due, one call for each, and has them inherit. False when none is due.
/// Nobody waits for the answers: where Apple does not give one, these questions wait, and the lane goes on.
/// `is_failing` says so afterwards. The error is one that concerns all calls.
Result<bool> ask_about_replacements(const RunContext& context, std::atomic<bool>& is_failing);

}  // namespace muster::sync
