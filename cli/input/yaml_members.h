// A map of YAML read member by member, with a finding for each that is not as it should be.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/input/config_findings.h"
#include "cli/input/yaml.h"

namespace muster::cli {

class YamlMembers {
 public:
  /// `what` it is, e.g. `a rule`. Finds fault with a node that is no map, and with keys that are unknown or
  /// come twice. All must outlive it.
  YamlMembers(const YamlNode& node, const char* what, const std::vector<std::string>& known,
              ConfigFindings& findings);

  /// The value of a key; null where it is not there, or stands there without a value, which is a finding.
  const YamlNode* find(const std::string& key);
  bool has(const std::string& key) const { return raw(key) != nullptr; }
  /// Where the key's value stands, or the map itself.
  TextPlace place(const std::string& key) const;

  /// Nothing, where there is no such value; one of another form is a finding.
  std::optional<std::string> text(const std::string& key, bool may_be_empty = false);
  std::optional<bool> flag(const std::string& key);
  std::optional<long long> number(const std::string& key);
  /// Null, where there is none. `rules:` without a value is a finding: an empty list is written [].
  const std::vector<YamlNode>* list(const std::string& key);

 private:
  const YamlMember* raw(const std::string& key) const;

  const YamlNode& node_;
  ConfigFindings& findings_;
};

}  // namespace muster::cli
