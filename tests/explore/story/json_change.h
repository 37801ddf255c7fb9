// Changes of an answer's JSON, as its text: a key can be there twice, which no parsed value can hold.
#pragma once

#include <string>

#include "tests/explore/story/answer.h"

namespace muster::explore {

/// The answer with the change; as it is where it has no place for it.
std::string changed(const std::string& answer, const Change& change);

/// For people.
std::string text(const Change& change);

}  // namespace muster::explore
