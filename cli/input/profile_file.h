// A profile that a person wrote, checked before anything is sent.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/client/call.h"
#include "profile/check.h"

namespace muster::cli {

struct ProfileFile {
  std::string name;  ///< as people know it: `standard input` for `-`
  std::string
      text;  ///< as it is to be sent: as it was written, every key and the order kept, without a byte order
             ///< mark
  std::vector<ProfileFinding> findings;

  bool has_errors() const { return has_error(findings); }
  /// False for a text that is no JSON object, which no server takes.
  bool is_object() const { return findings.empty() || !findings.front().key.empty(); }
};

/// Reads and checks the file at `path`, or standard input for `-`. Findings are no failure here.
Result<ProfileFile> read_profile(const Call& call, const std::string& path);

/// A line for each finding, `NAME:LINE:COLUMN: error: ...`, safe for a terminal.
std::string report_of(const ProfileFile& file);

/// `profile.json has 2 errors`
std::string error_count_of(const ProfileFile& file);

}  // namespace muster::cli
