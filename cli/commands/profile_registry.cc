#include "cli/commands/profile_registry.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/output/fields.h"
#include "cli/output/printable.h"
#include "cli/output/table.h"

namespace muster::cli {
namespace {

std::string count_of(const boost::json::object& version, std::string_view key) {
  return std::to_string(strings_of(version, key).size());
}

bool is_of_interest(const boost::json::object& version) {
  return is_true(version, "current") || text_of(version, "devices") != "0" ||
         count_of(version, "rules") != "0";
}

std::string devices_text(const std::string& count) {
  if (count == "0") return "no device has";
  return fmt::format("{} device{} still {}", count, count == "1" ? "" : "s", count == "1" ? "has" : "have");
}

}  // namespace

Result<> list_profiles(Call& call, const std::string& name, const std::string& format) {
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get(name.empty() ? std::string("/api/v1/profiles")
                                                        : "/api/v1/profiles/" + percent_encode(name)));
  if (format == "json") {
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  Table table(call.out(),
              {"Name", "Version", "Current", "UUID", "Devices", "Rules", "DefinedAt", "DefinedBy"});
  for (const auto* version : objects_of(answer, name.empty() ? "profiles" : "versions"))
    if (!name.empty() || is_of_interest(*version))
      table.add({text_of(*version, "name"), text_of(*version, "version"),
                 is_true(*version, "current") ? "yes" : "no", text_of(*version, "profile_uuid"),
                 text_of(*version, "devices"), count_of(*version, "rules"), text_of(*version, "defined_at"),
                 text_of(*version, "defined_by")});
  table.flush();
  return {};
}

std::string versions_text(const boost::json::object& answer) {
  const auto* before = answer.if_contains("before");
  if (!before || !before->is_object()) return {};
  const auto version = text_of(answer, "version"), rules = text_of(answer, "rules");
  std::string text = fmt::format("version {} of \"{}\"; {} version {}\n", version, text_of(answer, "name"),
                                 devices_text(text_of(before->get_object(), "devices")),
                                 text_of(before->get_object(), "version"));
  if (rules != "0" && !rules.empty())
    text += fmt::format("{} rule{} the name: what arrives from now on gets version {}\n", rules,
                        rules == "1" ? " follows" : "s follow", version);
  return printable(text);
}

}  // namespace muster::cli
