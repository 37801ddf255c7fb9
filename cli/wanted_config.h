// What a configuration file wants of an account. A section that the file does not have is not managed.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/json_text.h"
#include "model/ids.h"

namespace muster::cli {

struct WantedList {
  std::string name{};
  std::vector<Serial> serials{};  ///< ascending, each once
  TextPlace place{};              ///< of its name
};

struct WantedProfile {
  std::string name{};  ///< `profile_name`
  boost::json::object document{};
  std::string text{};  ///< the document as it is to be sent
  TextPlace place{};   ///< of the entry
};

struct WantedRule {
  std::string name{};  ///< "" for none
  std::string filter{};
  std::string scope{};  ///< new, unassigned or all
  long long priority = 0;
  /// What it gives: one of the two, or none on purpose.
  std::string profile{};  ///< a profile's name
  std::string profile_uuid{};
  TextPlace place{};  ///< of the entry
  TextPlace filter_place{};
  TextPlace profile_place{};
};

struct WantedAccount {
  std::string name{};
  TextPlace place{};  ///< of its name, or of the document
  std::optional<bool> paused{};
  std::optional<std::string> base_url{};
  std::optional<std::vector<WantedList>> lists{};
  std::optional<std::vector<WantedProfile>> profiles{};
  std::optional<std::vector<WantedRule>> rules{};
};

/// How people see a rule: `rule 'ipads'`, or `rule filter '*'` for one without a name.
inline std::string title_of_rule(const std::string& name, const std::string& filter) {
  return name.empty() ? "rule filter '" + filter + "'" : "rule '" + name + "'";
}

}  // namespace muster::cli
