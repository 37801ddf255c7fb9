// A profile of a configuration: read from its JSON file or from the configuration itself, and checked.
#pragma once

#include "cli/code/config_reader.h"
#include "cli/input/yaml.h"

namespace muster::cli {

/// From the JSON file at `path`, which the configuration names at `place`.
void read_profile_file(const std::string& path, TextPlace place, const ConfigSource& source,
                       WantedProfile& wanted, ConfigFindings& findings);

/// From a document in YAML. `force`: as in ConfigSource.
void read_profile_document(const YamlNode& node, bool force, WantedProfile& wanted, ConfigFindings& findings);

/// What Muster keeps of a document: without the keys that MicroMDM's mdmctl sends empty (docs/api.md). Two
/// documents that are equal then are one version.
boost::json::object kept_of(boost::json::object document);

}  // namespace muster::cli
