// Where the tests find the programs they start and the files they read.
#pragma once

#include <string>

namespace muster::test {

/// Path of a program of this build: binary("mdmctl").
std::string binary(const std::string& name);

/// Path of a file of the repository: source("docs/log.md"); source("") is its root.
std::string source(const std::string& path);

}  // namespace muster::test
