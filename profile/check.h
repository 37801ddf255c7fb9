// The check of an enrollment profile by what is known of Apple's rules, before Apple sees it.
// docs/profiles.md lists the rules.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "profile/finding.h"

namespace muster {

/// A text with more findings has only these looked at.
inline constexpr size_t kMostProfileFindings = 1000;

/// All findings in the text of a profile at once, in the order of their places. Takes any bytes. The
/// time is linear in their number.
std::vector<ProfileFinding> check_profile(std::string_view text);

/// Whether one of them is an error.
bool has_error(const std::vector<ProfileFinding>& findings);

}  // namespace muster
