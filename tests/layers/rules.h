// The project's rules that a program can check: includes between folders, and the form of files.
#pragma once

#include <string>
#include <vector>

#include "tests/layers/source_tree.h"

namespace muster::layers {

/// Includes that go against the direction of the folders, or are not written from the root.
std::vector<std::string> check_includes(const SourceFile& file);

/// An x.cc that includes anything before x.h: compiled first, the header is shown to include what it uses.
std::vector<std::string> check_own_header(const std::vector<SourceFile>& tree);

/// A header that does not begin with a comment on what it is, or lacks `#pragma once`; a file over the limit.
std::vector<std::string> check_shape(const SourceFile& file);

/// Folders with more files side by side than anyone reads through.
std::vector<std::string> check_folders(const std::vector<SourceFile>& tree);

/// Headers of the product that only their own .cc and test include.
std::vector<std::string> check_use(const std::vector<SourceFile>& tree);

}  // namespace muster::layers
