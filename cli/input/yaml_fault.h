// What the YAML library objects to, said so that people know what to do.
#pragma once

#include <string>

#include "cli/input/yaml.h"

namespace muster::cli {

/// `message` is the library's.
YamlFault yaml_fault(const std::string& message, TextPlace place);

}  // namespace muster::cli
