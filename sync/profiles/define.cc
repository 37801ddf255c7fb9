#include "sync/profiles/define.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/log/log.h"
#include "base/text/json.h"
#include "model/text/ids_text.h"
#include "sync/accounts/config_revision.h"
#include "sync/profiles/registry.h"
#include "sync/rules/rule_change.h"
#include "sync/work/manual.h"

namespace muster::sync {
namespace {

Result<boost::json::object> parse_profile(const std::string& document) {
  MUSTER_TRY(auto value, parse_json(document));
  if (!value.is_object()) return failure(Code::invalid, "a profile must be a JSON object");
  auto profile = std::move(value).as_object();
  // MicroMDM's mdmctl always sends these two, empty where the user wrote none. Apple rejects an empty
  // org_magic.
  if (const auto* devices = profile.if_contains("devices"); devices && devices->is_null())
    profile.erase("devices");
  if (const auto* magic = profile.if_contains("org_magic");
      magic && magic->is_string() && magic->get_string().empty())
    profile.erase("org_magic");
  return profile;
}

// Taken out of the profile: assigned in a call of their own, so that a definition whose answer is lost has no
// effect on any device.
Result<std::vector<Serial>> take_devices(boost::json::object& profile) {
  std::vector<Serial> serials;
  const auto* devices = profile.if_contains("devices");
  if (!devices) return serials;
  if (!devices->is_array()) return failure(Code::invalid, "\"devices\" must be a list of serial numbers");
  for (const auto& serial : devices->get_array()) {
    auto read = serial.is_string() ? read_serial(serial.get_string()) : std::nullopt;
    if (!read) return failure(Code::invalid, "\"devices\" must be a list of serial numbers");
    serials.push_back(*std::move(read));
  }
  std::sort(serials.begin(), serials.end());
  serials.erase(std::unique(serials.begin(), serials.end()), serials.end());
  profile.erase("devices");
  return serials;
}

std::string name_of(const boost::json::object& profile) { return text_member(profile, "profile_name"); }

bool says_the_same(const Profile& current, const boost::json::object& profile) {
  const auto document = parse_json(current.document);
  return document && current.unknown_at_apple.empty() && *document == boost::json::value(profile);
}

// Of these devices, those that are not wanted to have it already: a document that is applied again and again
// must not ask Apple again and again.
Result<std::vector<Serial>> not_yet_wanted(Reader& reader, const Profile& profile,
                                           const std::vector<Serial>& serials) {
  MUSTER_TRY(const auto devices, reader.devices(profile.account, serials));
  std::vector<Serial> rest = serials;
  for (const auto& device : devices)
    if (!device.tombstone && device.desired.by == Desired::By::manual &&
        device.desired.profile == profile.uuid)
      std::erase(rest, device.serial);
  return rest;
}

// Someone changed the configuration while Apple was asked. What Apple has now is kept, and nothing is
// overwritten.
Error overtaken(const Error& conflict, const Profile& profile) {
  const std::string version = std::to_string(profile.version);
  return conflict.while_doing("version " + version + " of \"" + profile.name +
                              "\" is defined at Apple (UUID " + profile.uuid.str() +
                              "), but did not become the current version");
}

// The next version of its name, and the current one, but where that is not to be overwritten.
Result<> put_version(Writer& writer, Defined& defined, bool may_replace, Time now) {
  Profile& profile = defined.profile;
  profile.defined_at = now;
  if (profile.uuid.empty()) profile.uuid = ProfileUuid(kNoUuidYet);
  MUSTER_TRY(const auto next, put_next_version(writer, profile, may_replace, now));
  defined.before = next.before;
  defined.rules = next.rules;
  writer.note_change({.action = "profile.defined",
                      .object = profile.name,
                      .before = defined.before ? version_json(*defined.before) : "",
                      .after = version_json(profile)});
  return {};
}

Result<> count_devices_before(const RunContext& context, Defined& defined) {
  if (!defined.before) return {};
  MUSTER_TRY(defined.devices_before, context.store.read([&](Reader& reader) {
    return devices_with(reader, context.account.id, defined.before->uuid);
  }));
  return {};
}

// Tries the version before Apple is asked, where it may be rejected. No rule follows most names: then nothing
// moves.
Result<bool> is_refused(const RunContext& context, const Definition& definition, Defined& defined) {
  RuleChange trial = definition.how;
  if (!trial.preview && trial.max_changes == RuleChange{}.max_changes) return false;
  MUSTER_TRY(const bool followed, context.store.read([&](Reader& reader) {
    return is_followed(reader, context.account.id, defined.profile.name);
  }));
  if (!trial.preview && !followed) return false;
  trial.account = context.account.id;
  trial.preview = true;
  trial.apply = [&](Writer& writer) { return put_version(writer, defined, true, trial.now); };
  MUSTER_TRY(defined.outcome, change_rules(context.store, trial));
  if (!followed) defined.outcome.plan = {};  // what rules change otherwise is not by this
  if (!definition.how.preview && defined.outcome.plan.changes <= trial.max_changes) return false;
  MUSTER_TRY(count_devices_before(context, defined));
  return true;
}

Result<> store_version(const RunContext& context, const Definition& definition, Defined& defined) {
  std::optional<Error> conflict;
  const Time now = context.clock.now();
  const auto store_it = [&](Writer& writer) -> Result<> {
    if (const auto same = check_revision(writer, context.account.id, definition.how.revision); !same)
      conflict = same.error();
    return put_version(writer, defined, !conflict, now);
  };
  MUSTER_TRY(defined.outcome,
             change_rules(context.store, {.account = context.account.id, .apply = store_it, .now = now}));
  if (defined.rules == 0) defined.outcome.plan = {};
  log::info("profile.defined", {{"account", context.account.name.str()},
                                {"profile", defined.profile.uuid.str()},
                                {"name", defined.profile.name},
                                {"version", defined.profile.version},
                                {"by", defined.profile.defined_by},
                                {"rules", defined.rules}});
  if (conflict) return failure(overtaken(*conflict, defined.profile));
  return count_devices_before(context, defined);
}

}  // namespace

Result<Defined> define_profile(const RunContext& context, const Definition& definition) {
  MUSTER_TRY(auto profile, parse_profile(definition.document));
  MUSTER_TRY(auto serials, take_devices(profile));
  Defined defined{.profile = {.account = context.account.id, .name = name_of(profile)}};
  MUSTER_TRY(defined.outcome.revision, context.store.read([&](Reader& reader) -> Result<long long> {
    MUSTER_TRY(check_revision(reader, context.account.id, definition.how.revision));
    return reader.config_revision(context.account.id);
  }));
  if (definition.if_changed) {
    MUSTER_TRY(const auto current, context.store.read([&](Reader& reader) {
      return reader.current_profile(context.account.id, defined.profile.name);
    }));
    if (current && says_the_same(*current, profile)) {
      defined.profile = *current;
      defined.is_new = false;
      MUSTER_TRY(serials, context.store.read(
                              [&](Reader& reader) { return not_yet_wanted(reader, *current, serials); }));
    }
  }
  if (defined.is_new) {
    defined.profile.document = boost::json::serialize(profile);
    defined.profile.defined_by = definition.by;
    MUSTER_TRY(const bool refused, is_refused(context, definition, defined));
    if (refused) return defined;
    MUSTER_TRY(const auto at_apple, context.service.define_profile(defined.profile.document, context.stop));
    defined.profile.uuid = at_apple.uuid;
    MUSTER_TRY(store_version(context, definition, defined));
  }
  if (definition.how.preview) return defined;
  defined.outcome.applied = true;
  auto answers = assign_manually(context, defined.profile.uuid, serials);
  if (!answers)
    return failure(answers.error().while_doing("the profile was defined with the UUID " +
                                               defined.profile.uuid.str() +
                                               ", but its devices were not assigned"));
  defined.devices = std::move(*answers);
  return defined;
}

}  // namespace muster::sync
