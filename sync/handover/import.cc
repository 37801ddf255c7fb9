#include "sync/handover/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "apple/answers/failure.h"
#include "apple/session/key_ring.h"
#include "apple/session/token.h"
#include "base/log/log.h"
#include "base/text/json.h"
#include "base/time/rfc3339.h"
#include "http/url.h"
#include "model/text/account_name.h"
#include "sync/accounts/connect.h"
#include "sync/profiles/adopt.h"
#include "sync/rules/rules.h"

namespace muster::sync {
namespace {

using Outcome = ImportedPart::Outcome;

constexpr const char* kEveryDevice = "*";

// What was asked of Apple before the transaction.
struct FromApple {
  std::optional<CheckedToken> token;  // to be stored, if the account still has none
  std::vector<AdoptedProfile> profiles;
};

class Import {
 public:
  Import(const AccountName& name, const AccountImport& given, const std::string& by, Time now)
      : name_(name), given_(given), by_(fmt::format("{}, imported from {}", by, given.source)), now_(now) {}

  // Decides on every part by what is stored.
  Result<> decide(Reader& reader, const FromApple& apple) {
    report_ = {};
    MUSTER_TRY(account_, reader.account(name_));
    add("account", account_ ? Outcome::same : Outcome::imported);
    decide_token(apple);
    decide_address();
    MUSTER_TRY(decide_key_pair(reader));
    MUSTER_TRY(decide_profiles(reader, apple));
    MUSTER_TRY(decide_assigner(reader, apple));
    return decide_cursor(reader);
  }

  Result<> store(Writer& writer, const Services& services, FromApple apple) {
    MUSTER_TRY(decide(writer, apple));
    report_.account = account_ ? account_->id : AccountId{};
    report_.applied = std::any_of(report_.parts.begin(), report_.parts.end(),
                                  [](const auto& part) { return part.outcome == Outcome::imported; });
    if (!report_.applied) return writer.note_no_change(), Result<>();
    if (!account_) {
      MUSTER_TRY(report_.account, writer.create_account(name_));
    }
    const AccountId id = report_.account;
    // It had one when Apple was asked, so that this one was not checked to be stored.
    if (takes("token") && !apple.token)
      return failure(Code::conflict, "the account was removed, or its token, during the import",
                     "Import it again");
    if (takes("address")) MUSTER_TRY(writer.put_base_url(id, *base_url_));
    if (takes("token")) {
      MUSTER_TRY(const auto account, writer.account(id));
      MUSTER_TRY(put_token(writer, services, *account, *apple.token));
    }
    if (takes("key pair")) MUSTER_TRY(writer.put_key_pair(id, *key_pair_));
    MUSTER_TRY(store_profiles(writer, apple));
    if (takes("assigner")) MUSTER_TRY(put_rule(writer, id, assigner_, now_));
    if (takes("cursor") || takes("arrivals")) {
      MUSTER_TRY(auto state, writer.sync_state(id));
      if (takes("cursor")) state.changes = given_.cursor;
      if (takes("arrivals")) state.taken_over_since = given_.synced_at;
      MUSTER_TRY(writer.put_sync_state(id, state));
    }
    writer.note_change({.action = "account.imported", .object = name_.str(), .after = audit_json()});
    return {};
  }

  Result<> read_parts() {
    if (given_.token_json) {
      MUSTER_TRY(token_, apple::parse_token(*given_.token_json));
    }
    if (given_.base_url) {
      base_url_ = "";
      if (!given_.base_url->empty()) {
        MUSTER_TRY(base_url_, http::parse_base_url(*given_.base_url));
      }
    }
    for (const auto& pair : given_.key_pairs) {
      MUSTER_TRY(auto read, apple::read_key_pair(pair.certificate_pem, pair.private_key_pem));
      if (!key_pair_)
        key_pair_ = std::move(read);
      else if (key_pair_->private_key_pem != read.private_key_pem)
        key_pair_ = apple::joined(*key_pair_, read);
    }
    return {};
  }

  ImportReport report() const { return report_; }
  const std::optional<std::string>& base_url() const { return base_url_; }
  const std::optional<Token>& token() const { return token_; }

 private:
  void add(const char* part, Outcome outcome, std::string detail = {}) {
    report_.parts.push_back({part, outcome, std::move(detail)});
  }
  bool takes(std::string_view part) const {
    return std::any_of(report_.parts.begin(), report_.parts.end(), [&](const auto& each) {
      return each.part == part && each.outcome == Outcome::imported;
    });
  }

  void decide_token(const FromApple& apple) {
    if (!token_) return;
    if (!account_ || !account_->token)
      return add("token", Outcome::imported,
                 apple.token ? fmt::format("of the service \"{}\"", apple.token->apple.server_name) : "");
    if (account_->token->consumer_key == token_->consumer_key) return add("token", Outcome::same);
    add("token", Outcome::kept, "the account has another token of the same service");
  }

  void decide_address() {
    if (!base_url_) return;
    const std::string present = account_ ? account_->base_url : "";
    if (present == *base_url_) {
      if (!present.empty()) add("address", Outcome::same, present);
      return;
    }
    if (account_ && account_->token)
      return add("address", Outcome::kept, present.empty() ? "Apple's own" : present);
    add("address", Outcome::imported, *base_url_);
  }

  Result<> decide_key_pair(Reader& reader) {
    if (!key_pair_) return {};
    std::optional<KeyPair> present;
    if (account_) {
      MUSTER_TRY(present, reader.key_pair(account_->id));
    }
    if (!present)
      add("key pair", Outcome::imported);
    else if (present->private_key_pem == key_pair_->private_key_pem)
      add("key pair", Outcome::same);
    else
      add("key pair", Outcome::kept, "the account has one of its own: the next token is made for that one");
    return {};
  }

  Result<> decide_profiles(Reader& reader, const FromApple& apple) {
    for (const auto& [profile, error] : apple.profiles) {
      std::optional<Profile> present;
      if (account_) {
        MUSTER_TRY(present, reader.profile(account_->id, profile.uuid));
      }
      if (present)
        add("profile", Outcome::same, fmt::format("\"{}\" ({})", present->name, present->uuid.str()));
      else if (error)
        add("profile", Outcome::rejected, fmt::format("{}: {}", profile.uuid.str(), error->message));
      else
        add("profile", Outcome::imported, fmt::format("\"{}\" ({})", profile.name, profile.uuid.str()));
    }
    return {};
  }

  Result<> decide_assigner(Reader& reader, const FromApple& apple) {
    if (!given_.assigner) return {};
    const ProfileUuid& uuid = *given_.assigner;
    const Rule* present = nullptr;
    std::vector<Rule> rules;
    if (account_) {
      MUSTER_TRY(rules, reader.rules(account_->id));
    }
    for (const auto& rule : rules)
      if (rule.filter == kEveryDevice) present = &rule;
    if (present && present->profile == uuid) return add("assigner", Outcome::same, uuid.str()), Result<>();
    if (present) {
      add("assigner", Outcome::kept,
          fmt::format("the rule with the filter * gives {}",
                      present->profile.empty() ? "no profile" : present->profile.str()));
      return {};
    }
    const auto asked = std::find_if(apple.profiles.begin(), apple.profiles.end(),
                                    [&](const auto& each) { return each.profile.uuid == uuid; });
    const bool failed = asked != apple.profiles.end() && asked->error;
    if (failed && apple::classify(*asked->error) == apple::Failure::profile_unknown) {
      add("assigner", Outcome::rejected, fmt::format("Apple does not know the profile {}", uuid.str()));
      return {};
    }
    assigner_ = {.filter = kEveryDevice, .profile = uuid, .profile_is_unchecked = failed};
    add("assigner", Outcome::imported, fmt::format("every device that arrives gets {}", uuid.str()));
    return {};
  }

  // A position in the list of changes is of use before Muster has one of its own.
  Result<> decide_cursor(Reader& reader) {
    SyncState state;
    if (account_) {
      MUSTER_TRY(state, reader.sync_state(account_->id));
    }
    const bool has_begun = state.baseline_done || state.list_under_way;
    if (!given_.cursor.empty()) {
      if (state.changes == given_.cursor)
        add("cursor", Outcome::same);
      else if (has_begun || !state.changes.empty())
        add("cursor", Outcome::kept, "the account's list of devices was read already");
      else
        add("cursor", Outcome::imported);
    }
    if (!given_.synced_at) return {};
    const auto since = [](Time time) {
      return fmt::format("devices without a profile that Apple assigned to the service since {}",
                         format_rfc3339(time));
    };
    if (state.taken_over_since)
      add("arrivals", state.taken_over_since == given_.synced_at ? Outcome::same : Outcome::kept,
          since(*state.taken_over_since));
    else if (has_begun)
      add("arrivals", Outcome::kept, "the account's list of devices was read already");
    else
      add("arrivals", Outcome::imported, since(*given_.synced_at));
    return {};
  }

  // Of several versions of a name the assigner's is current; it comes last.
  Result<> store_profiles(Writer& writer, FromApple& apple) {
    std::vector<ProfileUuid> adopted;
    for (auto& [profile, error] : apple.profiles) {
      if (error) continue;
      profile.account = report_.account;
      MUSTER_TRY(const auto present, writer.profile(profile.account, profile.uuid));
      if (present) continue;
      MUSTER_TRY(const auto current, writer.current_profile(profile.account, profile.name));
      const bool is_ours = current && std::count(adopted.begin(), adopted.end(), current->uuid) > 0;
      MUSTER_TRY(put_adopted(writer, profile, by_, is_ours, now_));
      adopted.push_back(profile.uuid);
    }
    return {};
  }

  std::string audit_json() const {
    boost::json::array imported;
    for (const auto& part : report_.parts)
      if (part.outcome == Outcome::imported) imported.emplace_back(part.part);
    return write_json(boost::json::object{{"source", given_.source}, {"imported", std::move(imported)}});
  }

  const AccountName& name_;
  const AccountImport& given_;
  const std::string by_;
  const Time now_;
  std::optional<Token> token_;
  std::optional<std::string> base_url_;
  std::optional<KeyPair> key_pair_;
  std::optional<Account> account_;
  RuleEdit assigner_;
  ImportReport report_;
};

// The profiles to ask Apple for, the assigner's last.
Result<std::vector<ProfileUuid>> missing_profiles(Store& store, const std::optional<Account>& account,
                                                  const AccountImport& given) {
  std::vector<ProfileUuid> wanted;
  const auto want = [&](const ProfileUuid& uuid) {
    if (!uuid.empty() && std::count(wanted.begin(), wanted.end(), uuid) == 0) wanted.push_back(uuid);
  };
  for (const auto& uuid : given.profiles)
    if (uuid != given.assigner) want(uuid);
  if (given.assigner) want(*given.assigner);
  if (!account) return wanted;
  return store.read([&](Reader& reader) -> Result<std::vector<ProfileUuid>> {
    std::vector<ProfileUuid> missing;
    for (const auto& uuid : wanted) {
      MUSTER_TRY(const auto present, reader.profile(account->id, uuid));
      if (!present) missing.push_back(uuid);
    }
    return missing;
  });
}

Result<FromApple> ask_apple(Store& store, Services& services, const Account& wanted,
                            const std::optional<Account>& present, const AccountImport& given,
                            const std::optional<Token>& token, std::stop_token stop) {
  FromApple asked;
  std::shared_ptr<apple::Service> service;
  if (token) {
    const bool is_known = present && present->token && present->token->consumer_key == token->consumer_key;
    if (!is_known) {  // also to find out whether the account has another service
      auto checked = check_token(store, services, wanted, *token, false, stop);
      // An old token may have stopped working since the account got a newer one, which stays.
      const bool is_replaced =
          !checked && checked.error().code != Code::conflict && present && present->token;
      if (!checked && !is_replaced) return failure(checked.error());
      if (checked) asked.token = *std::move(checked);
      service = services.for_token(wanted, *token);
    }
  }
  if (present && present->token) {
    MUSTER_TRY(service, services.of(*present));
    asked.token.reset();
  }
  MUSTER_TRY(const auto missing, missing_profiles(store, present, given));
  if (service) {
    MUSTER_TRY(asked.profiles, fetch_profiles(*service, missing, stop));
    return asked;
  }
  for (const auto& uuid : missing)
    asked.profiles.push_back(
        {.profile = {.uuid = uuid},
         .error = Error{Code::not_configured, "Apple cannot be asked without a token", {}}});
  return asked;
}

}  // namespace

std::string_view word(ImportedPart::Outcome outcome) {
  switch (outcome) {
    case Outcome::imported: return "imported";
    case Outcome::same: return "same";
    case Outcome::kept: return "kept";
    case Outcome::rejected: break;
  }
  return "rejected";
}

Result<ImportReport> import_account(Store& store, Services& services, const Clock& clock,
                                    const AccountName& name, const AccountImport& given,
                                    const std::string& by, bool preview, std::stop_token stop) {
  MUSTER_TRY(parse_account_name(name.str()));
  Import import(name, given, by, clock.now());
  MUSTER_TRY(import.read_parts());
  MUSTER_TRY(const auto present, store.read([&](Reader& reader) { return reader.account(name); }));
  Account wanted = present.value_or(Account{});
  wanted.name = name;
  if (import.base_url() && !wanted.token) wanted.base_url = *import.base_url();
  MUSTER_TRY(const auto apple, ask_apple(store, services, wanted, present, given, import.token(), stop));
  if (preview) {
    MUSTER_TRY(store.read([&](Reader& reader) { return import.decide(reader, apple); }));
    return import.report();
  }
  MUSTER_TRY(store.write({installation, wanted.id},
                         [&](Writer& writer) { return import.store(writer, services, apple); }));
  const auto report = import.report();
  if (report.applied) log::info("account.imported", {{"account", name.str()}, {"source", given.source}});
  return report;
}

}  // namespace muster::sync
