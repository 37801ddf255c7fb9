#include "tests/torture/trouble.h"

namespace muster::torture {

// Nothing here needs an operator's help, nor tells Muster a lie that only an operator could see through:
// after lift() every device can be brought to its profile. Waits that Apple asks for are short; those of
// Muster's own are passed by moving its clock at the end.
void Trouble::act() {
  using boost::json::object;
  const auto some = static_cast<int>(dice_.between(1, 3));
  switch (dice_.below(19)) {
    case 0:
      return add("503 with Retry-After", {{"endpoint", any_endpoint()},
                                          {"status", 503},
                                          {"headers", object{{"Retry-After", "1"}}},
                                          {"body", "SERVICE_UNAVAILABLE"}});
    case 1:
      return add("429 with Retry-After", {{"endpoint", any_endpoint()},
                                          {"status", 429},
                                          {"headers", object{{"Retry-After", "1"}}},
                                          {"body", "TOO_MANY_REQUESTS"}});
    case 2: return add("500", {{"endpoint", any_endpoint()}, {"count", some}, {"status", 500}});
    case 3: return add("reset before the effect", {{"endpoint", any_endpoint()}, {"deliver", "reset"}});
    case 4:
    case 5:
      return add("reset after the effect",
                 {{"endpoint", any_endpoint()}, {"deliver", "reset"}, {"when", "after"}});
    case 6:
    case 7: return add("answer cut short", {{"endpoint", any_endpoint()}, {"deliver", "cut"}});
    case 8:
      return add("error after the effect", {{"endpoint", "assign"}, {"status", 500}, {"when", "after"}});
    case 9:
      return add("FAILED for all of a call", {{"endpoint", "assign"}, {"results", object{{"*", "FAILED"}}}});
    case 17: return add_for_some();
    case 10:
      return add("no answer for a serial", {{"endpoint", "assign"}, {"results", object{{"*", nullptr}}}});
    case 11:
      return add("SUCCESS that is none",
                 {{"endpoint", "assign"}, {"results", object{{"*", "SUCCESS"}}}, {"apply_success", false}});
    case 12:
      return add("expired cursor", {{"endpoint", "sync"}, {"status", 400}, {"body", "EXPIRED_CURSOR"}});
    case 13:
      return add("invalid cursor", {{"endpoint", "fetch"}, {"status", 400}, {"body", "INVALID_CURSOR"}});
    case 14: return add("repeated cursor", {{"endpoint", "sync"}, {"repeat_cursor", true}});
    case 15:
      return add("slow answer", {{"endpoint", "*"},
                                 {"count", some},
                                 {"delay_ms", dice_.between(20, 300)},
                                 {"when", dice_.one_in(2) ? "before" : "after"}});
    case 16:
      ++kinds_["sessions ended"];
      depsim_.post("/control/sessions/invalidate", object{});
      return;
    default: lift();
  }
}

void Trouble::lift() { depsim_.remove("/control/faults"); }

void Trouble::add_for_some() {
  static const char* const kWords[] = {"FAILED", "NOT_ACCESSIBLE", "A_WORD_NOBODY_KNOWS"};
  boost::json::object results;
  for (const auto& serial : portal_.some(dice_, 20)) results[serial] = kWords[dice_.below(std::size(kWords))];
  add("a word for some serials", {{"endpoint", "assign"}, {"count", 5}, {"results", std::move(results)}});
}

void Trouble::add(const std::string& kind, boost::json::object fault) {
  ++kinds_[kind];
  fault["skip"] = dice_.below(4);
  depsim_.add_fault(fault);
}

std::string Trouble::any_endpoint() {
  static const char* const kEndpoints[] = {"*",     "session", "sync",   "sync",
                                           "fetch", "assign",  "assign", "details"};
  return kEndpoints[dice_.below(std::size(kEndpoints))];
}

}  // namespace muster::torture
