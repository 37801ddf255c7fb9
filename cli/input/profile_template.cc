#include "cli/input/profile_template.h"

#include <boost/json.hpp>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "cli/output/fields.h"

namespace muster::cli {

// The keys and their order are those of MicroMDM's template. Apple refuses empty texts, and a profile that
// cannot be removed on a device that is not supervised: so every text has something in it, and is_supervised
// is true, which newer systems take for granted anyway.
std::string profile_template(const std::vector<std::string>& anchor_certificates) {
  std::vector<std::string> anchors;
  for (const auto& der : anchor_certificates) anchors.push_back(base64_encode(der));
  const boost::json::value profile = {
      {"profile_name", "(Required) Human readable name"},
      {"url", "https://mymdm.example.org/mdm/enroll"},
      {"allow_pairing", true},
      {"is_supervised", true},
      {"is_multi_user", false},
      {"is_mandatory", false},
      {"await_device_configured", false},
      {"is_mdm_removable", true},
      {"support_phone_number", "(Optional) +1 408 555 1010"},
      {"support_email_address", "(Optional) support@example.com"},
      {"org_magic", "(Optional)"},
      {"anchor_certs", to_array(anchors)},
      {"supervising_host_certs", boost::json::array()},
      {"skip_setup_items", {"AppleID", "Android"}},
      {"department", "(Optional) IT department"},
      {"devices", boost::json::array()},
  };
  return write_json_indented(profile) + "\n";
}

}  // namespace muster::cli
