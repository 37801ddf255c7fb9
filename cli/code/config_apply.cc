#include "cli/code/config_apply.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "cli/code/present_config.h"
#include "cli/output/fields.h"
#include "cli/output/printable.h"

namespace muster::cli {
namespace {

using What = ConfigStep::What;
using How = ConfigStep::How;

struct Done {
  long long revision = 0;  // of the configuration now
  std::string remark{};    // what is to be said beside that it is done
  std::string devices{};   // that change by it and by what was done before; "" where it concerns none
  boost::json::object answer{};
};

// Changes that concern devices: planned, and asked about where they are many.
Result<Done> change_rules(Call& call, Api& server, const Change& change, bool yes) {
  Done done;
  MUSTER_TRY(make_change(call, server, {.yes = yes, .when_refused = "Add -yes to confirm"}, change,
                         [&](const boost::json::object& answer, bool) { done.answer = answer; }));
  MUSTER_TRY(done.revision, revision_in(done.answer));
  const auto* plan = done.answer.if_contains("plan");
  if (plan && plan->is_object()) done.devices = text_of(plan->get_object(), "changes");
  return done;
}

// A version, by which rules that follow its name may move devices.
Result<Done> define(Call& call, Api& server, const ConfigStep& step, long long revision, bool yes) {
  const Change change{.method = "PUT",
                      .path = fmt::format("/v1/dep/profiles?revision={}", revision),
                      .body = {},
                      .document = step.document};
  MUSTER_TRY(auto done, change_rules(call, server, change, yes));
  if (done.devices == "0")
    done.devices.clear();  // no rule follows it, and it says nothing of what was done before
  done.remark = "UUID " + text_of(done.answer, "profile_uuid");
  if (const auto version = text_of(done.answer, "version"); !version.empty())
    done.remark = "version " + version + ", " + done.remark;
  return done;
}

Result<Done> send(Api& server, const Change& change) {
  MUSTER_TRY(const auto answer, server.send(change.method, change.path, change.body));
  Done done;
  MUSTER_TRY(done.revision, revision_in(answer));
  return done;
}

Result<Done> apply(Call& call, Api& server, const ConfigStep& step, long long revision, bool yes) {
  if (step.what == What::profile) return define(call, server, step, revision, yes);
  Change change = step.change;
  change.body["revision"] = revision;
  const bool concerns_devices =
      step.what == What::rule || (step.what == What::list && step.how != How::remove);
  return concerns_devices ? change_rules(call, server, change, yes) : send(server, change);
}

// Whether somebody else has changed it: then every further step would be refused.
bool has_changed(Api& server, const Error& error, long long revision) {
  if (error.code != Code::conflict) return false;
  const auto present = fetch_config(server);
  return present && present->revision != revision;
}

}  // namespace

Applied apply_steps(Call& call, Api& server, const std::vector<ConfigStep>& steps, long long revision,
                    bool yes) {
  Applied applied;
  std::set<std::string> failed;
  const auto say = [&](const ConfigStep& step, const std::string& text) {
    call.out() << printable(fmt::format("  {}: {}\n", step.title, text)) << std::flush;
  };
  for (const auto& step : steps) {
    const auto missing = std::find_if(step.needs.begin(), step.needs.end(),
                                      [&](const std::string& title) { return failed.contains(title); });
    if (missing != step.needs.end()) {
      say(step, "left out, since it needs " + *missing);
      failed.insert(step.title);
      continue;
    }
    const auto done = apply(call, server, step, revision, yes);
    if (done) {
      ++applied.done;
      revision = done->revision;
      if (!done->devices.empty()) applied.devices = done->devices;
      say(step, (step.how == How::remove ? "removed" : "applied") +
                    (done->remark.empty() ? "" : " (" + done->remark + ")"));
      continue;
    }
    say(step, "not applied: " + done.error().text());
    failed.insert(step.title);
    if (has_changed(server, done.error(), revision)) {
      call.out() << "  nothing more was done here\n";
      break;
    }
  }
  applied.failed = steps.size() - applied.done;
  return applied;
}

}  // namespace muster::cli
