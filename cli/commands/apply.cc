#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/os/files.h"
#include "cli/client/call.h"
#include "cli/client/plan_print.h"
#include "cli/code/config_apply.h"
#include "cli/code/config_check.h"
#include "cli/code/config_diff.h"
#include "cli/code/config_reader.h"
#include "cli/code/present_config.h"
#include "cli/commands/commands.h"
#include "cli/commands/usage.h"
#include "cli/input/yaml.h"
#include "cli/output/printable.h"
#include "model/serial_list.h"
#include "model/text/account_name.h"

namespace muster::cli {
namespace {

constexpr int kChanged = 2;  // exit code

// An account that the file is about, compared with the server.
struct Compared {
  WantedConfig wanted;
  Api server;
  long long revision = 0;
  ConfigDiff diff{};
};

// What keeps the file from being applied is a failure; all of it has been said then.
Result<> stop_at_errors(const Call& call, const ConfigFindings& findings) {
  call.report(findings.report());
  if (findings.errors() == 0) return {};
  return failure(Code::invalid, findings.error_count() + ", so nothing was changed");
}

Result<std::vector<WantedConfig>> read(const Call& call, const std::string& path, bool force) {
  MUSTER_TRY(const auto text, call.read_input(path, 2 * kLargestYaml));  // what is too large is a finding
  ConfigFindings findings(path == "-" ? "standard input" : path);
  const ConfigSource source{
      .directory = path == "-" ? "" : std::filesystem::path(path).parent_path().string(),
      .read_file = [](const std::string& name, size_t limit) { return read_regular_file(name, limit); },
      .force_profiles = force};
  auto wanted = read_config(text, source, findings);
  MUSTER_TRY(stop_at_errors(call, findings));
  return wanted;
}

Result<PresentSerials> serials_of_changed_lists(Api& server, const WantedConfig& wanted,
                                                const PresentConfig& present) {
  PresentSerials serials;
  for (const auto& list : wanted.lists.value_or(std::vector<WantedList>())) {
    const auto* old = find_list(present, list.name);
    if (!old || old->digest == digest_of(list.serials)) continue;
    MUSTER_TRY(serials[list.name], fetch_list(server, list.name));
  }
  return serials;
}

// With findings instead of a diff where the file cannot be right.
Result<Compared> compare(const Call& call, WantedConfig wanted, bool prune, ConfigFindings& findings) {
  MUSTER_TRY(auto server, call.server_of(wanted.account));
  Compared compared{.wanted = std::move(wanted), .server = std::move(server)};
  const auto present = fetch_config(compared.server);
  if (!present && present.error().code == Code::not_found) {
    findings.add(compared.wanted.place, present.error());
    return compared;
  }
  if (!present) return failure(present.error());
  compared.revision = present->revision;
  // Before each of them is asked about.
  const size_t rules = compared.wanted.rules ? compared.wanted.rules->size() : 0,
               known = present->rules.size();
  if (!check_rule_count(rules - std::min(rules, known), compared.wanted, *present, findings)) return compared;
  MUSTER_TRY(const auto lists, check_rules(compared.server, compared.wanted, *present, prune, findings));
  MUSTER_TRY(const auto serials, serials_of_changed_lists(compared.server, compared.wanted, *present));
  compared.diff = diff_config(compared.wanted, *present, serials, lists, prune);
  const auto& steps = compared.diff.steps;
  const auto added = std::count_if(steps.begin(), steps.end(), [](const ConfigStep& step) {
    return step.what == ConfigStep::What::rule && step.how == ConfigStep::How::add;
  });
  check_rule_count(static_cast<size_t>(added), compared.wanted, *present, findings);
  return compared;
}

Result<> apply_all(Call& call, std::vector<Compared>& accounts, bool yes) {
  Applied all;
  for (auto& [wanted, server, revision, diff] : accounts) {
    if (diff.steps.empty()) continue;
    call.out() << fmt::format("applying to account {}:\n", wanted.account);
    const auto applied = apply_steps(call, server, diff.steps, revision, yes);
    if (applied.devices != "0")
      call.out() << fmt::format("  {} {}; `mdmctl get backfill{}` shows how far that is\n",
                                devices_of(applied.devices), applied.devices == "1" ? "changes" : "change",
                                account_flag(AccountName(wanted.account)));
    all.done += applied.done;
    all.failed += applied.failed;
  }
  if (all.failed > 0)
    return failure(Code::conflict,
                   fmt::format("{} of {} changes were not made", all.failed, all.failed + all.done),
                   "The lines above say why. Once that is mended, the same command does the rest");
  return {};
}

}  // namespace

Result<> apply(Call& call) {
  std::string path;
  bool dry_run = false, prune = false, yes = false, force = false;
  auto flags = call.flags();
  flags.add("f", &path, "filename of the configuration (YAML, required); - reads standard input", "FILE");
  flags.add("dry-run", &dry_run, "show what would change, and change nothing");
  flags.add("prune", &prune,
            "remove the rules and lists that are not in the file, where it has a section for them");
  flags.add("yes", &yes, "do not ask, even when more than 100 devices change");
  flags.add("force", &force, "send profiles though errors are found in them");
  const auto parsed = call.parse(flags);
  if (call.help_was_shown()) call.out() << "\nOr one thing at a time:\n\n" << verb_overview("apply");
  MUSTER_TRY(parsed);
  if (path.empty()) return call.misuse(flags, "must provide -f parameter");

  MUSTER_TRY(auto wanted, read(call, path, force));
  ConfigFindings findings(path == "-" ? "standard input" : path);
  std::vector<Compared> accounts;
  for (auto& each : wanted) {
    MUSTER_TRY(auto compared, compare(call, std::move(each), prune, findings));
    accounts.push_back(std::move(compared));
  }
  MUSTER_TRY(stop_at_errors(call, findings));
  bool any = false;
  for (const auto& account : accounts) {
    call.out() << printable(to_text(account.wanted.account, account.diff));
    any = any || !account.diff.steps.empty();
  }
  if (!any) return {};
  call.exit_with(kChanged);
  if (dry_run) {
    call.out() << "dry run, nothing is changed\n";
    return {};
  }
  return apply_all(call, accounts, yes);
}

}  // namespace muster::cli
