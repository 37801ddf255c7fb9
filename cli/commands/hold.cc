#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "cli/client/call.h"
#include "cli/client/plan_print.h"
#include "cli/commands/commands.h"
#include "cli/input/serial_flag.h"
#include "cli/output/fields.h"

namespace muster::cli {
namespace {

// Sends the serials of -serials, and gives the answer.
Result<boost::json::object> send_serials(Call& call, const char* method) {
  std::string list;
  auto flags = call.flags();
  flags.add("serials", &list, "comma separated list of device serials (required)", "A,B").add_up();
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(const auto serials, serials_in_flag(list));
  if (serials.empty()) {
    MUSTER_TRY(call.misuse(flags, "must provide -serials"));
  }
  MUSTER_TRY(auto server, call.server());
  return server.send(method, "/api/v1/holds", boost::json::object{{"serials", to_array(serials)}});
}

}  // namespace

Result<> hold(Call& call) {
  MUSTER_TRY(const auto answer, send_serials(call, "POST"));
  call.out() << fmt::format("holding {}: rules leave {} alone\n", devices_of(text_of(answer, "held")),
                            text_of(answer, "held") == "1" ? "it" : "them");
  return {};
}

Result<> release(Call& call) {
  MUSTER_TRY(const auto answer, send_serials(call, "DELETE"));
  call.out() << fmt::format("released {}, of which {} now get a profile by a rule\n",
                            devices_of(text_of(answer, "released")), text_of(answer, "assigned"));
  return {};
}

}  // namespace muster::cli
