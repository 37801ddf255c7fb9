#include "cli/client/call.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/os/files.h"
#include "base/text/strings.h"
#include "base/text/text_file.h"
#include "cli/client/actor.h"
#include "cli/output/printable.h"

namespace muster::cli {

namespace {

// Hyphens as word processors and chat programs make them, before a word.
bool begins_with_dash(std::string_view argument) {
  for (const std::string_view dash : {"–", "—", "−", "‐", "‑"})
    if (argument.starts_with(dash)) return true;
  return false;
}

bool is_file(const std::string& name) {
  std::error_code ignored;
  return std::filesystem::exists(name, ignored);
}

constexpr std::string_view kNeedsNoQuotes =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._,:/@-";

// The flag that a value without one is most likely for: the first that the command cannot do without, or the
// one that names things.
const FlagSet::Flag* likely_flag(const FlagSet& flags) {
  const FlagSet::Flag* likely = nullptr;
  for (const auto& flag : flags.flags()) {
    if (flag->given || flag->is_boolean) continue;
    if (flag->help.ends_with("(required)")) return flag.get();
    if (!likely && (flag->name == "serials" || flag->name == "name")) likely = flag.get();
  }
  return likely;
}

tl::unexpected<Error> unexpected_arguments(const std::vector<std::string>& arguments, const FlagSet& flags,
                                           const std::string& command) {
  const std::string& first = arguments.front();
  const std::string message = fmt::format("unexpected argument \"{}\"", first);
  if (begins_with_dash(first))
    return failure(Code::invalid, message + ": it begins with a dash that is not a hyphen",
                   "Type the hyphen anew, as in -account");
  if (std::all_of(arguments.begin(), arguments.end(), is_file))
    return failure(Code::invalid,
                   message + ", the name of a file here: the shell may have put it in place of a star",
                   "Put the star in quotes: -filter='*'");
  const auto* flag = likely_flag(flags);
  if (flag && arguments.size() == 1 && first.find_first_not_of(kNeedsNoQuotes) == std::string::npos)
    return failure(Code::invalid, message,
                   fmt::format("Values follow their flag. Did you mean `mdmctl {} -{} {}`?", command,
                               flag->name, first));
  return failure(
      Code::invalid, message,
      fmt::format("Values follow their flag, and a list with spaces needs quotes; run `mdmctl {} -help` for "
                  "the flags",
                  command));
}

}  // namespace

std::string name_of_input(const std::string& path) { return path == "-" ? "standard input" : path; }

FlagSet Call::flags() const {
  FlagSet flags("mdmctl " + command_.name(), std::string(command_.summary));
  flags.strict();
  return flags;
}

Result<> Call::parse(FlagSet& flags) {
  if (command_.scope == Scope::account)
    flags.add(
        "account", &account_,
        "the DEP account that this is about, as `mdmctl get dep-accounts` names it; needed only where the "
        "server has more than one",
        "NAME");
  if (inspect_) {
    inspect_(flags);
    help_was_shown_ = true;
    return failure(Code::cancelled, "");
  }
  const auto parsed = flags.parse(args_);
  if (!parsed && parsed.error().code == Code::cancelled) {
    environment_.out << parsed.error().message;
    help_was_shown_ = true;
  }
  if (!parsed) return failure(parsed.error());
  if (parsed->empty()) return {};
  return unexpected_arguments(*parsed, flags, command_.name());
}

Result<> Call::misuse(const FlagSet& flags, const std::string& message) const {
  environment_.err << flags.usage() << '\n';
  return failure(Code::invalid, "bad input: " + message);
}

void Call::warn(const std::string& text) const {
  environment_.err << "mdmctl: warning: " << printable(text) << '\n';
}

void Call::report(const std::string& text) const { environment_.err << text; }

void Call::print_with_secret(const std::string& text, const std::string& secret,
                             const std::string& advice) const {
  if (secret.empty()) {
    out() << text << '\n';
    return;
  }
  report(text + "\n" + advice + "\n");
  out() << secret << '\n';
}

Result<std::string> Call::read_input(const std::string& path, size_t limit) const {
  if (path != "-") return read_file(path, limit);
  auto text = environment_.read_stdin(limit);
  if (!text) return failure(text.error().while_doing("standard input"));
  return text;
}

Result<std::string> Call::read_text(const std::string& path, size_t limit) const {
  MUSTER_TRY(auto bytes, read_input(path, limit));
  auto text = text_of_file(std::move(bytes));
  if (!text) return failure(text.error().while_doing(name_of_input(path)));
  return text;
}

Result<std::string> Call::read_secret(const std::string& path) const {
  constexpr size_t kLongestSecretFile = 4096;
  MUSTER_TRY(const auto text, read_text(path, kLongestSecretFile));
  const std::string secret(trim(text));
  if (!secret.empty()) return secret;
  return failure(Code::invalid, "there is nothing in " + name_of_input(path));
}

Result<> Call::found(size_t found, size_t wanted, const std::string& who) {
  if (found == wanted) return {};
  if (found == 0)
    return failure(
        Code::not_found,
        fmt::format("{} none of {}", who, wanted == 1 ? "the serial number" : "these serial numbers"),
        "Check the serial numbers, and the account");
  warn(fmt::format("{} {} of {} serial numbers", who, found, wanted));
  exit_with(kPartly);
  return {};
}

Result<Api> Call::server_of(const std::string& account) const {
  MUSTER_TRY(auto config, server_config());
  return Api(std::move(config), account, actor_of(environment_), progress_);
}

std::string Call::account_flag() const { return account_.empty() ? "" : " -account " + account_; }

}  // namespace muster::cli
