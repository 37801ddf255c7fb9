// JSON values as YAML, and back.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "cli/input/config_findings.h"
#include "cli/input/yaml.h"

namespace muster::cli {

/// What a node says as JSON: scalars without quotes are numbers, booleans and nothing where JSON would take
/// them so, else text. A key that is no text, or comes twice, is a finding.
boost::json::value to_json(const YamlNode& node, ConfigFindings& findings);

/// As YAML of one item a line, which to_json() reads as the same value.
std::string to_yaml(const boost::json::value& value);

/// A scalar as YAML, in quotes where it needs them.
std::string yaml_scalar(std::string_view text);

}  // namespace muster::cli
