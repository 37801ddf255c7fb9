// The battery's part on the revision of an account's configuration.
#include "tests/contract/store_contract.h"

namespace muster::test {
namespace {}  // namespace

TEST_P(StoreContract, TheRevisionGrowsWithTheConfiguration) {
  const auto id = make_account("school"), other = make_account("other");
  const auto revision = [&](AccountId account) {
    return read([&](Reader& r) { return r.config_revision(account); });
  };
  long long last = revision(id);
  const auto grows = [&](const char* what, auto change) {
    write(change);
    EXPECT_GT(revision(id), last) << what;
    last = revision(id);
  };
  Rule rule{.account = id, .filter = "*", .profile = ProfileUuid("U"), .created_at = kNow};
  SerialList lab{.account = id, .name = "lab", .version = 1};
  grows("a rule comes", [&](Writer& w) { return put_new(w, rule); });
  grows("a rule changes", [&](Writer& w) {
    ++rule.version;
    return w.put_rule(rule);
  });
  grows("a rule goes", [&](Writer& w) { return w.remove_rule(rule.id); });
  grows("a list comes", [&](Writer& w) { return put_new(w, lab); });
  grows("a list changes", [&](Writer& w) {
    ++lab.version;
    return w.put_serial_list(lab);
  });
  grows("a list goes", [&](Writer& w) { return w.remove_serial_list(lab.id); });
  for (const char* uuid : {"U1", "U2"})
    grows("a profile is defined", [&](Writer& w) -> Result<> {
      MUSTER_TRY(w.put_profile({.account = id,
                                .uuid = ProfileUuid(uuid),
                                .name = "Lab",
                                .version = uuid[1] - '0',
                                .document = "{}"}));
      return w.set_current_profile(id, "Lab", ProfileUuid(uuid));
    });
  grows("a profile goes back",
        [&](Writer& w) { return w.set_current_profile(id, "Lab", ProfileUuid("U1")); });
  grows("the account pauses", [&](Writer& w) { return w.put_paused(id, true); });
  grows("replacements inherit", [&](Writer& w) { return w.put_inherit_replacements(id, true); });
  grows("the account's address changes", [&](Writer& w) { return w.put_base_url(id, "https://a.test"); });
  reopen();
  EXPECT_EQ(revision(id), last);
  EXPECT_EQ(revision(other), 0);
}

TEST_P(StoreContract, TheRevisionStaysWhenTheConfigurationDoes) {
  const auto id = make_account();
  Rule rule{.account = id, .filter = "*", .profile = ProfileUuid("U"), .created_at = kNow};
  SerialList lab{.account = id, .name = "lab", .version = 1};
  write([&](Writer& w) -> Result<> {
    MUSTER_TRY(put_new(w, rule));
    MUSTER_TRY(put_new(w, lab));
    MUSTER_TRY(w.put_profile({.account = id, .uuid = ProfileUuid("U"), .name = "Lab", .document = "{}"}));
    return w.set_current_profile(id, "Lab", ProfileUuid("U"));
  });
  const auto device = make_device(id, "S");
  const auto before = read([&](Reader& r) { return r.config_revision(id); });
  write([&](Writer& w) -> Result<> {
    rule.broken = "PROFILE_NOT_FOUND";
    MUSTER_TRY(w.put_rule(rule));
    MUSTER_TRY(w.put_note(id, Serial("S"), {.owner = "Ada"}));
    MUSTER_TRY(w.update_device(device));
    MUSTER_TRY(w.put_run_record(id, {.last_success = {}, .last_attempt = kNow, .last_error = {}}));
    MUSTER_TRY(w.put_paused(id, false));
    MUSTER_TRY(w.put_inherit_replacements(id, false));
    return w.set_current_profile(id, "Lab", ProfileUuid("U"));
  });
  EXPECT_EQ(read([&](Reader& r) { return r.config_revision(id); }), before);
}

}  // namespace muster::test
