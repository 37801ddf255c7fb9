// Opens the envelope of the portal's token file: S/MIME around CMS (apple-dep-api.md section 1.2).
#pragma once

#include <string>

#include "base/result.h"
#include "model/account.h"

namespace muster::apple {

/// The bytes of the CMS structure in a file: below MIME headers (folded as they may be), bare base64, PEM, or
/// as they are. Code::invalid when the file is something else, or is cut short before its content begins.
Result<std::string> cms_of_file(const std::string& file);

/// Opens the envelope with the pair that it was made for. Code::invalid when it is cut short, no envelope, or
/// made for another certificate (the message names both).
Result<std::string> open_envelope(const std::string& cms, const KeyPair& pair);

}  // namespace muster::apple
