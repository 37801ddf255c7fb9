#include "cli/commands/apple/answers.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "cli/output/fields.h"
#include "cli/output/table.h"

namespace muster::cli {

size_t print_devices_named(Call& call, const boost::json::object& answer) {
  const auto devices = objects_of(answer, "devices");
  Table table(call.out(), {"SerialNumber", "Model", "Description", "AssetTag", "ProfileStatus"});
  for (const auto* device : devices)
    table.add({text_of(*device, "serial_number"), text_of(*device, "model"), text_of(*device, "description"),
               text_of(*device, "asset_tag"), text_of(*device, "profile_status")});
  table.flush();
  return devices.size();
}

size_t warn_of_rejected(Call& call, const boost::json::object& answer,
                        const std::vector<std::string>& serials, const std::string& done) {
  const auto* devices = answer.if_contains("devices");
  const auto words = devices && devices->is_object() ? devices->as_object() : boost::json::object();
  size_t succeeded = 0;
  for (const auto& serial : serials) {
    const std::string word = text_of(words, serial);
    if (word == "SUCCESS")
      ++succeeded;
    else
      call.warn(fmt::format("{}: not {}: {}", serial, done, word.empty() ? "Apple did not answer" : word));
  }
  return succeeded;
}

}  // namespace muster::cli
