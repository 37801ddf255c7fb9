#include "cli/code/config_diff.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>

#include "base/text/csv.h"
#include "cli/code/config_profile.h"
#include "model/serial_list.h"

namespace muster::cli {
namespace {

using What = ConfigStep::What;
using How = ConfigStep::How;
using Steps = std::vector<ConfigStep>;

std::string serial_numbers(size_t count) {
  return fmt::format("{} serial number{}", count, count == 1 ? "" : "s");
}

std::string csv_of(const std::vector<Serial>& serials) {
  std::string csv = csv_record({"serial"});
  for (const auto& serial : serials) csv += csv_record({serial.str()});
  return csv;
}

boost::json::object body_of(const WantedList& list) {
  boost::json::object body{{"csv", csv_of(list.serials)}, {"mode", "replace"}};
  if (list.serials.empty()) body["allow_empty"] = true;  // the file says so: `serials: []`
  return body;
}

// `2 added, 1 removed`; both are in ascending order.
std::string count_changes(const std::vector<Serial>& before, const std::vector<Serial>& after) {
  std::vector<Serial> added, removed;
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(added));
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(removed));
  return fmt::format("{} added, {} removed", added.size(), removed.size());
}

Steps diff_lists(const std::vector<WantedList>& wanted, const PresentConfig& present,
                 const PresentSerials& present_serials) {
  Steps steps;
  for (const auto& list : wanted) {
    const auto* old = find_list(present, list.name);
    if (old && old->digest == digest_of(list.serials)) continue;
    const std::string size = serial_numbers(list.serials.size());
    const auto before = present_serials.find(list.name);
    steps.push_back(
        {.what = What::list,
         .how = old ? How::change : How::add,
         .title = "list " + list.name,
         .detail = old && before != present_serials.end()
                       ? fmt::format(": {}, {} then", count_changes(before->second, list.serials), size)
                       : " (" + size + ")",
         .change = {"PUT", "/api/v1/lists/" + list.name, body_of(list)}});
  }
  return steps;
}

Steps superfluous_lists(const std::vector<WantedList>& wanted, const PresentConfig& present) {
  Steps steps;
  for (const auto& list : present.lists) {
    const bool is_wanted = std::any_of(wanted.begin(), wanted.end(),
                                       [&](const WantedList& each) { return each.name == list.name; });
    if (!is_wanted)
      steps.push_back({.what = What::list,
                       .how = How::remove,
                       .title = "list " + list.name,
                       .change = {"DELETE", "/api/v1/lists/" + list.name, {}}});
  }
  return steps;
}

// The members at the top that are not alike.
std::string what_differs(const boost::json::object& before, const boost::json::object& after) {
  std::vector<std::string> keys;
  for (const auto& member : after)
    if (const auto* old = before.if_contains(member.key()); !old || *old != member.value())
      keys.emplace_back(member.key());
  for (const auto& member : before)
    if (!after.contains(member.key())) keys.emplace_back(member.key());
  return fmt::format("{}", fmt::join(keys, ", "));
}

Steps diff_profiles(const std::vector<WantedProfile>& wanted, const std::vector<PresentProfile>& present) {
  Steps steps;
  for (const auto& profile : wanted) {
    const auto old = std::find_if(present.begin(), present.end(),
                                  [&](const PresentProfile& each) { return each.name == profile.name; });
    const bool is_there = old != present.end(), is_gone = is_there && !old->unknown_at_apple.empty();
    if (is_there && !is_gone && kept_of(old->document) == profile.document) continue;
    steps.push_back(
        {.what = What::profile,
         .how = is_there ? How::change : How::add,
         .title = "profile " + profile.name,
         .detail = is_gone ? ": defined anew, since Apple answers " + old->unknown_at_apple + " to it"
                   : is_there
                       ? ": a new version (" + what_differs(kept_of(old->document), profile.document) + ")"
                       : "",
         .document = profile.text});
  }
  return steps;
}

Steps diff_settings(const WantedConfig& wanted, const PresentConfig& present) {
  boost::json::object body;
  std::vector<std::string> changes;
  if (wanted.paused && *wanted.paused != present.paused) {
    body["paused"] = *wanted.paused;
    changes.push_back(fmt::format("paused {} -> {}", present.paused, *wanted.paused));
  }
  if (wanted.inherit_replacements && *wanted.inherit_replacements != present.inherit_replacements) {
    body["inherit_replacements"] = *wanted.inherit_replacements;
    changes.push_back(fmt::format("inherit_replacements {} -> {}", present.inherit_replacements,
                                  *wanted.inherit_replacements));
  }
  if (wanted.base_url && *wanted.base_url != present.base_url) {
    body["base_url"] = *wanted.base_url;
    changes.push_back(fmt::format("base_url '{}' -> '{}'", present.base_url, *wanted.base_url));
  }
  if (body.empty()) return {};
  return {{.what = What::settings,
           .how = How::change,
           .title = "settings",
           .detail = fmt::format(": {}", fmt::join(changes, ", ")),
           .change = {"PUT", "/api/v1/accounts/" + wanted.account, std::move(body)}}};
}

void append(Steps& steps, Steps more) { std::move(more.begin(), more.end(), std::back_inserter(steps)); }

char sign_of(How how) { return how == How::add ? '+' : how == How::change ? '~' : '-'; }

}  // namespace

const PresentList* find_list(const PresentConfig& present, const std::string& name) {
  const auto found = std::find_if(present.lists.begin(), present.lists.end(),
                                  [&](const PresentList& list) { return list.name == name; });
  return found == present.lists.end() ? nullptr : &*found;
}

ConfigDiff diff_config(const WantedConfig& wanted, const PresentConfig& present,
                       const PresentSerials& present_serials, const ListsOfFilters& lists_of, bool prune) {
  ConfigDiff diff;
  Steps superfluous;
  if (wanted.lists) append(diff.steps, diff_lists(*wanted.lists, present, present_serials));
  if (wanted.profiles) append(diff.steps, diff_profiles(*wanted.profiles, present.profiles));
  if (wanted.rules) {
    auto rules = diff_rules(*wanted.rules, present.rules, lists_of);
    append(diff.steps, std::move(rules.steps));
    append(superfluous, std::move(rules.removals));
    diff.notes = std::move(rules.notes);
  }
  append(diff.steps, diff_settings(wanted, present));
  if (wanted.lists)
    append(superfluous, superfluous_lists(*wanted.lists, present));  // behind the rules that ask them
  if (prune)
    append(diff.steps, std::move(superfluous));
  else
    diff.kept = superfluous.size();
  return diff;
}

std::string to_text(const std::string& account, const ConfigDiff& diff) {
  std::string text = diff.steps.empty() ? fmt::format("account {}: nothing to do\n", account)
                                        : fmt::format("account {}:\n", account);
  for (const auto& step : diff.steps)
    text += fmt::format("  {} {}{}\n", sign_of(step.how), step.title, step.detail);
  for (const auto& note : diff.notes) text += fmt::format("  note: {}\n", note);
  if (diff.kept > 0)
    text += fmt::format("  {} not in the file; -prune removes {}\n",
                        diff.kept == 1 ? "1 object is" : fmt::format("{} objects are", diff.kept),
                        diff.kept == 1 ? "it" : "them");
  return text;
}

}  // namespace muster::cli
