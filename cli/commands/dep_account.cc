#include <fmt/format.h>
#include <boost/json.hpp>
#include <ostream>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/commands/commands.h"
#include "cli/input/file_kind.h"
#include "cli/input/token_file.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"
#include "model/text/account_name.h"

namespace muster::cli {

namespace {

// The place only goes into the error: the text around it may be half a secret.
Result<boost::json::object> read_token_json(const Call& call, const std::string& path) {
  MUSTER_TRY(const auto content, read_token(call, path));
  MUSTER_TRY(check_kind(call, path, content, {DocumentKind::token_json, DocumentKind::json},
                        "a decrypted token (JSON)"));
  const size_t begin = content.find('{'), end = content.rfind('}');  // BEGIN MESSAGE lines may surround it
  const bool is_message =
      content.starts_with("-----BEGIN MESSAGE") && begin < end && end != std::string::npos;
  const auto token = parse_json(is_message ? content.substr(begin, end - begin + 1) : content);
  if (!token) return failure(token.error().while_doing(path));
  if (token->is_object()) return token->get_object();
  return failure(Code::invalid, path + " is JSON, but not an object",
                 "It must be a token as `mdmctl get dep-tokens -export-token` saves it");
}

}  // namespace

Result<> apply_dep_account(Call& call) {
  std::string name, p7m_path, json_path, base_url;
  bool paused = false, inherit = false, force = false;
  auto flags = call.flags();
  flags.add("name", &name,
            "name of the account, new or present (required): a-z, 0-9, dot, underscore, hyphen", "NAME");
  flags.add("import", &p7m_path,
            "filename of the token downloaded from Apple's portal (.p7m); - reads standard input", "FILE");
  flags.add(
      "token-json", &json_path,
      "filename of the decrypted token, as `mdmctl get dep-tokens -export-token` saves it; - reads standard "
      "input",
      "FILE");
  flags.add("base-url", &base_url, "address of Apple's service, for a simulator; \"\" is Apple's own", "URL")
      .allow_empty();
  flags.add("paused", &paused, "make no calls to Apple for the account until -paused=false");
  flags.add("inherit-replacements", &inherit,
            "let a device that replaces another one take over its note, lists and hold; =false ends it");
  flags.add("force", &force, "accept a token of another service of the portal than the present token's");
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name parameter");
  if (!p7m_path.empty() && !json_path.empty())
    return call.misuse(flags, "-import and -token-json both give a token: leave out one");
  MUSTER_TRY(parse_account_name(name));
  if (force && p7m_path.empty() && json_path.empty())
    return call.misuse(flags,
                       "-force takes a token of another service: give the token by -import or -token-json");

  boost::json::object body;
  if (!p7m_path.empty()) {
    MUSTER_TRY(const auto p7m, read_token_file(call, p7m_path));
    body["p7m_content"] = base64_encode(p7m);
  }
  if (!json_path.empty()) {
    MUSTER_TRY(body["token"], read_token_json(call, json_path));
  }
  if (flags.given("base-url")) body["base_url"] = base_url;
  if (flags.given("paused")) body["paused"] = paused;
  if (flags.given("inherit-replacements")) body["inherit_replacements"] = inherit;

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto account,
             server.send("PUT", "/api/v1/accounts/" + name + (force ? "?force=1" : ""), body));
  if (body.empty() && !is_true(account, "created")) {
    call.out() << fmt::format("DEP account '{}' exists already; nothing was changed\n", name);
    return {};
  }
  const auto service = text_of(account, "server_name");
  call.out() << fmt::format("{} DEP account '{}'{}{}\n", is_true(account, "created") ? "added" : "saved",
                            name, service.empty() ? "" : " of service '" + service + "'",
                            is_true(account, "paused") ? ", paused" : "");
  if (!is_true(account, "has_token"))
    call.out() << fmt::format(
        "it has no token yet: run `mdmctl get dep-tokens -account {0} -export-public-key FILE`, upload FILE "
        "to "
        "Apple's portal,\ndownload the token there and run `mdmctl apply dep-tokens -account {0} -import "
        "TOKEN`\n",
        name);
  return {};
}

Result<> get_dep_account(Call& call) {
  std::string format = "table";
  auto flags = call.flags();
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto account, server.get("/v1/dep/account"));
  if (account.empty()) return failure(Code::remote, "the server gave no account");
  if (format == "json") {
    call.out() << write_json_indented(account) << '\n';
    return {};
  }
  Table table(call.out(), {"OrgName", "OrgPhone", "OrgEmail", "ServerName"});
  table.add({text_of(account, "org_name"), text_of(account, "org_phone"), text_of(account, "org_email"),
             text_of(account, "server_name")});
  table.flush();
  return {};
}

Result<> remove_dep_account(Call& call) {
  std::string name;
  auto flags = call.flags();
  flags.add("name", &name, "name of the account to remove (required), as `mdmctl get dep-accounts` shows it",
            "NAME");
  MUSTER_TRY(call.parse(flags));
  if (name.empty()) return call.misuse(flags, "must provide -name parameter");
  MUSTER_TRY(parse_account_name(name));

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("DELETE", "/api/v1/accounts/" + name, boost::json::object()));
  call.out() << fmt::format("removed DEP account '{}' with its token, key pair, rules and devices\n", name);
  return {};
}

}  // namespace muster::cli
