#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "cli/client/call.h"
#include "cli/client/change.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"

namespace muster::cli {
namespace {

struct Wanted {
  std::string filter = "*", uuid, profile, name, scope;
  long long priority = 100;
  bool no_profile = false;
};

// MicroMDM's call, which every server understands.
Result<> save_as_micromdm(Call& call, const Wanted& wanted) {
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("POST", "/v1/dep/autoassigners",
                         boost::json::object({{"filter", wanted.filter}, {"profile_uuid", wanted.uuid}})));
  call.out() << fmt::format(
      "saved auto-assign filter '{}' to DEP profile UUID '{}'\n"
      "newly added DEP devices will be auto-assigned to the above profile UUID\n",
      wanted.filter, wanted.uuid);
  return {};
}

boost::json::object to_json(const Wanted& wanted, const FlagSet& flags) {
  boost::json::object body;
  if (!wanted.filter.empty()) body["filter"] = wanted.filter;
  if (flags.given("name")) body["name"] = wanted.name;
  if (flags.given("priority")) body["priority"] = wanted.priority;
  if (!wanted.scope.empty()) body["scope"] = wanted.scope;
  if (!wanted.uuid.empty()) body["profile_uuid"] = wanted.uuid;
  if (!wanted.profile.empty()) body["profile_name"] = wanted.profile;
  if (wanted.no_profile) body["no_profile"] = true;
  return body;
}

std::string given_by(const boost::json::object& rule) {
  const auto name = text_of(rule, "profile_name"), uuid = text_of(rule, "profile_uuid");
  if (uuid.empty()) return "no profile";
  return name.empty() ? fmt::format("DEP profile UUID '{}'", uuid)
                      : fmt::format("DEP profile '{}' (now UUID '{}')", name, uuid);
}

void say_saved(Call& call, const boost::json::object& answer) {
  const auto* found = answer.if_contains("assigner");
  const boost::json::object none;
  const auto& rule = found && found->is_object() ? found->get_object() : none;
  const auto name = text_of(rule, "name"), scope = text_of(rule, "scope");
  call.out() << fmt::format("saved auto-assign filter '{}'{} to {}\n", text_of(rule, "filter"),
                            name.empty() ? "" : fmt::format(" named '{}'", name), given_by(rule))
             << fmt::format("priority {}, scope {}: it is for {}\n", text_of(rule, "priority"), scope,
                            scope == "all"          ? "every device that it is the first to cover"
                            : scope == "unassigned" ? "devices that arrive, and those that have no profile"
                                                    : "devices that arrive");
}

}  // namespace

Result<> apply_dep_autoassigner(Call& call) {
  Wanted wanted;
  ChangeFlags change;
  auto flags = call.flags();
  flags.add("filter", &wanted.filter, "filter string: '*' is every device; docs/filters.md has the language",
            "FILTER");
  flags.add("uuid", &wanted.uuid, "DEP profile UUID to set", "UUID");
  flags.add("profile", &wanted.profile, "or the name of a DEP profile: the rule follows its versions",
            "NAME");
  flags.add("no-profile", &wanted.no_profile, "or none, on purpose");
  flags.add("name", &wanted.name,
            "a name for the rule; with the name of one that exists, -filter changes its filter", "NAME");
  flags.add("priority", &wanted.priority,
            "lower is tried first, and of two alike the older one; a bare '*' comes last where none is given",
            "N");
  flags.add(
      "scope", &wanted.scope,
      "new: devices that arrive (default); unassigned: also those that have no profile; all: also those "
      "that have another",
      "SCOPE");
  change.add_to(flags);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(change.check());
  if (flags.given("name") && !wanted.name.empty() && !flags.given("filter")) wanted.filter.clear();
  const int profiles = int(!wanted.uuid.empty()) + int(!wanted.profile.empty()) + int(wanted.no_profile);
  if (profiles > 1) return call.misuse(flags, "-uuid, -profile and -no-profile exclude each other");
  const bool changes_one = flags.given("priority") || flags.given("scope") || flags.given("name");
  if ((wanted.filter.empty() && wanted.name.empty()) || (profiles == 0 && !changes_one))
    return call.misuse(flags, "must provide both -filter and -uuid");

  const bool as_micromdm = !wanted.uuid.empty() && !changes_one && !change.dry_run && !change.yes;
  if (as_micromdm) return save_as_micromdm(call, wanted);
  MUSTER_TRY(auto server, call.server());
  const Change to_make{"PUT", "/api/v1/assigners", to_json(wanted, flags)};
  return make_change(call, server, change, to_make, [&](const boost::json::object& answer, bool made) {
    if (made) say_saved(call, answer);
    print_plan_of(call, answer, made, true);
  });
}

}  // namespace muster::cli
