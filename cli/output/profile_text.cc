#include "cli/output/profile_text.h"

#include "cli/output/fields.h"

namespace muster::cli {

std::string profile_text(const boost::json::object& object, const std::string& key) {
  const auto uuid = text_of(object, key), name = text_of(object, key + "_name");
  if (uuid.empty()) return "no profile";
  return name.empty() ? uuid : name + " (" + uuid + ")";
}

}  // namespace muster::cli
