// Serials of stories, as the scenarios write them: B01, B02, ...
#pragma once

#include <fmt/format.h>

#include "tests/explore/story/answer.h"

namespace muster::explore {

/// `count` serials from `letter` and `first` on.
inline Serials serials_of(char letter, int first, int count) {
  Serials serials;
  for (int i = first; i < first + count; ++i) serials.push_back(fmt::format("{}{:02}", letter, i));
  return serials;
}

}  // namespace muster::explore
