// What Apple's service knows beside devices and profiles.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/input/serial_flag.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"

namespace muster::cli {
namespace {

constexpr const char* kDiscoveryPath = "/api/v1/enrollment-discovery";

}  // namespace

Result<> get_beta_tokens(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/api/v1/beta-tokens"));
  const auto tokens = objects_of(answer, "tokens");
  if (format == "json") {
    call.out() << write_json_indented(to_array(tokens)) << '\n';
    return {};
  }
  Table table(call.out(), {"OS", "Title", "Token"});
  for (const auto* token : tokens)
    table.add({text_of(*token, "os"), text_of(*token, "title"), text_of(*token, "token")});
  table.flush();
  return {};
}

Result<> get_enrollment_discovery(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get(kDiscoveryPath));
  if (format == "json") {
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  const std::string url = text_of(answer, "url");
  if (url.empty())
    call.out() << "Apple has no address for account-driven enrollment\n";
  else
    call.out() << fmt::format("{}, since {}\n", url, text_of(answer, "updated_at"));
  return {};
}

Result<> apply_enrollment_discovery(Call& call) {
  std::string url;
  auto flags = call.flags();
  flags.add("url", &url, "address of the discovery document, https://... (required)", "URL");
  MUSTER_TRY(call.parse(flags));
  if (url.empty()) return call.misuse(flags, "must provide -url");
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("PUT", kDiscoveryPath, boost::json::object{{"url", url}}));
  call.out() << fmt::format("Apple sends devices for account-driven enrollment to {}\n", url);
  return {};
}

Result<> remove_enrollment_discovery(Call& call) {
  auto flags = call.flags();
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("DELETE", kDiscoveryPath, boost::json::object()));
  call.out() << "removed the address for account-driven enrollment\n";
  return {};
}

Result<> get_replacement(Call& call) {
  std::string text, format = "table";
  auto flags = call.flags();
  flags.add("serial", &text, "serial number of the new device (required)", "SERIAL");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(const auto serials, serials_in_flag(text));
  if (serials.size() != 1) return call.misuse(flags, "must provide -serial with one serial number");
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/api/v1/replacements/" + percent_encode(serials.front())));
  if (format == "json")
    call.out() << write_json_indented(answer) << '\n';
  else
    call.out() << fmt::format("{} replaces {}, since {}\n", text_of(answer, "serial_number"),
                              text_of(answer, "original_serial_number"), text_of(answer, "replaced_on"));
  return {};
}

}  // namespace muster::cli
