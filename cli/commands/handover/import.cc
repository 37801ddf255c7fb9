#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <ostream>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/text/strings.h"
#include "base/time/rfc3339.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/handover/nanodep_files.h"
#include "cli/handover/old_servers.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"
#include "model/text/account_name.h"

namespace muster::cli {
namespace {

// The clocks of two machines, and of Apple, need not agree.
constexpr Millis kClocksApart = std::chrono::hours(1);
// Where nobody knows when the old server looked last: NanoDEP and MicroMDM do every half an hour.
constexpr Millis kUsualWindow = std::chrono::hours(24);

struct ImportFlags {
  bool dry_run = false;
  Millis arrivals_within = kUsualWindow;
  std::string format = "table";

  void add_to(FlagSet& flags) {
    flags.add(
        "arrivals-within", &arrivals_within,
        "devices without a profile that Apple assigned to the service within this time before now count as new; "
        "when not given, since the old server stored its cursor, or 24h where that is unknown");
    flags.add("dry-run", &dry_run, "show what would be imported, and change nothing");
    add_form(flags, &format);
  }
};

struct Renamed {
  std::string old_name;  // in the old server
  std::string name;      // in Muster
};

// `-names A,B=b`: which of the old server's names, and what they are called in Muster.
Result<std::vector<Renamed>> names_to_import(OldServer& source, const std::string& list) {
  std::vector<Renamed> names;
  if (list.empty()) {
    MUSTER_TRY(const auto all, source.names());
    for (const auto& name : all) names.push_back({name, name});
  }
  for (const auto& each : split_list(list, ',')) {
    const size_t equals = each.find('=');
    const std::string old_name = each.substr(0, equals);
    names.push_back({old_name, equals == std::string::npos ? old_name : each.substr(equals + 1)});
  }
  std::map<std::string, std::string> taken;
  for (const auto& [old_name, name] : names) {
    if (const auto valid = parse_account_name(name); !valid)
      return failure(
          Code::invalid,
          fmt::format("the DEP name \"{}\" cannot be the name of an account in Muster: {}", old_name,
                      valid.error().message),
          fmt::format("Give it another: -names '{}=NAME' (with -names, only those are imported)", old_name));
    if (const auto [other, is_new] = taken.emplace(name, old_name); !is_new)
      return failure(Code::invalid, fmt::format("\"{}\" and \"{}\" cannot both become the account \"{}\"",
                                                other->second, old_name, name));
  }
  return names;
}

boost::json::object body_of(const OldAccount& account, std::string_view program, const ImportFlags& flags,
                            bool window_given, Time now) {
  boost::json::object body{{"source", std::string(program)}, {"dry_run", flags.dry_run}};
  if (account.token) body["token"] = *account.token;
  if (!account.base_url.empty()) body["base_url"] = account.base_url;
  if (!account.key_pairs.empty()) {
    boost::json::array pairs;
    for (const auto& pair : account.key_pairs)
      pairs.push_back({{"certificate_pem", pair.certificate_pem}, {"private_key_pem", pair.private_key_pem}});
    body["key_pairs"] = std::move(pairs);
  }
  if (!account.assigner.empty()) body["assigner_profile_uuid"] = account.assigner;
  if (!account.profiles.empty()) body["profile_uuids"] = to_array(account.profiles);
  if (!account.cursor.empty()) body["cursor"] = account.cursor;
  const Time since = account.cursor_stored && !window_given
                         ? std::min(*account.cursor_stored, now) - kClocksApart
                         : now - flags.arrivals_within;
  body["arrivals_since"] = format_rfc3339(since);
  return body;
}

// What became of the accounts, as a table or as JSON.
class Outcome {
 public:
  explicit Outcome(const ImportFlags& flags) : flags_(flags) {}

  void add(const Renamed& renamed, const OldAccount& account, const boost::json::object& answer) {
    ++imported_;
    auto parts = answer;
    boost::json::array missing;
    for (const auto& text : account.unavailable) {
      const size_t colon = text.find(": ");
      missing.push_back(
          {{"part", text.substr(0, colon)}, {"result", "unavailable"}, {"detail", text.substr(colon + 2)}});
    }
    if (!account.token)
      missing.push_back({{"part", "token"},
                         {"result", "none"},
                         {"detail", "Muster makes no calls to Apple for the account before it has one"}});
    if (account.assigner.empty())
      missing.push_back({{"part", "assigner"},
                         {"result", "none"},
                         {"detail", "devices that arrive get no profile before there is a rule for them"}});
    auto& list = parts["parts"];
    if (!list.is_array()) list = boost::json::array();
    for (auto& each : missing) list.as_array().push_back(std::move(each));
    parts["old_name"] = renamed.old_name;
    was_applied_ = was_applied_ || is_true(answer, "applied");
    accounts_.push_back(std::move(parts));
  }
  void add_failure(const Renamed& renamed, const Error& error) {
    failures_.push_back({renamed.old_name, error});
  }

  Result<> print(Call& call) const {
    if (flags_.format == "json") {
      boost::json::array failed;
      for (const auto& [name, error] : failures_)
        failed.push_back({{"old_name", name}, {"error", error.text()}});
      call.out() << write_json_indented(
                        boost::json::object{{"accounts", accounts_}, {"failed", std::move(failed)}})
                 << '\n';
    } else {
      print_table(call);
    }
    for (const auto& [name, error] : failures_)
      call.warn(fmt::format("the DEP name \"{}\" was not imported: {}", name, error.text()));
    if (failures_.empty()) return {};
    if (imported_ == 0)
      return failure(failures_.front().second.code,
                     fmt::format("none of {} accounts was imported", failures_.size()));
    call.exit_with(kPartly);
    return {};
  }

 private:
  void print_table(Call& call) const {
    if (accounts_.empty()) return;
    Table table(call.out(), {"Account", "What", "Result", "Detail"});
    for (const auto& each : accounts_) {
      const auto& account = each.get_object();
      for (const auto* part : objects_of(account, "parts")) {
        const auto result = text_of(*part, "result");
        table.add({text_of(account, "name"), text_of(*part, "part"),
                   flags_.dry_run && result == "imported" ? "would be imported" : result,
                   text_of(*part, "detail")});
      }
    }
    table.flush();
    if (flags_.dry_run)
      call.out() << "nothing was changed (-dry-run)\n";
    else if (!was_applied_)
      call.out() << "everything was here already; nothing was changed\n";
    else
      call.out()
          << "Muster is reading the devices; `mdmctl get dep-status` shows the progress. Afterwards, run\n"
             "`mdmctl import dep-profiles -account NAME` to add the other profiles that devices have\n";
  }

  const ImportFlags& flags_;
  boost::json::array accounts_;
  std::vector<std::pair<std::string, Error>> failures_;
  int imported_ = 0;
  bool was_applied_ = false;
};

Result<> import_from(Call& call, OldServer& source, const ImportFlags& flags, bool window_given,
                     const std::vector<Renamed>& names) {
  if (names.empty())
    return failure(Code::not_found, fmt::format("{} has no account to import", source.program()),
                   "Name them by -names: NanoDEP does not list names that never had a key pair");
  Outcome outcome(flags);
  MUSTER_TRY(auto server, call.server());
  for (const auto& renamed : names) {
    call.progress(fmt::format("importing {} ...", renamed.old_name));
    const auto account = source.account(renamed.old_name);
    if (!account) {
      outcome.add_failure(renamed, account.error());
      continue;
    }
    const auto now = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
    const auto answer = server.send("POST", "/api/v1/accounts/" + renamed.name + "/import",
                                    body_of(*account, source.program(), flags, window_given, now));
    if (answer)
      outcome.add(renamed, *account, *answer);
    else
      outcome.add_failure(renamed, answer.error());
  }
  call.progress("");
  return outcome.print(call);
}

Result<std::unique_ptr<OldServer>> open_storage(const std::string& storage, const std::string& dsn) {
  if (storage == "pgsql" || storage == "mysql") {
    MUSTER_TRY(auto database, storage == "pgsql" ? open_postgres(dsn) : open_mysql(dsn));
    return nanodep_in_database(std::move(database));
  }
  return open_nanodep_files(storage, dsn);
}

}  // namespace

Result<> import_nanodep(Call& call) {
  std::string url, api_key, storage, dsn, names;
  bool skip_verify = false;
  ImportFlags options;
  auto flags = call.flags();
  flags.add("url", &url, "address of NanoDEP's depserver: reads by its API", "URL");
  flags.add("api-key", &api_key, "NanoDEP's API key, with -url", "KEY");
  flags.add("skip-verify", &skip_verify, "do not verify the certificate of -url");
  flags
      .add(
          "storage", &storage,
          "reads NanoDEP's storage instead, which also has key pairs and cursors: filekv, file, mysql or pgsql",
          "KIND")
      .one_of({"filekv", "file", "mysql", "pgsql"});
  flags.add("dsn", &dsn, "with -storage, NanoDEP's -storage-dsn: a directory, or the address of a database",
            "DSN");
  flags.add(
      "names", &names,
      "the DEP names to import, between commas; all of them when not given. OLD=NEW gives one another name",
      "NAMES");
  options.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  if (url.empty() == storage.empty())
    return call.misuse(flags, "say where NanoDEP is: -url and -api-key, or -storage and -dsn");
  if (!url.empty() && (api_key.empty() || !dsn.empty()))
    return call.misuse(flags, "-url goes with -api-key, and without -dsn");
  if (!storage.empty() && (dsn.empty() || !api_key.empty() || skip_verify))
    return call.misuse(flags, "-storage goes with -dsn, and without -api-key and -skip-verify");

  std::unique_ptr<OldServer> source;
  if (url.empty()) {
    MUSTER_TRY(source, open_storage(storage, dsn));
  } else {
    MUSTER_TRY(auto api, ApiOfOldServer::create(url, kNanodepUser, api_key, skip_verify));
    source = nanodep_by_api(std::move(api));
  }
  MUSTER_TRY(const auto renamed, names_to_import(*source, names));
  return import_from(call, *source, options, flags.given("arrivals-within"), renamed);
}

Result<> import_micromdm(Call& call) {
  std::string url, api_token, name = "default";
  bool skip_verify = false;
  ImportFlags options;
  auto flags = call.flags();
  flags.add("url", &url, "address of MicroMDM (required)", "URL");
  flags.add("api-token", &api_token, "MicroMDM's API key (required)", "KEY");
  flags.add("skip-verify", &skip_verify, "do not verify the certificate of -url");
  flags.add("name", &name, "the account in Muster that MicroMDM's one becomes", "NAME");
  options.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  if (url.empty()) return call.misuse(flags, "must provide -url parameter");
  if (api_token.empty()) return call.misuse(flags, "must provide -api-token parameter");
  MUSTER_TRY(auto api, ApiOfOldServer::create(url, kMicromdmUser, api_token, skip_verify));
  const auto source = micromdm_by_api(std::move(api));
  MUSTER_TRY(const auto renamed, names_to_import(*source, "default=" + name));
  return import_from(call, *source, options, flags.given("arrivals-within"), renamed);
}

Result<> import_dep_profiles(Call& call) {
  bool dry_run = false;
  std::string format = "table";
  auto flags = call.flags();
  flags.add("dry-run", &dry_run, "show which profiles would be added, and change nothing");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer,
             server.send("POST", "/api/v1/profiles/import", boost::json::object{{"dry_run", dry_run}}));
  if (format == "json") {
    call.out() << write_json_indented(answer) << '\n';
    return {};
  }
  const auto profiles = objects_of(answer, "profiles");
  if (profiles.empty()) {
    call.out() << "every profile that devices have is known already\n";
    return {};
  }
  Table table(call.out(), {"UUID", "Name", "Version", "Result", "Detail"});
  for (const auto* profile : profiles) {
    const auto result = text_of(*profile, "result");
    table.add({text_of(*profile, "profile_uuid"), text_of(*profile, "name"), text_of(*profile, "version"),
               dry_run && result == "imported" ? "would be imported" : result, text_of(*profile, "detail")});
  }
  table.flush();
  const auto left = text_of(answer, "left");
  if (left != "0" && !left.empty())
    call.out() << fmt::format("{} more profiles are left: run the command again\n", left);
  return {};
}

}  // namespace muster::cli
