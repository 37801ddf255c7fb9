#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/json.h"
#include "base/text/strings.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"
#include "model/text/account_name.h"
#include "model/text/plain_name.h"

namespace muster::cli {

namespace {

constexpr const char* kAllAccounts = "*";

Result<> check_name(const std::string& name) {
  if (is_plain_name(name)) return {};
  return bad_plain_name(name, "a key");
}

Result<boost::json::value> accounts_in(const std::string& list) {
  const auto names = split_list(list, ',');
  if (names != std::vector<std::string>{kAllAccounts})
    for (const auto& name : names) MUSTER_TRY(parse_account_name(name));
  return to_array(names);
}

std::string accounts_of(const boost::json::object& key) {
  const auto names = strings_of(key, "accounts");
  if (names == std::vector<std::string>{kAllAccounts}) return "all";
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ","));
}

std::string description_of(const boost::json::object& key) {
  const auto accounts = accounts_of(key), expires = text_of(key, "expires_at");
  return fmt::format("{} API key '{}': role {}, {}, {}", is_true(key, "created") ? "added" : "saved",
                     text_of(key, "name"), text_of(key, "role"),
                     accounts == "all" ? "all accounts" : "accounts " + accounts,
                     expires.empty() ? "without an end" : "until " + expires);
}

}  // namespace

Result<> apply_api_key(Call& call) {
  std::string name, role, accounts;
  Millis expires{};
  bool new_key = false;
  auto flags = call.flags();
  flags.add("name", &name, "name of the key, new or present (required): a-z, 0-9, dot, underscore, hyphen",
            "NAME");
  flags
      .add(
          "role", &role,
          "what the key may do, each more than the one before: metrics, read, operator or admin; required for a new "
          "key",
          "ROLE")
      .one_of({"metrics", "read", "operator", "admin"});
  flags.add(
      "account", &accounts,
      "the DEP accounts that the key is for, separated by commas; '*' is all accounts, as for a new key without "
      "the flag",
      "NAMES");
  flags.add("expires", &expires, "the key ends after this time, for example 90d; 0s is never");
  flags.add("new-key", &new_key, "give the key a new text; the old one ends at once");
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name parameter");
  MUSTER_TRY(check_name(name));

  boost::json::object body;
  if (!role.empty()) body["role"] = role;
  if (!accounts.empty()) {
    MUSTER_TRY(body["accounts"], accounts_in(accounts));
  }
  if (flags.given("expires"))
    body["expires_in"] = std::chrono::duration_cast<std::chrono::seconds>(expires).count();
  if (new_key) body["new_key"] = true;
  if (body.empty())
    return call.misuse(flags, "say what the key is to be: -role, -account, -expires or -new-key");

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto key, server.send("PUT", "/api/v1/keys/" + name, body));
  call.print_with_secret(description_of(key), text_of(key, "api_key"),
                         "The key is shown only now. Keep it where you keep passwords:");
  return {};
}

Result<> get_api_keys(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/api/v1/keys"));
  const auto keys = objects_of(answer, "keys");
  if (format == "json") {
    call.out() << write_json_indented(to_array(keys)) << '\n';
    return {};
  }
  Table table(call.out(), {"Name", "Role", "Accounts", "Expires", "LastUsed", "From", "CreatedBy"});
  for (const auto* key : keys) {
    const auto expires = text_of(*key, "expires_at"), used = text_of(*key, "last_used");
    table.add({text_of(*key, "name"), text_of(*key, "role"), accounts_of(*key),
               expires.empty() ? "never" : expires, used.empty() ? "never" : used,
               text_of(*key, "last_address"), text_of(*key, "created_by")});
  }
  table.flush();
  return {};
}

Result<> remove_api_key(Call& call) {
  std::string name;
  auto flags = call.flags();
  flags.add("name", &name, "name of the key to remove (required), as `mdmctl get api-keys` shows it", "NAME");
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name parameter");
  MUSTER_TRY(check_name(name));

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("DELETE", "/api/v1/keys/" + name, boost::json::object()));
  call.out() << fmt::format("removed API key '{}'; it ends at once\n", name);
  return {};
}

}  // namespace muster::cli
