#include <boost/json.hpp>

#include "api/body.h"
#include "api/handlers.h"
#include "api/json/plan_query.h"
#include "api/query.h"
#include "base/log/log.h"
#include "http/json.h"
#include "model/text/csv_rows.h"
#include "sync/rules/device_notes.h"

namespace muster::api::muster_v1 {

namespace {
constexpr long long kNotesOnPage = 1000;
}

Result<http::Response> get_notes(const Call& call) {
  MUSTER_TRY(const auto limit, number_in_query(call, "limit", 1, kNotesOnPage, kNotesOnPage));
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto after, serial_cursor(call.request.query.get("cursor").value_or("")));
  MUSTER_TRY(const auto notes, call.store.read([&](Reader& reader) {
    return reader.note_page(account.id, after, static_cast<size_t>(limit));
  }));
  boost::json::array array;
  for (const auto& [serial, note] : notes)
    array.push_back(boost::json::object{{"serial_number", serial.str()},
                                        {"name", note.name},
                                        {"owner", note.owner},
                                        {"group", note.group},
                                        {"asset_tag", note.asset_tag}});
  boost::json::object answer{{"notes", std::move(array)}};
  if (static_cast<long long>(notes.size()) == limit) answer["next_cursor"] = notes.back().serial.str();
  return http::json_response(200, std::move(answer));
}

Result<http::Response> put_notes(const Call& call) {
  MUSTER_TRY(const auto account, account_of(call));
  MUSTER_TRY(const auto body, json_body(call));
  MUSTER_TRY(const auto csv, string_field(body, "csv", true));
  MUSTER_TRY(const auto column, string_field(body, "column", false));
  MUSTER_TRY(const auto rows, notes_of_csv(csv, column));
  MUSTER_TRY(auto how, change_options(call, body));
  how.account = account.id;
  sync::ChangedNotes counts;
  how.apply = [&](Writer& writer) -> Result<> {
    MUSTER_TRY(counts, sync::change_notes(writer, account.id, rows));
    return {};
  };
  MUSTER_TRY(const auto outcome, sync::change_rules(call.store, how));
  if (outcome.applied)
    log::info("notes.changed", {{"account", account.name.str()},
                                {"added", counts.added},
                                {"changed", counts.changed},
                                {"removed", counts.removed}});
  MUSTER_TRY(auto answer, outcome_json(call, account, outcome));
  answer["added"] = counts.added;
  answer["changed"] = counts.changed;
  answer["removed"] = counts.removed;
  answer["same"] = counts.same;
  return http::json_response(200, std::move(answer));
}

}  // namespace muster::api::muster_v1
