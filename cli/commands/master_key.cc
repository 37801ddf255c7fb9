#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"

namespace muster::cli {
namespace {

std::string use_of(const boost::json::object& key) {
  if (is_true(key, "seals")) return "seals new secrets";
  return is_true(key, "removable") ? "can be removed" : "still needed";
}

}  // namespace

Result<> rotate_master_key(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.send("POST", "/api/v1/master-key/rotate", boost::json::object{}));
  if (format == "json") {
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  call.out() << fmt::format("sealed {} secrets again\n\n", text_of(answer, "resealed"));
  Table table(call.out(), {"Key", "Secrets", "Use", "Source"});
  for (const auto* key : objects_of(answer, "keys"))
    table.add({text_of(*key, "key"), text_of(*key, "secrets"), use_of(*key), text_of(*key, "source")});
  table.flush();
  return {};
}

}  // namespace muster::cli
