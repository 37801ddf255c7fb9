// The rules for the members of a profile: each for itself, those that are needed, and those that need one
// another.
#pragma once

#include <string_view>

#include "profile/findings.h"
#include "profile/json_members.h"

namespace muster {

/// Apple's word for a body of wrong form.
inline constexpr std::string_view kMalformedProfile = "MALFORMED_REQUEST_BODY";

/// What a value is, for people: `a number`.
const char* kind_of(const JsonItem& item);

/// Adds what is found in `text`, which must be valid JSON and an object.
void check_profile_members(std::string_view text, ProfileFindings& findings);

}  // namespace muster
