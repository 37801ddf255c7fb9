// An account's configuration as values: as a file wants it, and as the server has it.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/text/json_text.h"
#include "base/time/clock.h"
#include "model/ids.h"

namespace muster::cli {

/// A rule, wanted or present; a present one has no places.
struct ConfigRule {
  std::string name{};  ///< "" for none
  std::string filter{};
  std::string scope{};  ///< new, unassigned or all
  long long priority = 0;
  Millis enroll_within{};  ///< 0 for no limit
  /// What it gives: one of the two, or none on purpose.
  std::string profile{};  ///< a profile's name
  std::string profile_uuid{};
  TextPlace place{};  ///< of the entry
  TextPlace filter_place{};
  TextPlace profile_place{};

  /// `'ipads'`, or `filter '*'` for one without a name.
  std::string title() const { return name.empty() ? "filter '" + filter + "'" : "'" + name + "'"; }
};

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

/// What a file wants of an account. A section that the file does not have is not managed.
struct WantedConfig {
  std::string account{};
  TextPlace place{};  ///< of its name, or of the document
  std::optional<bool> paused{};
  std::optional<bool> inherit_replacements{};
  std::optional<std::string> base_url{};
  std::optional<std::vector<WantedList>> lists{};
  std::optional<std::vector<WantedProfile>> profiles{};
  std::optional<std::vector<ConfigRule>> rules{};
};

struct PresentList {
  std::string name{};
  long long size = 0;
  std::string digest{};  ///< model/serial_list.h
};

struct PresentProfile {
  std::string name{};
  long long version = 0;
  boost::json::object document{};
  std::string unknown_at_apple{};  ///< Apple's word when it does not know it any more
};

struct PresentConfig {
  long long revision = 0;
  size_t rule_limit = 0;  ///< rules that the account may have; 0 when the server does not say
  bool paused = false;
  bool inherit_replacements = false;
  std::string base_url{};
  std::vector<PresentList> lists{};
  std::vector<PresentProfile> profiles{};  ///< current versions
  std::vector<ConfigRule> rules{};         ///< in the order in which they are tried
};

}  // namespace muster::cli
