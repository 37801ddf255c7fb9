#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/os/files.h"
#include "base/text/encoding.h"
#include "base/text/json.h"
#include "cli/client/call.h"
#include "cli/client/certificate.h"
#include "cli/commands/commands.h"
#include "cli/input/token_file.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/go_time.h"
#include "cli/output/table.h"

namespace muster::cli {

namespace {

Result<> make_new_key(Call& call) {
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("PUT", "/v1/dep-tokens", boost::json::object{{"new_key", true}}));
  const auto account = call.account_flag();
  call.out() << fmt::format(
      "made a new key pair; the present token stays in use until one for the new key pair is imported\n"
      "run `mdmctl get dep-tokens{0} -export-public-key FILE`, upload FILE to Apple's portal,\n"
      "download the token there and run `mdmctl apply dep-tokens{0} -import TOKEN`\n",
      account);
  return {};
}

}  // namespace

Result<> apply_dep_tokens(Call& call) {
  std::string path;
  bool force = false, new_key = false;
  auto flags = call.flags();
  flags.add("import", &path,
            "filename of the token downloaded from Apple's portal (.p7m); - reads standard input", "FILE");
  flags.add("force", &force, "accept a token of another service of the portal than the present token's");
  flags.add(
      "new-key", &new_key,
      "make a new key pair, after the old one leaked; the old one stays until a token for the new one is imported");
  MUSTER_TRY(call.parse(flags));
  if (new_key && (force || !path.empty()))
    return call.misuse(flags, "-new-key makes a key pair for the next token: leave out -import and -force");
  if (new_key) return make_new_key(call);
  if (path.empty()) return call.misuse(flags, "must provide -import parameter");

  MUSTER_TRY(const auto content, read_token_file(call, path));
  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(server.send("PUT", force ? "/v1/dep-tokens?force=1" : "/v1/dep-tokens",
                         boost::json::object({{"p7m_content", base64_encode(content)}})));
  call.out() << "imported DEP token\n";
  return {};
}

namespace {

using Tokens = std::vector<const boost::json::object*>;

// A key has 132 characters, of which the first tell one from another.
std::string shortened(const std::string& key) {
  constexpr size_t kLongest = 40;
  return key.size() > kLongest ? key.substr(0, kLongest - 1) + "…" : key;
}

void print_table(Call& call, const Tokens& tokens, bool whole_keys) {
  Table table(call.out(), {"ConsumerKey", "AccessTokenExpiry"});
  for (const auto* token : tokens) {
    const auto key = text_of(*token, "consumer_key");
    table.add({whole_keys ? key : shortened(key), go_time(text_of(*token, "access_token_expiry"))});
  }
  table.flush();
}

// Without the secrets.
void print_json(Call& call, const Tokens& tokens) {
  boost::json::array list;
  for (const auto* token : tokens)
    list.push_back(boost::json::object{{"consumer_key", text_of(*token, "consumer_key")},
                                       {"access_token_expiry", text_of(*token, "access_token_expiry")}});
  call.out() << write_json_indented(list) << '\n';
}

Result<> export_certificate(Call& call, const std::string& base64, const std::string& path) {
  const auto der = base64_decode(base64);
  if (!der) return failure(Code::remote, "the server's public key is not base64");
  const auto pem = pem_of_certificate(*der);
  if (!pem) return failure(pem.error().while_doing("the server's public key"));
  if (path == "-") {
    call.out() << *pem;
    return {};
  }
  MUSTER_TRY(write_file(path, *pem));
  call.out() << "\nWrote DEP public key to: " << path << '\n';
  return {};
}

Result<> export_token(Call& call, const Tokens& tokens, const std::string& path) {
  if (tokens.empty())
    return failure(Code::not_configured, "there is no DEP token to export",
                   "Download one from Apple's portal and run `mdmctl apply dep-tokens -import FILE" +
                       call.account_flag() + "`");
  const auto& token = *tokens.front();
  for (const auto* secret : {"consumer_secret", "access_secret"})
    if (text_of(token, secret).empty())
      return failure(Code::forbidden, "the token was not exported: the server left its secrets out",
                     "It gives them to an admin key only");
  if (path == "-") {
    call.out() << write_json(token) << '\n';
    return {};
  }
  MUSTER_TRY(write_file(path, write_json(token) + "\n", 0600));
  call.out() << "\nWrote DEP token JSON to: " << path << '\n';
  if (tokens.size() > 1) call.warn("more than one DEP token returned; only saved first");
  return {};
}

}  // namespace

Result<> get_dep_tokens(Call& call) {
  bool whole_keys = false;
  std::string certificate_path = "mdm-files/DEPPublicKey";
  std::string token_path, format = "table";
  auto flags = call.flags();
  flags.add("v", &whole_keys, "display the full ConsumerKey in the list");
  flags
      .add(
          "export-public-key", &certificate_path,
          "filename of the public key to write, a certificate for Apple's portal; - is standard output, \"\" writes none",
          "FILE")
      .allow_empty();
  flags.add(
      "export-token", &token_path,
      "filename to save the decrypted OAuth token to, as JSON with its secrets, - is standard output; needs an admin key",
      "FILE");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  const bool to_out = certificate_path == "-" || token_path == "-";
  if (certificate_path == "-" && token_path == "-")
    return call.misuse(flags, "-export-public-key and -export-token cannot both write to standard output");
  if (to_out && (flags.given("o") || whole_keys))
    return call.misuse(flags, "standard output has the exported file alone: leave out -o and -v");
  if (whole_keys && flags.given("o")) return call.misuse(flags, "-v has no effect: -o json shows whole keys");
  // The folder mdm-files is for those who read tables.
  if (!flags.given("export-public-key") && (token_path == "-" || format == "json")) certificate_path.clear();

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto answer, server.get("/v1/dep-tokens"));
  const auto tokens = objects_of(answer, "dep_tokens");
  if (format == "json")
    print_json(call, tokens);
  else if (!to_out)
    print_table(call, tokens, whole_keys);
  const auto certificate = text_of(answer, "public_key");
  if (flags.given("export-public-key") && !certificate_path.empty() && certificate.empty())
    return failure(Code::remote, "the server gave no public key, so none was written");
  if (!certificate_path.empty() && !certificate.empty())
    MUSTER_TRY(export_certificate(call, certificate, certificate_path));
  if (!token_path.empty()) MUSTER_TRY(export_token(call, tokens, token_path));
  return {};
}

}  // namespace muster::cli
