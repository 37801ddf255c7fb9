#include "cli/client/call.h"

#include <fmt/format.h>

#include <ostream>

#include "base/os/files.h"
#include "cli/client/actor.h"
#include "cli/output/printable.h"

namespace muster::cli {

FlagSet Call::flags() const { return FlagSet("mdmctl " + command_.name(), std::string(command_.summary)); }

Result<> Call::parse(FlagSet& flags) {
  if (command_.scope == Scope::account)
    flags.add(
        "account", &account_,
        "the DEP account that this is about, as `mdmctl get dep-accounts` names it; needed only where the "
        "server has more than one",
        "NAME");
  const auto parsed = flags.parse(args_);
  if (!parsed && parsed.error().code == Code::cancelled) {
    environment_.out << parsed.error().message;
    help_was_shown_ = true;
  }
  if (!parsed) return failure(parsed.error());
  // An unset variable of a script must not lead to another account than the one that was meant.
  if (command_.scope == Scope::account && flags.given("account") && account_.empty())
    return misuse(flags, "-account names no account");
  if (parsed->empty()) return {};
  return failure(
      Code::invalid, fmt::format("unexpected argument \"{}\"", parsed->front()),
      fmt::format("Values follow their flag, lists have commas and no spaces; run `mdmctl {} -help` for "
                  "the flags",
                  command_.name()));
}

Result<> Call::misuse(const FlagSet& flags, const std::string& message) const {
  environment_.err << flags.usage() << '\n';
  return failure(Code::invalid, "bad input: " + message);
}

void Call::warn(const std::string& text) const {
  environment_.err << "mdmctl: warning: " << printable(text) << '\n';
}

void Call::report(const std::string& text) const { environment_.err << text; }

void Call::progress(const std::string& text) const {
  if (!environment_.is_terminal) return;
  environment_.err << "\r\033[K" << printable(text) << std::flush;
}

Result<std::string> Call::read_input(const std::string& path, size_t limit) const {
  if (path != "-") return read_file(path, limit);
  auto text = environment_.read_stdin(limit);
  if (!text) return failure(text.error().while_doing("standard input"));
  return text;
}

Result<Api> Call::server_of(const std::string& account) const {
  MUSTER_TRY(auto config, server_config());
  return Api(std::move(config), account, actor_of(environment_));
}

std::string Call::account_flag() const { return account_.empty() ? "" : " -account " + account_; }

}  // namespace muster::cli
