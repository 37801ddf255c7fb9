// The checks of single values of an enrollment profile, each of a type that is right.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "profile/finding.h"
#include "profile/keys.h"

namespace muster {

/// A finding without its key and place.
struct ProfileFault {
  ProfileFinding::Severity severity = ProfileFinding::Severity::error;
  std::string word = {};
  std::string reason;
  std::string remedy = {};
};
using MaybeFault = std::optional<ProfileFault>;

/// Whatever rule `key`, which takes a text, has for it.
MaybeFault check_text(const ProfileKey& key, const std::string& text);

/// An item of `key`, which takes texts: a certificate, a serial number, an item of the setup assistant.
MaybeFault check_item(const ProfileKey& key, const std::string& text);

/// `text` in quotes with its control characters escaped, cut when it is long.
std::string shown(const std::string& text);

/// The address of `url`, or of `configuration_web_url` without `word`. url_check.cc
MaybeFault check_url(const std::string& text, std::string_view word);
/// An item of `anchor_certs`. certificate_check.cc
MaybeFault check_certificate(const std::string& text);

}  // namespace muster
