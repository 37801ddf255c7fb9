#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/json/plan_query.h"
#include "api/query.h"
#include "base/log/log.h"
#include "base/time/rfc3339.h"
#include "http/json.h"
#include "model/text/csv_rows.h"
#include "sync/accounts/config_revision.h"
#include "sync/rules/device_lists.h"

namespace muster::api::muster_v1 {
namespace {

constexpr long long kSerialsOnPage = 10'000;

using How = sync::ListChange::How;

std::string list_in_path(const Call& call) { return call.request.parameters.at(0); }

boost::json::object to_json(const SerialList& list) {
  return {{"name", list.name},
          {"version", list.version},
          {"updated_at", format_rfc3339(list.updated_at)},
          {"size", list.size}};
}

Result<How> how_of(const boost::json::object& body) {
  MUSTER_TRY(const auto mode, string_field(body, "mode", false));
  if (mode.empty() || mode == "create") return How::create;
  if (mode == "add") return How::add;
  if (mode == "remove") return How::remove;
  if (mode == "replace") return How::replace;
  return failure(Code::invalid, "unknown mode \"" + mode + "\"", "Use create, add, remove or replace");
}

// A file without serial numbers is a mistake more often than a wish.
Result<SerialRows> rows_of(const boost::json::object& body, How how) {
  MUSTER_TRY(const bool may_be_empty, flag_field(body, "allow_empty"));
  const bool makes_list = how == How::replace || how == How::create;
  if (may_be_empty && !makes_list)
    return failure(Code::invalid, "\"allow_empty\" has no effect with this \"mode\"", "Leave it out");
  MUSTER_TRY(const auto csv, string_field(body, "csv", !may_be_empty));
  MUSTER_TRY(const auto column, string_field(body, "column", false));
  if (csv.empty()) return SerialRows{};
  MUSTER_TRY(auto rows, serials_of_csv(csv, column));
  if (rows.serials.empty() && !may_be_empty)
    return failure(Code::invalid, "the file has a header, and no serial numbers below it",
                   makes_list ? "To make the list empty, add -yes (in the API: \"allow_empty\": true)" : "");
  return rows;
}

}  // namespace

Result<http::Response> get_lists(const Call& call) {
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto lists,
             call.store.read([&](Reader& reader) { return reader.serial_lists(account.id); }));
  boost::json::array array;
  for (const auto& list : lists) array.push_back(to_json(list));
  return http::json_response(200, {{"lists", std::move(array)}});
}

Result<http::Response> get_list(const Call& call) {
  MUSTER_TRY(const auto limit, number_in_query(call, "limit", 1, kSerialsOnPage, kSerialsOnPage));
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto after, serial_cursor(call.request.query.get("cursor").value_or("")));
  return call.store.read([&](Reader& reader) -> Result<http::Response> {
    MUSTER_TRY(const auto list, sync::find_list(reader, account.id, list_in_path(call)));
    MUSTER_TRY(const auto serials, reader.serial_list_page(list.id, after, static_cast<size_t>(limit)));
    auto answer = to_json(list);
    boost::json::array array;
    for (const auto& serial : serials) array.emplace_back(serial.str());
    answer["serials"] = std::move(array);
    if (static_cast<long long>(serials.size()) == limit) answer["next_cursor"] = serials.back().str();
    return http::json_response(200, std::move(answer));
  });
}

Result<http::Response> put_list(const Call& call) {
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto how_to_change, how_of(body));
  MUSTER_TRY(const auto rows, rows_of(body, how_to_change));
  sync::ListChange change{.name = list_in_path(call), .how = how_to_change, .serials = rows.serials};
  MUSTER_TRY(change.version, optional_number_field(body, "version"));
  MUSTER_TRY(auto how, change_options(call, body));
  how.account = account.id;
  sync::ChangedList changed;
  how.apply = [&](Writer& writer) -> Result<> {
    MUSTER_TRY(changed, sync::change_list(writer, account.id, change, how.now));
    return {};
  };
  MUSTER_TRY(const auto outcome, sync::change_rules(call.store, how));
  if (outcome.applied)
    log::info("list.changed", {{"account", account.name.str()},
                               {"list", changed.list.name},
                               {"added", changed.added},
                               {"removed", changed.removed},
                               {"size", changed.list.size}});
  MUSTER_TRY(auto answer, outcome_json(call, account, outcome));
  for (auto& member : to_json(changed.list)) answer.insert(member);
  answer["created"] = changed.created;
  answer["added"] = changed.added;
  answer["removed"] = changed.removed;
  answer["repeated"] = rows.repeated;
  return http::json_response(200, std::move(answer));
}

Result<http::Response> delete_list(const Call& call) {
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto body, optional_json_body(call));
  MUSTER_TRY(const auto meant_for, optional_number_field(body, "revision"));
  MUSTER_TRY(const auto revision, call.store.write(account.id, [&](Writer& writer) -> Result<long long> {
    MUSTER_TRY(sync::check_revision(writer, account.id, meant_for));
    MUSTER_TRY(sync::remove_list(writer, account.id, list_in_path(call)));
    return writer.config_revision(account.id);
  }));
  log::info("list.removed", {{"account", account.name.str()}, {"list", list_in_path(call)}});
  return http::json_response(200, {{"revision", revision}});
}

}  // namespace muster::api::muster_v1
