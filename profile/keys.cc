#include "profile/keys.h"

#include <algorithm>
#include <vector>

#include "base/text/did_you_mean.h"
#include "base/text/strings.h"

namespace muster {
namespace {

using Form = ProfileKey::Form;

constexpr ProfileKey kKeys[] = {
    {"profile_name", Form::text, 125, "CONFIG_NAME_INVALID"},
    {"url", Form::text},
    {"configuration_web_url", Form::text},
    {"allow_pairing", Form::flag},
    {"is_supervised", Form::flag},
    {"is_mandatory", Form::flag},
    {"is_mdm_removable", Form::flag},
    {"is_multi_user", Form::flag},
    {"await_device_configured", Form::flag},
    {"auto_advance_setup", Form::flag},
    {"is_return_to_service", Form::flag},
    {"do_not_use_profile_from_backup", Form::flag},
    {"org_magic", Form::text, 256, "MAGIC_INVALID"},
    {"department", Form::text, 125, "DEPARTMENT_INVALID"},
    {"support_phone_number", Form::text, 50, "SUPPORT_PHONE_INVALID"},
    {"support_email_address", Form::text, 250, "SUPPORT_EMAIL_INVALID"},
    {"language", Form::text},
    {"region", Form::text},
    {"anchor_certs", Form::texts},
    {"supervising_host_certs", Form::texts},
    {"skip_setup_items", Form::texts},
    {"devices", Form::texts},
    {"profile_uuid", Form::text},
};

}  // namespace

std::span<const ProfileKey> profile_keys() { return kKeys; }

const ProfileKey* find_profile_key(std::string_view name) {
  const auto* found = std::find_if(std::begin(kKeys), std::end(kKeys),
                                   [&](const ProfileKey& key) { return key.name == name; });
  return found == std::end(kKeys) ? nullptr : found;
}

std::string guess_profile_key(const std::string& name) {
  // Some tools write `supervised` for `is_supervised`.
  if (const auto* key = find_profile_key("is_" + name)) return std::string(key->name);
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const auto& key : kKeys) names.emplace_back(key.name);
    return names;
  }();
  return did_you_mean(to_lower(name), kNames);
}

std::string_view name_at_apple(std::string_view name) {
  struct OtherName {
    std::string_view other, apple;
  };
  constexpr OtherName kOthers[] = {
      {"name", "profile_name"},
      {"profileName", "profile_name"},
      {"display_name", "profile_name"},
      {"server_url", "url"},
      {"mdm_url", "url"},
      {"enroll_url", "url"},
      {"enrollment_url", "url"},
      {"supervised", "is_supervised"},
      {"isSupervised", "is_supervised"},
      {"mandatory", "is_mandatory"},
      {"isMandatory", "is_mandatory"},
      {"removable", "is_mdm_removable"},
      {"mdm_removable", "is_mdm_removable"},
      {"isMdmRemovable", "is_mdm_removable"},
      {"multi_user", "is_multi_user"},
      {"skip_items", "skip_setup_items"},
      {"skip_setup", "skip_setup_items"},
      {"skipSetupItems", "skip_setup_items"},
      {"orgMagic", "org_magic"},
      {"anchor_certificates", "anchor_certs"},
      {"support_phone", "support_phone_number"},
      {"support_email", "support_email_address"},
  };
  for (const auto& [other, apple] : kOthers)
    if (name == other) return apple;
  return {};
}

}  // namespace muster
