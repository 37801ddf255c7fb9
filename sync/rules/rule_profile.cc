#include "sync/rules/rule_profile.h"

#include <fmt/format.h>

#include "apple/answers/failure.h"
#include "model/text/account_name.h"
#include "model/text/ids_text.h"

namespace muster::sync {
namespace {

Error unknown_profile(const Account& account, const ProfileUuid& profile) {
  return {Code::invalid,
          fmt::format("Apple does not know the profile UUID {} in the account \"{}\"; nothing was saved",
                      profile.str(), account.name.str()),
          fmt::format("`mdmctl get dep-profiles{}` lists the account's profiles", account_flag(account.name)),
          {}};
}

std::string subject_of(const Rule& rule) {
  return rule.name.empty() ? "the rule with the filter '" + rule.filter + "'"
                           : "the rule '" + rule.name + "'";
}

// Whether Apple is known to have the profile; false where it could not be asked.
Result<bool> is_known(Store& store, Services& services, const Account& account, const ProfileUuid& profile,
                      std::stop_token stop) {
  MUSTER_TRY(const auto known,
             store.read([&](Reader& reader) { return reader.profile(account.id, profile); }));
  if (known && known->unknown_at_apple.empty()) return true;
  if (!account.token || account.paused) return false;
  MUSTER_TRY(const auto service, services.of(account));
  const auto answer = service->profile(profile, stop);
  if (answer) return true;
  const auto meaning = apple::classify(answer.error());
  if (meaning == apple::Failure::profile_unknown) return failure(unknown_profile(account, profile));
  if (meaning == apple::Failure::cancelled) return failure(answer.error());
  return false;
}

// Where profiles have trouble.
Result<std::optional<Error>> broken_among_rules(Reader& reader, const Account& account) {
  MUSTER_TRY(const auto rules, reader.rules(account.id));
  for (const auto& rule : rules) {
    if (rule.broken.empty()) continue;
    const auto flag = account_flag(account.name);
    return Error{
        Code::remote,
        fmt::format("{} gives the profile {}, which Apple does not know ({}): its devices wait",
                    subject_of(rule), rule.profile.str(), rule.broken),
        fmt::format(
            "Give the rule another profile: `mdmctl apply dep-autoassigner{} -filter '{}' -uuid UUID`. "
            "`mdmctl get dep-profiles{}` lists the profiles",
            flag, rule.filter, flag),
        {.status = 0, .word = rule.broken, .retry_after = {}}};
  }
  return std::nullopt;
}

}  // namespace

Result<> check_rule_profile(Store& store, Services& services, const Account& account, RuleEdit& change,
                            std::stop_token stop) {
  if (!change.profile) return {};
  // Before Apple is asked, what is wrong with the rest of the rule.
  MUSTER_TRY(store.read([&](Reader& reader) { return check_rule(reader, account.id, change); }));
  const std::string text = change.profile->str();
  if (is_profile_uuid(text)) {
    MUSTER_TRY(const bool known, is_known(store, services, account, *change.profile, stop));
    change.profile_is_unchecked = !known;
    return {};
  }
  MUSTER_TRY(const auto named,
             store.read([&](Reader& reader) { return reader.current_profile(account.id, text); }));
  if (!named)
    return failure(Code::invalid,
                   "\"" + text + "\" is neither a profile UUID (32 hex digits) nor the name of a profile",
                   "`mdmctl get dep-profiles` lists the profiles");
  change.profile.reset();
  change.profile_name = text;
  return {};
}

Result<std::optional<Error>> broken_rule(Reader& reader, const Account& account) {
  MUSTER_TRY(const auto troubles, reader.profile_troubles(account.id));
  if (troubles.empty()) return std::nullopt;
  return broken_among_rules(reader, account);
}

Result<std::optional<Error>> broken_rule(Reader& reader, const AccountState& state) {
  if (state.profile_troubles.empty()) return std::nullopt;
  return broken_among_rules(reader, state.account);
}

}  // namespace muster::sync
