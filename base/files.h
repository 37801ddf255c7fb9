// Whole files, read and written safely.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace muster {

/// The whole content; `-` reads standard input. Code::not_found when there is no such file, Code::too_large
/// over `limit` bytes, Code::invalid when it cannot be read (a directory, no permission).
Result<std::string> read_file(const std::string& path, size_t limit = 64 << 20);

/// Writes a temporary file beside `path`, syncs it and renames it over: readers see the old content or the
/// new, never half of it. Makes missing parent directories. `mode` e.g. 0600 for what holds secrets.
Result<> write_file(const std::string& path, const std::string& content, int mode = 0644);

}  // namespace muster
