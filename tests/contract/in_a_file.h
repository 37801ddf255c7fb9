// Whether a text stands in some file of a directory: what is erased or sealed must not.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/temp_dir.h"

namespace muster {

inline bool is_in_a_file(const test::TempDir& directory, const std::string& text) {
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    std::ostringstream content;
    content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    if (content.str().find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace muster
