#include "tests/explore/story/draw_fault.h"

#include <set>

#include "tests/explore/serial_names.h"
#include "tests/explore/story/draw_plot.h"

namespace muster::explore {
namespace {

using namespace std::chrono_literals;
using Kind = Answer::Kind;
using Where = Change::Where;
using How = Change::How;

// Longer than a reconcile interval, so that one falls into it.
constexpr Millis kForever = 27h;

struct Refusal {
  int status;
  const char* word;
};

// apple-dep-api.md 2.5 and 2.6, and unknown words yet.
constexpr Refusal kCommon[] = {{400, "MALFORMED_REQUEST_BODY"},
                               {400, "USER_AGENT_MISSING"},
                               {400, "USER_AGENT_INVALID"},
                               {400, "NEW_WORD"},
                               {400, ""},
                               {401, "UNAUTHORIZED"},
                               {401, ""},
                               {401, "NEW_WORD"},
                               {403, "FORBIDDEN"},
                               {403, "ACCESS_DENIED"},
                               {403, "T_C_NOT_SIGNED"},
                               {403, "NEW_WORD"},
                               {404, "NOT_FOUND"},
                               {404, ""},
                               {405, ""},
                               {406, ""},
                               {408, ""},
                               {409, ""},
                               {410, ""},
                               {413, ""},
                               {429, "TOO_MANY_REQUESTS"},
                               {429, ""},
                               {500, ""},
                               {500, "Internal Server Error"},
                               {501, ""},
                               {502, "Bad Gateway"},
                               {503, ""},
                               {504, ""},
                               {301, ""},
                               {204, ""},
                               {418, "NEW_WORD"}};
constexpr Refusal kSession[] = {
    {401, "oauth_problem_adviceUnauthorized"}, {400, "oauth_problem_adviceBad Request"},
    {403, "token_expiredForbidden"},           {403, "token_rejectedForbidden"},
    {401, "token_rejectedForbidden"},          {403, "signature_invalidForbidden"}};
constexpr Refusal kList[] = {
    {400, "INVALID_CURSOR"}, {400, "EXHAUSTED_CURSOR"}, {400, "EXPIRED_CURSOR"}, {400, "CURSOR_REQUIRED"}};
constexpr Refusal kDetails[] = {{400, "DEVICE_ID_REQUIRED"}};
constexpr Refusal kAssign[] = {{400, "DEVICE_ID_REQUIRED"},
                               {400, "PROFILE_UUID_REQUIRED"},
                               {404, "PROFILE_NOT_FOUND"},
                               {400, "NOT_FOUND"}};

constexpr const char* kBodies[] = {"{}",
                                   "[]",
                                   "null",
                                   "",
                                   "<html><body>Service Unavailable</body></html>",
                                   "{\"devices\":",
                                   "17",
                                   "\"OK\"",
                                   R"({"devices":[],"cursor":"x","more_to_follow":false})",
                                   R"({"devices":[{}],"cursor":"x","more_to_follow":false})",
                                   R"({"devices":{}})",
                                   R"({"devices":[]})",
                                   R"({"devices":null})"};
constexpr const char* kOddValues[] = {"null", "17", "\"\"",   "\"x\"",     "true",  "false",
                                      "[]",   "{}", "[null]", "{\"a\":1}", "1e400", "-1"};
constexpr const char* kTopKeys[] = {"devices", "cursor", "more_to_follow", "fetched_until"};
constexpr const char* kRowKeys[] = {
    "serial_number",       "op_type", "op_date", "profile_status", "profile_uuid", "device_assigned_date",
    "profile_assign_time", "color",   "model",   "device_family",  "description",  "new_key"};
constexpr const char* kOddRows[] = {"null",
                                    "17",
                                    "\"x\"",
                                    "{}",
                                    "[]",
                                    "{\"serial_number\":null}",
                                    "{\"serial_number\":\"\"}",
                                    "{\"model\":\"iPad\"}"};
// A foreign cursor in depsim's form (base64 of `10::1:1:true:1`), so that it is read and rejected, or
// believed.
constexpr const char* kForeignCursor = "\"MTA6MDoxOjE6dHJ1ZTox\"";
constexpr const char* kWords[] = {"FAILED", "NOT_ACCESSIBLE", "THROTTLED", "LATER", "", "success"};
// Not what says that the device is gone: where Apple says so in answer to a question about it, it is so.
constexpr const char* kDetailWords[] = {"FAILED", "LATER", "", "THROTTLED"};

template <class T, size_t n>
const T& any(Dice& dice, const T (&items)[n]) {
  return items[dice.below(n)];
}

Answer refusal(Dice& dice, const std::string& call) {
  Refusal chosen = any(dice, kCommon);
  if (dice.one_in(2)) {
    if (call == "session") chosen = any(dice, kSession);
    if (call == "sync" || call == "fetch") chosen = any(dice, kList);
    if (call == "details") chosen = any(dice, kDetails);
    if (call == "assign" || call == "remove") chosen = any(dice, kAssign);
  }
  Answer answer{.kind = Kind::status, .status = chosen.status, .word = chosen.word};
  if (answer.status == 429 || answer.status == 503) {
    const char* pauses[] = {"", "1", "120", "3600"};
    answer.retry_after = any(dice, pauses);
  }
  // A failure in Apple's service says nothing of what was done before it.
  answer.has_effect = answer.status >= 500 && answer.status != 503 && dice.one_in(2);
  return answer;
}

Answer change_of_list(Dice& dice) {
  Answer answer{.kind = Kind::change};
  Change& change = answer.change;
  switch (dice.below(9)) {
    case 0: change = {Where::top, How::remove, any(dice, kTopKeys)}; break;
    case 1: change = {Where::top, How::set, any(dice, kTopKeys), any(dice, kOddValues)}; break;
    case 2: change = {Where::top, How::twice, any(dice, kTopKeys), any(dice, kOddValues)}; break;
    case 3:
      change = {Where::top, How::set, dice.one_in(2) ? "new_key" : "more_to_follow",
                dice.one_in(2) ? "true" : "false"};
      break;
    case 4: change = {Where::top, How::set, "cursor", dice.one_in(2) ? kForeignCursor : "\"\""}; break;
    case 5:
      change = {dice.one_in(2) ? Where::every_row : Where::first_row, How::remove, any(dice, kRowKeys)};
      break;
    case 6:
      change = {dice.one_in(2) ? Where::every_row : Where::first_row, dice.one_in(3) ? How::twice : How::set,
                any(dice, kRowKeys), any(dice, kOddValues)};
      break;
    case 7: change = {dice.one_in(2) ? Where::rows : Where::row, How::set, "", any(dice, kOddRows)}; break;
    case 8:
      change = {dice.one_in(2) ? Where::rows : Where::row, dice.one_in(2) ? How::remove : How::repeat};
      break;
  }
  // A text in the place of a serial is another device's row, which would be a lie and not an odd answer.
  if (change.key == "serial_number" && change.json == "\"x\"") change.json = "null";
  return answer;
}

Answer change_of_entries(Dice& dice) {
  Answer answer{.kind = Kind::change};
  Change& change = answer.change;
  switch (dice.below(4)) {
    case 0:
      change = {Where::top, dice.one_in(2) ? How::remove : How::set, "devices", any(dice, kOddValues)};
      break;
    case 1: change = {Where::top, How::twice, "devices", any(dice, kOddValues)}; break;
    case 2:
      change = {dice.one_in(2) ? Where::rows : Where::row, dice.one_in(2) ? How::remove : How::set, "",
                any(dice, kOddValues)};
      break;
    case 3:
      change = {Where::every_row, dice.one_in(2) ? How::remove : How::set,
                dice.one_in(2) ? "response_status" : any(dice, kRowKeys), any(dice, kOddValues)};
      break;
  }
  return answer;
}

Serials some(Dice& dice, Serials serials) { return dice.take(serials, dice.between(1, 2)); }

Fault prelude(Dice& dice, const std::string& moment, const Serials& arrivals) {
  Fault fault{
      .call = "assign", .begin = kFaultBegins, .length = 6h, .count = static_cast<int>(dice.between(1, 3))};
  if (moment == "in flight") {
    fault.answer = {.kind = dice.one_in(2) ? Kind::reset : Kind::cut, .has_effect = dice.one_in(2)};
  } else if (moment == "confirming") {
    fault.call = "details";
    fault.answer = {.kind = Kind::status, .status = 500};
  } else {
    const char* words[] = {"FAILED", "THROTTLED", "NOT_ACCESSIBLE"};
    fault.answer = {.kind = Kind::say, .word = any(dice, words), .serials = some(dice, arrivals)};
  }
  return fault;
}

// The devices that come when the fault comes, of whom the story is most of all.
Serials newcomers(const Story& story) {
  Serials serials;
  for (const Event& event : story.plot.events)
    if (event.at >= kFaultBegins - 1min && event.what <= Happening::come_from_elsewhere)
      serials.insert(serials.end(), event.serials.begin(), event.serials.end());
  return serials.empty() ? serials_of('B', 1, 1) : serials;
}

void when(Dice& dice, Fault& fault) {
  fault.length = 6h;
  switch (dice.below(5)) {
    case 0: fault.count = 1; break;
    case 1: fault.count = static_cast<int>(dice.between(2, 5)); break;
    case 2: fault.length = std::chrono::hours(dice.between(1, 4)); break;
    case 3: fault.length = std::chrono::hours(dice.between(5, 12)); break;
    case 4: fault.length = kForever; break;
  }
  if (dice.one_in(3)) fault.skip = static_cast<int>(dice.between(1, 3));
  if (dice.one_in(4)) fault.begin += std::chrono::minutes(dice.between(1, 120));
}

}  // namespace

Answer draw_answer(Dice& dice, const std::string& call, const Serials& serials) {
  const bool lists = call == "sync" || call == "fetch";
  const bool answers_each = call == "assign" || call == "details" || call == "remove";
  for (;;) {
    switch (dice.below(12)) {
      case 0:
      case 1:
      case 2: return refusal(dice, call);
      case 3: return {.kind = Kind::body, .word = any(dice, kBodies), .has_effect = dice.one_in(2)};
      case 4:
        if (call == "every call") break;
        return {.kind = Kind::cut};
      case 5: return {.kind = dice.one_in(3) ? Kind::stall : Kind::reset, .has_effect = dice.one_in(2)};
      case 6:
      case 7:
      case 8:
        if (lists) return change_of_list(dice);
        if (answers_each) return change_of_entries(dice);
        break;
      case 9:
        if (lists) return {.kind = dice.one_in(2) ? Kind::repeat_cursor : Kind::same_cursor};
        if (answers_each)
          return {.kind = Kind::say,
                  .word = call == "details" ? any(dice, kDetailWords) : any(dice, kWords),
                  .serials = dice.one_in(2) ? Serials() : some(dice, serials)};
        break;
      case 10:
        if (call == "assign" && dice.one_in(2)) return {.kind = Kind::do_nothing};
        if (answers_each)
          return {.kind = Kind::leave_out, .serials = dice.one_in(2) ? Serials() : some(dice, serials)};
        break;
      case 11:
        if (answers_each) {
          Answer answer = refusal(dice, call);
          answer.kind = Kind::poison;
          answer.serials = some(dice, serials);
          return answer;
        }
        break;
    }
  }
}

void draw_faults(Dice& dice, Story& story) {
  const Serials serials = newcomers(story);
  const bool at_first = story.moment == "baseline";
  if (story.moment == "in flight" || story.moment == "confirming" || story.moment == "waiting")
    story.faults.push_back(prelude(dice, story.moment, serials));
  const size_t pairs = dice.one_in(4) ? 2 : 1;
  for (size_t i = 0; i < pairs; ++i) {
    constexpr const char* kCalls[] = {"sync",    "sync",    "sync",    "fetch",     "fetch",  "fetch",
                                      "details", "details", "details", "assign",    "assign", "assign",
                                      "remove",  "session", "account", "every call"};
    Fault fault{.begin = at_first ? 0h : kFaultBegins};
    fault.call = any(dice, kCalls);
    if (story.moment == "full list" && dice.one_in(2)) fault.call = "fetch";
    fault.answer = draw_answer(dice, fault.call, serials);
    when(dice, fault);
    story.faults.push_back(std::move(fault));
  }
  if (story.moment == "long full list" && dice.one_in(3))
    story.faults.assign(
        1, {.call = "fetch", .answer = {.kind = Kind::slow}, .begin = kFaultBegins, .length = kForever});
  if (dice.one_in(16)) story.faults.push_back({.call = "every call", .answer = {.kind = Kind::clock_ahead}});
}

}  // namespace muster::explore
