#include <fmt/format.h>

#include <boost/json.hpp>
#include <ostream>

#include "base/text/encoding.h"
#include "base/text/json.h"
#include "base/text/utf8.h"
#include "cli/client/call.h"
#include "cli/client/pages.h"
#include "cli/commands/commands.h"
#include "cli/output/fields.h"
#include "cli/output/form.h"
#include "cli/output/table.h"

namespace muster::cli {

namespace {

constexpr size_t kLongestObject = 60;  // bytes; -o json shows all of it

std::string link_in(const boost::json::object& answer, const char* name) {
  const auto* link = answer.if_contains(name);
  if (!link || !link->is_object()) return {};
  return text_of(link->get_object(), "number") + ":" + text_of(link->get_object(), "digest");
}

// Calls take(entry) for the newest entries, `most` of them, or all for 0.
Result<> each_entry(Api& server, const std::string& path, long long most,
                    const std::function<bool(const boost::json::object&)>& take) {
  long long seen = 0;
  return each_page(server, path, [&](const boost::json::object& page) {
    for (const auto* entry : objects_of(page, "entries")) {
      if (most > 0 && seen == most) return false;
      ++seen;
      if (!take(*entry)) return false;
    }
    return most == 0 || seen < most;
  });
}

}  // namespace

Result<> get_audit(Call& call) {
  std::string since, until, who, what, account, format = "table";
  long long limit = 100;
  auto flags = call.flags();
  flags.add("since", &since, "only entries since this time: 2026-03-01T09:00:00Z, or 7d for seven days ago",
            "TIME");
  flags.add("until", &until, "only entries before this time", "TIME");
  flags.add("who", &who, "only changes with this API key, or by this actor", "NAME");
  flags.add("what", &what, "only this action, or all that begin so: rule.saved, or rule", "ACTION");
  flags.add("account", &account, "only changes of this DEP account", "NAME");
  flags.add("limit", &limit, "number of entries, the newest first; 0 for all");
  add_form(flags, &format);
  MUSTER_TRY(call.parse(flags));
  if (limit < 0) return call.misuse(flags, "-limit must not be negative");

  std::string query;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty())
      query += (query.empty() ? "?" : "&") + std::string(name) + "=" + percent_encode(value);
  };
  add("since", since);
  add("until", until);
  add("who", who);
  add("what", what);
  add("account", account);
  if (limit > 0 && limit < 1000) add("limit", std::to_string(limit));

  MUSTER_TRY(auto server, call.server());
  if (format == "json") {
    boost::json::array all;
    MUSTER_TRY(each_entry(server, "/api/v1/audit" + query, limit, [&](const boost::json::object& entry) {
      all.push_back(entry);
      return true;
    }));
    call.out() << write_json_indented(all) << '\n';
    return {};
  }
  Table table(call.out(), {"Time", "Key", "Actor", "Account", "Action", "Object"});
  MUSTER_TRY(each_entry(server, "/api/v1/audit" + query, limit, [&](const boost::json::object& entry) {
    table.add({text_of(entry, "at"), text_of(entry, "key"), text_of(entry, "actor"),
               text_of(entry, "account"), text_of(entry, "action"),
               cut_utf8(text_of(entry, "object"), kLongestObject)});
    return static_cast<bool>(call.out());
  }));
  table.flush();
  return {};
}

Result<> audit_verify(Call& call) {
  std::string known;
  auto flags = call.flags();
  flags.add("known", &known, "number and digest of an entry, as noted earlier: it must be there unchanged",
            "NUMBER:DIGEST");
  MUSTER_TRY(call.parse(flags));

  MUSTER_TRY(auto server, call.server());
  MUSTER_TRY(const auto verdict,
             server.get("/api/v1/audit/check" + (known.empty() ? "" : "?known=" + percent_encode(known))));
  if (!is_true(verdict, "intact"))
    return failure(
        Code::conflict,
        fmt::format("the audit is not as it was written: entry {}: {}", text_of(verdict, "broken_at"),
                    text_of(verdict, "fault")),
        "Entries in front of it are sound. Compare the others with a backup of the database, and with the "
        "server's log (audit.added)");
  call.out() << fmt::format("{} entries are unchanged; the last one is {}\n", text_of(verdict, "entries"),
                            link_in(verdict, "last"));
  return {};
}

}  // namespace muster::cli
