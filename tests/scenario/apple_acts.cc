#include "base/time/rfc3339.h"
#include "tests/scenario/acts.h"

namespace muster::test::act {
namespace {

boost::json::object chosen(const Words& words) { return {{"serials", to_json(words.serials("SERIALS"))}}; }

void date(boost::json::object& body, const Stage& stage, const Words& words) {
  if (words.has("DURATION")) body["op_date"] = format_rfc3339(stage.apple_now() - words.duration("DURATION"));
}

void add(Stage& stage, const Words& words, boost::json::object body) {
  body["account"] = words.text("ACCOUNT", "default");
  date(body, stage, words);
  stage.apple().devices("add", body);
}

// An action on existing devices.
void do_to_devices(Stage& stage, const Words& words, const char* action) {
  auto body = chosen(words);
  date(body, stage, words);
  stage.apple().devices(action, body);
}

void set_account(Stage& stage, const Words& words, const boost::json::object& members) {
  stage.apple().put("/control/accounts/" + words.text("ACCOUNT", "default"), members);
}

}  // namespace

void devices_arrive(Stage& stage, const Words& words, const Step&) { add(stage, words, chosen(words)); }

void devices_arrive_silently(Stage& stage, const Words& words, const Step&) {
  auto body = chosen(words);
  body["baseline"] = true;
  add(stage, words, std::move(body));
}

void devices_come_from_elsewhere(Stage& stage, const Words& words, const Step&) {
  auto body = chosen(words);
  body["as"] = "modified";
  body["profile_uuid"] = "F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0";
  add(stage, words, std::move(body));
}

void odd_devices_arrive(Stage& stage, const Words& words, const Step&) {
  boost::json::array rows;
  for (const auto& serial : words.serials("SERIALS")) {
    auto row = boost::json::parse(words.text("JSON")).as_object();
    row["serial_number"] = serial;
    rows.push_back(std::move(row));
  }
  add(stage, words, {{"devices", std::move(rows)}});
}

void rows_are_odd(Stage& stage, const Words& words, const Step&) {
  auto body = chosen(words);
  body["members"] = boost::json::parse(words.text("JSON"));
  body["event"] = false;
  stage.apple().devices("set", body);
}

void devices_move(Stage& stage, const Words& words, const Step&) {
  auto body = chosen(words);
  body["to"] = words.text("ACCOUNT");
  stage.apple().devices("move", body);
}

void devices_are_removed(Stage& stage, const Words& words, const Step&) {
  do_to_devices(stage, words, "remove");
}
void devices_leave_silently(Stage& stage, const Words& words, const Step&) {
  auto body = chosen(words);
  body["event"] = false;
  stage.apple().devices("remove", body);
}
void devices_are_released(Stage& stage, const Words& words, const Step&) {
  do_to_devices(stage, words, "release");
}
void devices_are_reassigned(Stage& stage, const Words& words, const Step&) {
  do_to_devices(stage, words, "reassign");
}
void devices_change(Stage& stage, const Words& words, const Step&) { do_to_devices(stage, words, "touch"); }

void devices_lose_their_profile(Stage& stage, const Words& words, const Step&) {
  auto body = chosen(words);
  body["profile_status"] = "removed";
  stage.apple().devices("set", body);
}

void devices_are_throttled(Stage& stage, const Words& words, const Step&) {
  auto body = chosen(words);
  body["for"] = std::to_string(words.duration("DURATION").count() / 1000) + "s";
  stage.apple().devices("throttle", body);
}

void account_is_made(Stage& stage, const Words& words, const Step&) {
  stage.apple().post("/control/accounts", {{"name", words.text("ACCOUNT")}});
}
void terms_are_unsigned(Stage& stage, const Words& words, const Step&) {
  set_account(stage, words, {{"terms_signed", false}});
}
void terms_are_signed(Stage& stage, const Words& words, const Step&) {
  set_account(stage, words, {{"terms_signed", true}});
}
void access_is_denied(Stage& stage, const Words& words, const Step&) {
  set_account(stage, words, {{"access", words.text("WORD")}});
}
void access_is_given(Stage& stage, const Words& words, const Step&) {
  set_account(stage, words, {{"access", "ok"}});
}

void token_is_replaced(Stage& stage, const Words& words, const Step&) {
  stage.run_well("curl -sf -X POST \"$DEPSIM/control/accounts/" + words.text("ACCOUNT", "default") +
                 "/token?format=json\"");
}

void sessions_end(Stage& stage, const Words&, const Step&) {
  stage.apple().post("/control/sessions/invalidate", boost::json::object());
}

void page_size_is(Stage& stage, const Words& words, const Step&) {
  const long long size = words.number("N");
  stage.apple().put("/control/settings", {{"page_limit", size}, {"page_default", std::min(size, 100LL)}});
}

void switch_is(Stage& stage, const Words& words, const Step&) {
  boost::system::error_code not_json;
  boost::json::value value = boost::json::parse(words.text("VALUE"), not_json);
  if (not_json) value = boost::json::value(words.text("VALUE"));
  stage.apple().put("/control/settings", boost::json::object{{words.text("WORD"), value}});
}

}  // namespace muster::test::act
