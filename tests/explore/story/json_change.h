// Changes the JSON text of an answer: duplicate keys cannot be represented in a parsed value.
#pragma once

#include <string>

#include "tests/explore/story/answer.h"

namespace muster::explore {

/// The answer with the change; as it is where it has no place for it.
std::string changed(const std::string& answer, const Change& change);

/// For users.
std::string text(const Change& change);

}  // namespace muster::explore
