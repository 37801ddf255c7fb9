#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/json.hpp>
#include <ostream>

#include "base/os/files.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/client/certificate.h"
#include "cli/client/move_devices.h"
#include "cli/client/server_chain.h"
#include "cli/commands/commands.h"
#include "cli/commands/profile_registry.h"
#include "cli/input/file_kind.h"
#include "cli/input/profile_file.h"
#include "cli/input/profile_template.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/printable.h"
#include "cli/output/table.h"

namespace muster::cli {

namespace {

constexpr size_t kAnchorLimit = 1 << 20;  // bytes; a chain is about 10 KiB

Result<> print_template(Call& call, const std::string& anchor_path, bool use_server_certificate) {
  std::vector<std::string> anchors;
  if (!anchor_path.empty()) {
    MUSTER_TRY(const auto pem, call.read_input(anchor_path, kAnchorLimit));
    auto certificates = certificates_of_pem(pem);
    if (!certificates) return failure(certificates.error().while_doing(anchor_path));
    anchors = *std::move(certificates);
  }
  if (use_server_certificate) {
    MUSTER_TRY(const auto config, call.server_config());
    MUSTER_TRY(const auto chain, chain_of_server(config));
    anchors.insert(anchors.end(), chain.begin(), chain.end());
  }
  call.out() << profile_template(anchors);
  return {};
}

// The profile's `devices` key assigns it at once; Apple answers for each.
void warn_of_refused(Call& call, const boost::json::object& answer) {
  const auto* devices = answer.if_contains("devices");
  if (!devices || !devices->is_object()) return;
  for (const auto& device : devices->get_object()) {
    const auto word = text_of(devices->get_object(), device.key());
    if (word == "SUCCESS") continue;
    call.warn(fmt::format("{}: {}: the profile is not assigned to this device",
                          std::string_view(device.key()), word));
    call.exit_with(kPartly);
  }
}

// A profile cannot be taken back once it is defined, so a filter that will be refused is found out before. A
// server that cannot check (MicroMDM's) is asked nothing more.
Result<> check_filter(Api& server, const std::string& filter) {
  const auto checked = server.get("/api/v1/filters?filter=" + percent_encode(filter));
  if (!checked && checked.error().code != Code::not_found) return failure(checked.error());
  return {};
}

// MicroMDM's server knows nothing of previews, and would define the profile.
Result<> check_previews(Api& server) {
  const auto checked = server.get("/api/v1/filters?filter=%2A");
  if (checked || checked.error().code != Code::not_found) return {};
  return failure(Code::invalid, "this server cannot preview what a profile would move, so nothing was sent",
                 "-dry-run needs a muster server");
}

Result<> validate(Call& call, const std::string& path) {
  MUSTER_TRY(const auto file, read_profile(call, path));
  call.out() << (file.findings.empty() ? printable(file.name) + ": no findings\n" : report_of(file));
  if (file.has_errors()) return failure(Code::invalid, error_count_of(file));
  return {};
}

struct ProfileToApply {
  std::string path;
  std::string filter;
  bool force = false;
  bool if_changed = false;
  VersionFlags how = {};
};

void report_definition(Call& call, const boost::json::object& answer) {
  const std::string uuid = text_of(answer, "profile_uuid");
  if (is_true(answer, "unchanged"))
    call.out() << printable(fmt::format("DEP Profile \"{}\" is unchanged: version {} with UUID {}\n",
                                        text_of(answer, "name"), text_of(answer, "version"), uuid));
  else
    call.out() << fmt::format("Defined DEP Profile with UUID {}\n", uuid) << versions_text(answer);
  warn_of_refused(call, answer);
}

Result<> define(Call& call, const ProfileToApply& wanted) {
  const auto& [path, filter, force, if_changed, how] = wanted;
  MUSTER_TRY(auto file, read_profile(call, path));
  call.report(report_of(file));
  if (file.has_errors() && (!force || !file.is_object()))
    return failure(Code::invalid, error_count_of(file) + ", so nothing was sent",
                   file.is_object() ? "With -force it is sent as it is" : "");
  MUSTER_TRY(auto server, call.server());
  if (!filter.empty()) MUSTER_TRY(check_filter(server, filter));
  if (how.change.dry_run) MUSTER_TRY(check_previews(server));
  const Change change{.method = "PUT",
                      .path = if_changed ? "/v1/dep/profiles?if_changed=1" : "/v1/dep/profiles",
                      .body = {},
                      .document = std::move(file.text)};
  boost::json::object answer;
  MUSTER_TRY(make_change(call, server, how.change, change, [&](const boost::json::object& told, bool made) {
    answer = told;
    if (made && !text_of(answer, "profile_uuid").empty()) report_definition(call, answer);
    if (!how.move) print_plan_of(call, answer, made, !made);  // else -move tells of all devices
  }));
  if (how.change.dry_run) return {};
  const std::string uuid = text_of(answer, "profile_uuid");
  if (uuid.empty()) return failure(Code::remote, "the server gave no UUID for the profile");
  MUSTER_TRY(move_devices(call, server, how, text_of(answer, "name")));
  if (filter.empty()) return {};

  const auto saved = server.send("POST", "/v1/dep/autoassigners",
                                 boost::json::object({{"filter", filter}, {"profile_uuid", uuid}}));
  if (!saved) {
    Error error =
        saved.error().while_doing("the profile is defined, but its auto-assign filter is not saved");
    if (error.hint.empty())
      error.hint = fmt::format("Then run `mdmctl apply dep-autoassigner{} -uuid {} -filter FILTER`",
                               call.account_flag(), uuid);
    return failure(std::move(error));
  }
  call.out() << fmt::format("Saved auto-assign filter '{}' for this DEP profile\n", filter);
  return {};
}

}  // namespace

Result<> apply_dep_profiles(Call& call) {
  ProfileToApply wanted;
  std::string anchor;
  bool print = false, use_server_certificate = false, check_only = false;
  auto flags = call.flags();
  flags.add("f", &wanted.path, "filename of DEP profile to apply; - reads standard input", "FILE");
  flags.add("filter", &wanted.filter,
            "set the auto-assign filter for the defined profile: '*' for every new device", "FILTER");
  flags.add("template", &print, "print a JSON example of a DEP profile");
  flags.add("anchor", &anchor, "filename of PEM cert(s) to add to anchor certs in template", "FILE");
  flags.add("use-server-cert", &use_server_certificate,
            "use the server cert(s) to add to anchor certs in template");
  flags.add("validate", &check_only, "only check the file: nothing is sent, and no server is needed");
  flags.add("force", &wanted.force, "send the profile even if it has errors");
  flags.add("if-changed", &wanted.if_changed,
            "define nothing when the current version of the profile's name is the same");
  wanted.how.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  const auto& [path, filter, force, if_changed, how] = wanted;
  if (path.empty() && !print) return call.misuse(flags, "must provide -f or -template parameter");
  if (print && (!path.empty() || !filter.empty()))
    return call.misuse(flags, "-template prints an example and applies nothing: leave out -f and -filter");
  if (print && (if_changed || force || how.move || how.change.yes))
    return call.misuse(
        flags,
        "-template prints an example and applies nothing: leave out -force, -if-changed, -move and -yes");
  if (check_only && (print || force || if_changed || how.move || how.change.yes || !filter.empty()))
    return call.misuse(flags, "-validate only checks the file: leave out the flags that define");
  if ((check_only || (print && !use_server_certificate)) && flags.given("account"))
    return call.misuse(flags, "-account has no effect: the server is not asked");
  if (!print && (!anchor.empty() || use_server_certificate))
    return call.misuse(flags, "-anchor and -use-server-cert add to what -template prints, not to a file");
  MUSTER_TRY(how.check());
  MUSTER_TRY(check_shell_star(filter));
  if (how.change.dry_run && (print || check_only || !filter.empty()))
    return call.misuse(
        flags, "-dry-run shows what the new version moves: leave out -template, -validate and -filter");
  if (print) return print_template(call, anchor, use_server_certificate);
  return check_only ? validate(call, path) : define(call, wanted);
}

namespace {

void print_table(Call& call, const boost::json::object& profile) {
  const auto truth = [&](std::string_view key) { return is_true(profile, key) ? "true" : "false"; };
  Table table(call.out(), {"Name", "Mandatory", "Removable", "AwaitConfigured", "SkippedItems"});
  table.add({text_of(profile, "profile_name"), truth("is_mandatory"), truth("is_mdm_removable"),
             truth("await_device_configured"),
             fmt::format("{}", fmt::join(strings_of(profile, "skip_setup_items"), ","))});
  table.flush();
}

}  // namespace

Result<> get_dep_profiles(Call& call) {
  std::string uuid, path, name, format = "table";
  auto flags = call.flags();
  flags.add("uuid", &uuid, "show this one as Apple has it", "UUID");
  flags.add("f", &path, "with -uuid: filename to save the DEP profile to, as JSON; - prints it", "FILE");
  flags.add("name", &name, "list all versions of this name", "NAME");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  if (uuid.empty() && !path.empty()) return call.misuse(flags, "-f saves one profile: name it by -uuid");
  if (!uuid.empty() && flags.given("name"))
    return call.misuse(flags, "-uuid shows one profile: leave out -name");
  if (!path.empty() && flags.given("o")) return call.misuse(flags, "-f saves JSON: leave out -o");
  if (uuid.empty()) return list_profiles(call, name, format);

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(auto profile, server.send("POST", "/v1/dep/profiles", boost::json::object{{"uuid", uuid}}));
  if (profile.empty()) return failure(Code::not_found, "the server gave no profile with UUID " + uuid);

  if (path.empty() && format == "table") {
    print_table(call, profile);
    return {};
  }
  const std::string text = write_json_indented(std::move(profile)) + "\n";
  if (path.empty() || path == "-") {
    call.out() << text;
    return {};
  }
  MUSTER_TRY(write_file(path, text));
  call.out() << fmt::format("Wrote DEP profile {} to: {}\n", uuid, path);
  return {};
}

Result<> rollback_dep_profile(Call& call) {
  std::string name;
  long long version = 0;
  VersionFlags how;
  auto flags = call.flags();
  flags.add("name", &name, "the profile's name, as `mdmctl get dep-profiles` lists it (required)", "NAME");
  flags.add("version", &version, "the version to go to; by default, the one before the current one", "N");
  how.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name");
  if (flags.given("version") && version < 1) return call.misuse(flags, "-version must be 1 or more");
  MUSTER_TRY(how.check());

  MUSTER_TRY(auto server, call.server());
  boost::json::object body;
  if (version > 0) body["version"] = version;
  const Change change{"POST", "/api/v1/profiles/" + percent_encode(name) + "/rollback", std::move(body)};
  MUSTER_TRY(make_change(call, server, how.change, change, [&](const boost::json::object& answer, bool made) {
    if (made)
      call.out() << fmt::format("Rolled back to DEP Profile with UUID {}\n", text_of(answer, "profile_uuid"))
                 << versions_text(answer);
    if (!how.move) print_plan_of(call, answer, made, !made);  // else -move tells of all devices
  }));
  return move_devices(call, server, how, name);
}

}  // namespace muster::cli
