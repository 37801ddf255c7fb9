// The profile that `apply dep-profiles -template` prints for people to fill in.
#pragma once

#include <string>
#include <vector>

namespace muster::cli {

/// JSON, indented, with a newline at the end. `anchor_certificates` are DER.
std::string profile_template(const std::vector<std::string>& anchor_certificates);

}  // namespace muster::cli
