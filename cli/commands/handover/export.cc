#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <ostream>
#include <thread>

#include "base/text/strings.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/handover/nanodep_files.h"
#include "cli/output/fields.h"
#include "model/text/account_name.h"

namespace muster::cli {
namespace {

constexpr auto kUntilAtRest = std::chrono::minutes(5);
constexpr auto kLook = std::chrono::milliseconds(200);

std::string path_of_account(const std::string& name) { return "/api/v1/accounts/" + name; }

Result<> pause(Api& server, const std::string& name, bool paused) {
  MUSTER_TRY(server.send("PUT", path_of_account(name), boost::json::object{{"paused", paused}}));
  return {};
}

// Of a run that had begun before the pause.
Result<> await_rest(Api& server, const std::string& name) {
  for (const auto end = std::chrono::steady_clock::now() + kUntilAtRest;;) {
    MUSTER_TRY(const auto answer, server.get("/api/v1/accounts"));
    bool is_running = false;
    for (const auto* account : objects_of(answer, "accounts"))
      is_running = is_running || (text_of(*account, "name") == name && is_true(*account, "running"));
    if (!is_running) return {};
    if (std::chrono::steady_clock::now() >= end)
      return failure(Code::busy, fmt::format("the account '{}' is still being worked", name),
                     "Try again later");
    std::this_thread::sleep_for(kLook);
  }
}

Error unfinished(const std::string& name, const std::string& waiting) {
  return {Code::conflict,
          fmt::format("{} devices of the account '{}' wait for their profile; NanoDEP would not assign them",
                      waiting, name),
          "Wait until `mdmctl get dep-status` shows none. -force exports all the same",
          {}};
}

OldAccount account_in(const boost::json::object& answer) {
  OldAccount account{.name = text_of(answer, "name")};
  if (const auto* token = answer.if_contains("token"); token && token->is_object())
    account.token = token->get_object();
  account.base_url = text_of(answer, "base_url");
  account.assigner = text_of(answer, "assigner_profile_uuid");
  account.cursor = text_of(answer, "cursor");
  return account;
}

// The account as it is at rest. Unpauses it where that is not to be.
Result<boost::json::object> export_at_rest(Api& server, const std::string& name, bool force) {
  const std::string path = path_of_account(name) + "/export";
  MUSTER_TRY(const auto before, server.get(path));
  if (const auto waiting = text_of(before, "waiting"); waiting != "0" && !force)
    return failure(unfinished(name, waiting));
  MUSTER_TRY(pause(server, name, true));
  const auto rest = await_rest(server, name);
  auto after = rest ? server.get(path) : Result<boost::json::object>(failure(rest.error()));
  if (after && (force || text_of(*after, "waiting") == "0")) return after;
  if (!is_true(before, "paused")) MUSTER_TRY(pause(server, name, false));
  if (!after) return after;
  return failure(unfinished(name, text_of(*after, "waiting")));
}

}  // namespace

Result<> export_nanodep(Call& call) {
  std::string storage = "filekv", directory, names;
  bool force = false;
  auto flags = call.flags();
  flags.add("storage", &storage, "NanoDEP's storage: filekv or file", "KIND").one_of({"filekv", "file"});
  flags.add("dsn", &directory, "NanoDEP's -storage-dsn, the directory of its storage (required)", "DIR");
  flags.add("names", &names, "the accounts to hand over, between commas (required)", "NAMES");
  flags.add("force", &force, "also while devices wait for their profile, which NanoDEP will not assign");
  MUSTER_TRY(call.parse(flags));
  if (directory.empty()) return call.misuse(flags, "must provide -dsn parameter");
  if (names.empty()) return call.misuse(flags, "must provide -names parameter");
  const auto list = split_list(names, ',');
  for (const auto& name : list) MUSTER_TRY(parse_account_name(name));
  MUSTER_TRY(auto server, call.server());
  for (const auto& name : list) {
    MUSTER_TRY(const auto answer, export_at_rest(server, name, force));
    const auto account = account_in(answer);
    const auto now = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
    const auto written = write_nanodep_files(storage, directory, account, now);
    if (!written)
      return failure(written.error().while_doing(fmt::format("the account '{}' is paused", name)));
    call.out() << fmt::format("handed '{}' over to {}; it is paused in Muster\n", name, directory);
    if (account.assigner.empty())
      call.out() << "  it has no rule with the filter *: NanoDEP assigns nothing to devices that arrive\n";
    if (account.cursor.empty()) call.out() << "  it has no cursor: NanoDEP begins with the full list\n";
  }
  return {};
}

}  // namespace muster::cli
