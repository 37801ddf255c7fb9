#include "cli/code/config_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text/did_you_mean.h"
#include "base/text/flags.h"
#include "cli/code/config_profile.h"
#include "cli/input/yaml.h"
#include "cli/input/yaml_members.h"
#include "http/url.h"
#include "model/rule.h"
#include "model/text/account_name.h"
#include "model/text/csv_rows.h"
#include "model/text/ids_text.h"
#include "model/text/plain_name.h"
#include "model/text/rule_check.h"

namespace muster::cli {
namespace {

constexpr size_t kListLimit = 4 << 20;  // bytes of a CSV file; the server takes 8 MiB of JSON

using Keys = std::vector<std::string>;

// Notices what comes a second time.
class Once {
 public:
  Once(const char* what, ConfigFindings& findings) : what_(what), findings_(findings) {}

  void see(const std::string& text, TextPlace place) {
    const auto [first, is_new] = places_.emplace(text, place);
    if (!is_new)
      findings_.add(place, fmt::format("{} \"{}\" is a duplicate: it is on line {} already", what_, text,
                                       first->second.line));
  }

 private:
  const char* what_;
  ConfigFindings& findings_;
  std::map<std::string, TextPlace> places_;
};

class ConfigReader {
 public:
  ConfigReader(const ConfigSource& source, ConfigFindings& findings) : source_(source), findings_(findings) {}

  WantedConfig account(const YamlNode& document) {
    static const Keys kKeys = {"account",  "paused", "inherit_replacements", "base_url", "lists",
                               "profiles", "rules"};
    YamlMembers members(document, "a configuration", kKeys, findings_);
    WantedConfig wanted{
        .account = members.has("account") ? members.text("account").value_or("") : kDefaultAccount.str(),
        .place = members.place("account")};
    if (const auto name = parse_account_name(wanted.account); !name && !wanted.account.empty())
      findings_.add(wanted.place, name.error());
    wanted.paused = members.flag("paused");
    wanted.inherit_replacements = members.flag("inherit_replacements");
    wanted.base_url = base_url(members);
    wanted.lists = each<WantedList>(members, "lists", &ConfigReader::list);
    wanted.profiles = each<WantedProfile>(members, "profiles", &ConfigReader::profile);
    wanted.rules = each<ConfigRule>(members, "rules", &ConfigReader::rule);
    find_repeated(wanted);
    return wanted;
  }

 private:
  template <class Wanted>
  std::optional<std::vector<Wanted>> each(YamlMembers& members, const char* key,
                                          Wanted (ConfigReader::*read)(const YamlNode&)) {
    const auto* entries = members.list(key);
    if (!entries) return std::nullopt;
    std::vector<Wanted> all;
    for (const auto& entry : *entries) all.push_back((this->*read)(entry));
    return all;
  }

  std::optional<std::string> base_url(YamlMembers& members) {
    const auto text = members.text("base_url", true);
    if (!text || text->empty()) return text;
    const auto url = http::parse_base_url(*text);
    if (url) return *url;
    findings_.add(members.place("base_url"), url.error());
    return std::nullopt;
  }

  std::string path_of(const std::string& name) const {
    return name.starts_with("/") || source_.directory.empty() ? name : source_.directory + "/" + name;
  }

  // Of two ways to say the same, exactly one is to be there.
  void one_of(YamlMembers& members, const YamlNode& node, const char* what, const char* one,
              const char* other) {
    if (node.kind != YamlNode::Kind::map) return;
    if (members.has(one) && members.has(other))
      findings_.add(members.place(other), fmt::format("{} has both {} and {}", what, one, other),
                    "Remove one");
    else if (!members.has(one) && !members.has(other))
      findings_.add(node.place, fmt::format("{} needs {} or {}", what, one, other));
  }

  WantedList list(const YamlNode& node) {
    static const Keys kKeys = {"name", "file", "column", "serials"};
    YamlMembers members(node, "a list", kKeys, findings_);
    WantedList wanted{.name = needed(members, node, "a list", "name"), .place = members.place("name")};
    if (!wanted.name.empty() && !is_plain_name(wanted.name))
      findings_.add(wanted.place, bad_plain_name(wanted.name, "a list").value());
    one_of(members, node, "a list", "file", "serials");
    if (const auto* entries = members.list("serials")) wanted.serials = serials_of(*entries);
    const auto column = members.text("column");
    if (const auto file = members.text("file"))
      wanted.serials = serials_in(*file, column.value_or(""), members.place("file"));
    else if (column)
      findings_.add(members.place("column"), "column has no effect without file", "Remove it");
    auto& serials = wanted.serials;
    std::sort(serials.begin(), serials.end());
    serials.erase(std::unique(serials.begin(), serials.end()), serials.end());
    return wanted;
  }

  std::vector<Serial> serials_of(const std::vector<YamlNode>& entries) {
    std::vector<Serial> serials;
    for (const auto& entry : entries) {
      const bool is_text = entry.kind == YamlNode::Kind::scalar;
      auto serial = is_text ? read_serial(entry.text) : std::nullopt;
      if (serial)
        serials.push_back(*std::move(serial));
      else
        findings_.add(entry.place,
                      fmt::format("{} is not a serial number",
                                  is_text ? "\"" + entry.text.substr(0, 64) + "\"" : kind_of(entry)));
    }
    return serials;
  }

  std::vector<Serial> serials_in(const std::string& file, const std::string& column, TextPlace place) {
    const auto text = source_.read_file(path_of(file), kListLimit);
    if (!text) return findings_.add(place, text.error()), std::vector<Serial>();
    auto rows = serials_of_csv(*text, column, QuoteRows::no);
    if (!rows) return findings_.add(place, rows.error().while_doing(file)), std::vector<Serial>();
    if (rows->serials.empty())
      findings_.add(place, fmt::format("{} has a header, and no serial numbers below it", file),
                    "For an empty list, write serials: []");
    return std::move(rows->serials);
  }

  WantedProfile profile(const YamlNode& node) {
    static const Keys kKeys = {"file", "document"};
    YamlMembers members(node, "a profile", kKeys, findings_);
    one_of(members, node, "a profile", "file", "document");
    WantedProfile wanted{.place = node.place};
    if (const auto file = members.text("file"))
      read_profile_file(path_of(*file), members.place("file"), source_, wanted, findings_);
    if (const auto* document = members.find("document"))
      read_profile_document(*document, source_.force_profiles, wanted, findings_);
    return wanted;
  }

  ConfigRule rule(const YamlNode& node) {
    static const Keys kKeys = {"name",       "filter", "profile",  "profile_uuid",
                               "no_profile", "scope",  "priority", "enroll_within"};
    YamlMembers members(node, "a rule", kKeys, findings_);
    ConfigRule wanted{.name = members.text("name").value_or(""),
                      .filter = needed(members, node, "a rule", "filter"),
                      .place = node.place,
                      .filter_place = members.place("filter")};
    if (const auto good = check_rule_name(wanted.name); !good)
      findings_.add(members.place("name"), good.error());
    wanted.priority = members.number("priority").value_or(usual_priority(wanted.filter));
    if (const auto good = check_priority(wanted.priority); !good)
      findings_.add(members.place("priority"), good.error());
    wanted.scope = scope(members);
    wanted.enroll_within = enroll_within(members);
    what_it_gives(members, node, wanted);
    return wanted;
  }

  Millis enroll_within(YamlMembers& members) {
    const auto text = members.text("enroll_within");
    if (!text) return {};
    const auto time = parse_duration(*text);
    const auto good = time ? check_enroll_within(*time) : Result<>(failure(time.error()));
    if (good) return *time;
    findings_.add(members.place("enroll_within"), good.error());
    return {};
  }

  std::string scope(YamlMembers& members) {
    static const Keys kScopes = {"new", "unassigned", "all"};
    const auto scope = members.text("scope").value_or("new");
    if (std::find(kScopes.begin(), kScopes.end(), scope) != kScopes.end()) return scope;
    const auto guess = did_you_mean(scope, kScopes);
    findings_.add(members.place("scope"), fmt::format("the scope \"{}\" is not known", scope.substr(0, 64)),
                  guess.empty() ? "Choose new, unassigned or all" : "Did you mean " + guess + "?");
    return "new";
  }

  void what_it_gives(YamlMembers& members, const YamlNode& node, ConfigRule& wanted) {
    if (node.kind != YamlNode::Kind::map) return;
    int ways = 0;
    for (const char* way : {"profile", "profile_uuid", "no_profile"}) {
      if (!members.has(way)) continue;
      wanted.profile_place = members.place(way);
      if (++ways == 2)
        findings_.add(wanted.profile_place,
                      "a rule gives one profile: by its name, by its UUID, or none on purpose",
                      "Leave one of profile, profile_uuid and no_profile");
    }
    if (ways == 0)
      findings_.add(node.place, "a rule needs a profile",
                    "Say profile: NAME, profile_uuid: UUID, or no_profile: true for none on purpose");
    wanted.profile = members.text("profile").value_or("");
    const auto uuid = read_profile_uuid(members.text("profile_uuid").value_or(""));
    wanted.profile_uuid = uuid.value_or(ProfileUuid()).str();
    if (uuid && !is_profile_uuid(uuid->str()))
      findings_.add(
          members.place("profile_uuid"),
          fmt::format("\"{}\" is not a profile UUID, which has 32 hex digits", uuid->str().substr(0, 64)),
          "For the name of a profile, write profile: NAME");
    const bool gives_none = members.flag("no_profile").value_or(false);
    if (members.has("no_profile") && !gives_none && ways == 1)
      findings_.add(wanted.profile_place, "a rule that gives a profile says which", "Say profile: NAME");
    if (gives_none && wanted.scope == "all")
      findings_.add(members.place("scope"),
                    "a rule that gives no profile cannot have the scope all: it takes no profile away",
                    "Use the scope new or unassigned");
  }

  std::string needed(YamlMembers& members, const YamlNode& node, const char* what, const char* key) {
    if (node.kind == YamlNode::Kind::map && !members.has(key))
      findings_.add(node.place, fmt::format("{} needs a {}", what, key));
    return members.text(key).value_or("");
  }

  void find_repeated(const WantedConfig& wanted) {
    Once lists("the list", findings_), profiles("the profile", findings_), names("the rule", findings_),
        filters("the filter", findings_);
    for (const auto& list : wanted.lists.value_or(std::vector<WantedList>()))
      if (!list.name.empty()) lists.see(list.name, list.place);
    for (const auto& profile : wanted.profiles.value_or(std::vector<WantedProfile>()))
      if (!profile.name.empty()) profiles.see(profile.name, profile.place);
    for (const auto& rule : wanted.rules.value_or(std::vector<ConfigRule>())) {
      if (!rule.name.empty()) names.see(rule.name, rule.place);
      if (!rule.filter.empty()) filters.see(rule.filter, rule.filter_place);
    }
  }

  const ConfigSource& source_;
  ConfigFindings& findings_;
};

}  // namespace

std::vector<WantedConfig> read_config(std::string_view yaml, const ConfigSource& source,
                                      ConfigFindings& findings) {
  std::vector<WantedConfig> accounts;
  const auto documents = parse_yaml(yaml);
  if (!documents) {
    findings.add(documents.error().place, documents.error().reason, documents.error().remedy);
    return accounts;
  }
  if (documents->empty())
    findings.add({}, "there is nothing in it", "`mdmctl get config` writes what is on the server");
  ConfigReader reader(source, findings);
  Once names("the account", findings);
  for (const auto& document : *documents) {
    accounts.push_back(reader.account(document));
    const bool has_name = document.kind == YamlNode::Kind::map && !accounts.back().account.empty();
    if (has_name) names.see(accounts.back().account, accounts.back().place);
  }
  return accounts;
}

}  // namespace muster::cli
