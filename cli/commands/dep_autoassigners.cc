#include <fmt/format.h>
#include <boost/json.hpp>
#include <ostream>

#include "base/text/flags.h"
#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/client/change.h"
#include "cli/commands/commands.h"
#include "cli/input/file_kind.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"
#include "model/text/ids_text.h"

namespace muster::cli {

namespace {

struct WantedRule {
  std::string filter = "*", uuid, profile, name, scope;
  long long priority = 100;
  Millis enroll_within{};
  bool no_profile = false;
};

// MicroMDM's call, which every server understands.
Result<> save_as_micromdm(Call& call, const WantedRule& wanted) {
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("POST", "/v1/dep/autoassigners",
                         boost::json::object({{"filter", wanted.filter}, {"profile_uuid", wanted.uuid}})));
  call.out() << fmt::format(
      "saved auto-assign filter '{}' to DEP profile UUID '{}'\n"
      "newly added DEP devices will be auto-assigned to the above profile UUID\n",
      wanted.filter, wanted.uuid);
  return {};
}

boost::json::object to_json(const WantedRule& wanted, const FlagSet& flags) {
  boost::json::object body;
  if (!wanted.filter.empty()) body["filter"] = wanted.filter;
  if (flags.given("name")) body["name"] = wanted.name;
  if (flags.given("priority")) body["priority"] = wanted.priority;
  if (!wanted.scope.empty()) body["scope"] = wanted.scope;
  if (flags.given("enroll-within"))
    body["enroll_within"] = std::chrono::floor<std::chrono::seconds>(wanted.enroll_within).count();
  if (!wanted.uuid.empty()) body["profile_uuid"] = wanted.uuid;
  if (!wanted.profile.empty()) body["profile_name"] = wanted.profile;
  if (wanted.no_profile) body["no_profile"] = true;
  return body;
}

Millis seconds_of(const boost::json::object& object, std::string_view key) {
  const auto* const value = object.if_contains(key);
  return value && value->is_int64() ? Millis(std::chrono::seconds(value->get_int64())) : Millis(0);
}

std::string given_by(const boost::json::object& rule) {
  const auto name = text_of(rule, "profile_name"), uuid = text_of(rule, "profile_uuid");
  if (uuid.empty()) return "no profile";
  return name.empty() ? fmt::format("DEP profile UUID '{}'", uuid)
                      : fmt::format("DEP profile '{}' (now UUID '{}')", name, uuid);
}

void say_saved(Call& call, const boost::json::object& answer) {
  const auto* found = answer.if_contains("rule");
  const boost::json::object none;
  const auto& rule = found && found->is_object() ? found->get_object() : none;
  const auto name = text_of(rule, "name"), scope = text_of(rule, "scope");
  call.out() << fmt::format("saved auto-assign filter '{}'{} to {}\n", text_of(rule, "filter"),
                            name.empty() ? "" : fmt::format(" named '{}'", name), given_by(rule))
             << fmt::format("priority {}, scope {}: it is for {}\n", text_of(rule, "priority"), scope,
                            scope == "all"          ? "every device that it is the first to cover"
                            : scope == "unassigned" ? "devices that arrive, and those that have no profile"
                                                    : "devices that arrive");
  if (const auto within = seconds_of(rule, "enroll_within"); within > Millis(0))
    call.out() << fmt::format("a device that does not enroll within {} is late\n", format_duration(within));
}

}  // namespace

Result<> apply_dep_autoassigner(Call& call) {
  WantedRule wanted;
  ChangeFlags change;
  auto flags = call.flags();
  flags.add("filter", &wanted.filter, "filter string: '*' is every device; docs/filters.md has the language",
            "FILTER");
  flags.add("uuid", &wanted.uuid, "DEP profile UUID to set", "UUID");
  flags.add("profile", &wanted.profile, "or the name of a DEP profile: the rule follows its versions",
            "NAME");
  flags.add("no-profile", &wanted.no_profile, "or none, on purpose");
  flags
      .add("name", &wanted.name,
           "a name for the rule; with the name of one that exists, -filter changes its filter", "NAME")
      .allow_empty();
  flags.add("priority", &wanted.priority,
            "lower is tried first, and of two alike the older one; a bare '*' comes last where none is given",
            "N");
  flags
      .add("scope", &wanted.scope,
           "new: devices that arrive (default); unassigned: also those that have no profile; all: also those "
           "that have another",
           "SCOPE")
      .one_of({"new", "unassigned", "all"});
  flags.add("enroll-within", &wanted.enroll_within,
            "how long a device may take to enroll once it has the profile, like 14d, or it is late: see "
            "docs/enrollments.md; 0s for no limit");
  change.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(change.check());
  MUSTER_TRY(check_shell_star(wanted.filter));
  // Another text is the name of a profile, which our own server looks up.
  wanted.uuid = read_profile_uuid(wanted.uuid).value_or(ProfileUuid()).str();
  const bool is_uuid = is_profile_uuid(wanted.uuid);
  if (flags.given("name") && !wanted.name.empty() && !flags.given("filter")) wanted.filter.clear();
  const int profiles = int(flags.given("uuid")) + int(flags.given("profile")) + int(wanted.no_profile);
  if (profiles > 1) return call.misuse(flags, "-uuid, -profile and -no-profile exclude each other");
  const bool changes_one =
      flags.given("priority") || flags.given("scope") || flags.given("name") || flags.given("enroll-within");
  if ((wanted.filter.empty() && wanted.name.empty()) || (profiles == 0 && !changes_one))
    return call.misuse(flags, "must provide both -filter and -uuid");

  const bool as_micromdm = is_uuid && !changes_one && !change.dry_run && !change.yes;
  if (as_micromdm) return save_as_micromdm(call, wanted);
  MUSTER_TRY(auto server, call.server());
  const Change to_make{"PUT", "/api/v1/rules", to_json(wanted, flags)};
  return make_change(call, server, change, to_make, [&](const boost::json::object& answer, bool made) {
    if (made) say_saved(call, answer);
    if (is_true(answer, "profile_unchecked"))
      call.warn(
          "Apple could not be asked whether it knows the profile; the next run asks, and "
          "`mdmctl get dep-accounts` shows the result");
    print_plan_of(call, answer, made, true);
  });
}

namespace {

Result<> print_short(Call& call, Api& server) {
  MUSTER_TRY(const auto answer, server.get("/v1/dep/autoassigners"));
  Table table(call.out(), {"Filter", "DEP Profile UUID"});
  for (const auto* rule : objects_of(answer, "autoassigners"))
    table.add({text_of(*rule, "filter"), text_of(*rule, "profile_uuid")});
  table.flush();
  return {};
}

std::string profile_of(const boost::json::object& rule) {
  const auto uuid = text_of(rule, "profile_uuid"), name = text_of(rule, "profile_name");
  if (uuid.empty()) return "no profile";
  return name.empty() ? uuid : fmt::format("{} ({})", name, uuid);
}

// What a person should know of the rule, a line below the table.
std::string remark_on(const boost::json::object& rule) {
  if (const auto error = text_of(rule, "filter_error"); !error.empty())
    return fmt::format(
        "does not work: its filter cannot be read ({}). No rule decides about the devices that reach it; apply it again or "
        "remove it",
        error);
  if (const auto broken = text_of(rule, "broken"); !broken.empty())
    return fmt::format("does not work: Apple answered {} to its profile", broken);
  const auto shadows = strings_of(rule, "shadowed_by");
  if (shadows.empty()) return {};
  std::string by;
  for (const auto& shadow : shadows) by += (by.empty() ? "" : ", ") + shadow;
  return fmt::format("gets no device: {} {} before it", by, shadows.size() == 1 ? "comes" : "come");
}

// Rules with a time to enroll in.
void print_late(const Call& call, const boost::json::object& answer) {
  for (const auto* rule : objects_of(answer, "rules")) {
    const auto within = seconds_of(*rule, "enroll_within");
    if (within == Millis(0)) continue;
    const auto name = text_of(*rule, "name"), late = text_of(*rule, "late");
    const auto title = name.empty() ? fmt::format("filter '{}'", text_of(*rule, "filter")) : name;
    const auto time = format_duration(within);
    if (late == "0")
      call.out() << fmt::format("no device of {} is late: they have {} to enroll\n", title, time);
    else if (late == "1")
      call.out() << fmt::format("1 device of {} is late: it has not enrolled within {}\n", title, time);
    else
      call.out() << fmt::format("{} devices of {} are late: they have not enrolled within {}\n", late, title,
                                time);
  }
}

void print_rules(const Call& call, const boost::json::object& answer) {
  auto& out = call.out();
  Table table(out, {"Order", "Name", "Filter", "Scope", "Priority", "Devices", "Matches", "Profile"});
  std::string remarks;
  int order = 0;
  for (const auto* rule : objects_of(answer, "rules")) {
    const auto name = text_of(*rule, "name"), filter = text_of(*rule, "filter");
    table.add({std::to_string(++order), name.empty() ? "-" : name, filter, text_of(*rule, "scope"),
               text_of(*rule, "priority"), text_of(*rule, "devices"), text_of(*rule, "matches"),
               profile_of(*rule)});
    if (const auto remark = remark_on(*rule); !remark.empty())
      remarks +=
          fmt::format("{}. {} {}\n", order, name.empty() ? fmt::format("filter '{}'", filter) : name, remark);
  }
  table.flush();
  if (!remarks.empty()) out << '\n' << remarks;
  out << fmt::format(
      "\n{} devices are covered by no rule; {} of them arrived and wait for one (\"uncovered\")\n",
      text_of(answer, "covered_by_none"), text_of(answer, "uncovered"));
  print_late(call, answer);
  if (text_of(answer, "uncovered") != "0")
    out << fmt::format("`mdmctl get dep-devices -uncovered{}` lists them\n", call.account_flag());
}

}  // namespace

Result<> get_dep_autoassigners(Call& call) {
  bool verbose = false;
  std::string format = "table";
  auto flags = call.flags();
  flags.add("v", &verbose,
            "show the order, the scope, what each rule covers now, and what keeps it from its devices");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  if (verbose && format != "table") return call.misuse(flags, "-v has no effect: -o json shows all");
  MUSTER_TRY(auto server, call.server());
  if (!verbose && format == "table") return print_short(call, server);
  MUSTER_TRY(const auto answer, server.get("/api/v1/rules?counts=1"));
  if (format == "json")
    call.out() << write_json_indented(answer) << '\n';
  else
    print_rules(call, answer);
  return {};
}

Result<> remove_dep_autoassigner(Call& call) {
  std::string filter = "*", name;
  ChangeFlags change;
  auto flags = call.flags();
  flags.add("filter", &filter, "filter of the rule to remove, as `mdmctl get dep-autoassigners` shows it",
            "FILTER");
  flags.add("name", &name, "or its name", "NAME");
  change.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(change.check());
  MUSTER_TRY(check_shell_star(filter));
  if (!name.empty() && flags.given("filter"))
    return call.misuse(flags, "-filter and -name exclude each other");

  MUSTER_TRY(auto server, call.server());
  if (name.empty() && !change.dry_run && !change.yes) {  // MicroMDM's call, which every server understands
    MUSTER_TRY(server.send("DELETE", "/v1/dep/autoassigners", boost::json::object({{"filter", filter}})));
    call.out() << fmt::format("removed DEP profile associated with filter '{}'\n", filter);
    return {};
  }
  const auto which =
      name.empty() ? boost::json::object{{"filter", filter}} : boost::json::object{{"name", name}};
  const Change to_make{"DELETE", "/api/v1/rules", which};
  return make_change(call, server, change, to_make, [&](const boost::json::object& answer, bool made) {
    if (made)
      call.out() << (name.empty() ? fmt::format("removed DEP profile associated with filter '{}'\n", filter)
                                  : fmt::format("removed the rule '{}'\n", name));
    print_plan_of(call, answer, made, true);
  });
}

}  // namespace muster::cli
