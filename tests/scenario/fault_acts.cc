#include "tests/scenario/acts.h"
#include "tests/scenario/failed.h"
#include "tests/support/eventually.h"

namespace muster::test::act {
namespace {

// Which calls: what every sentence about Apple's answers says.
boost::json::object calls(const Words& words, const std::string& otherwise = "*") {
  const std::string call = words.text("CALL", otherwise);
  const std::string times = words.text("TIMES");
  boost::json::object fault{{"endpoint", call == "every call" ? "*" : call},
                            {"skip", words.number("N")},
                            {"count", times == "once"          ? 1
                                      : times == "from now on" ? 0
                                                               : std::stoll(times)}};
  if (words.has("ACCOUNT")) fault["account"] = words.text("ACCOUNT");
  return fault;
}

// "..., having done it" at the end of the sentence.
void done_or_not(boost::json::object& fault, const Step& step) {
  fault["when"] = step.text.ends_with(", having done it") ? "after" : "before";
}

void results(Stage& stage, const Words& words, const std::vector<std::string>& serials,
             const boost::json::value& word, const std::string& call = "assign") {
  auto fault = calls(words, call);
  boost::json::object results;
  for (const auto& serial : serials) results[serial] = word;
  fault["results"] = std::move(results);
  stage.apple().add_fault(fault);
}

void change(Stage& stage, const Words& words, const char* what) {
  auto fault = calls(words);
  fault[what] = boost::json::parse(words.text("JSON"));
  stage.apple().add_fault(fault);
}

}  // namespace

void answer_with_status(Stage& stage, const Words& words, const Step& step) {
  auto fault = calls(words);
  fault["status"] = words.number("STATUS");
  fault["body"] = words.text("WORD");
  if (words.has("TEXT")) fault["headers"] = {{"Retry-After", words.text("TEXT")}};
  done_or_not(fault, step);
  stage.apple().add_fault(fault);
}

void break_off(Stage& stage, const Words& words, const Step& step) {
  auto fault = calls(words);
  fault["deliver"] = "reset";
  done_or_not(fault, step);
  stage.apple().add_fault(fault);
}

void cut_short(Stage& stage, const Words& words, const Step&) {
  auto fault = calls(words);
  fault["deliver"] = "cut";
  stage.apple().add_fault(fault);
}

void be_slow(Stage& stage, const Words& words, const Step&) {
  auto fault = calls(words);
  fault["delay_ms"] = words.duration("DURATION").count();
  stage.apple().add_fault(fault);
}

void never_answer(Stage& stage, const Words& words, const Step& step) {
  auto fault = calls(words);
  fault["delay_ms"] = kForeverMs;
  fault["deliver"] = "reset";
  done_or_not(fault, step);
  stage.apple().add_fault(fault);
  stage.stall(words.text("ACCOUNT", "default"));
}

void say_word_for_serials(Stage& stage, const Words& words, const Step&) {
  results(stage, words, words.serials("SERIALS"), boost::json::value(words.text("WORD")));
}
void say_word_for_every_serial(Stage& stage, const Words& words, const Step&) {
  results(stage, words, {"*"}, boost::json::value(words.text("WORD")));
}
void leave_serials_out(Stage& stage, const Words& words, const Step&) {
  results(stage, words, words.serials("SERIALS"), nullptr);
}

void say_success_and_do_nothing(Stage& stage, const Words& words, const Step&) {
  auto fault = calls(words, "assign");
  fault["results"] = {{"*", "SUCCESS"}};
  fault["apply_success"] = false;
  stage.apple().add_fault(fault);
}

void answer_with_body(Stage& stage, const Words& words, const Step&) {
  auto fault = calls(words);
  fault["status"] = 200;
  fault["body"] = words.text(words.has("JSON") ? "JSON" : "TEXT");
  fault["headers"] = {{"Content-Type", "application/json;charset=UTF8"}};
  stage.apple().add_fault(fault);
}

void change_answer(Stage& stage, const Words& words, const Step&) { change(stage, words, "patch"); }
void change_rows(Stage& stage, const Words& words, const Step&) { change(stage, words, "rows"); }

void reject_serials(Stage& stage, const Words& words, const Step&) {
  auto fault = calls(words);
  fault["reject_serials"] = to_json(words.serials("SERIALS"));
  fault["status"] = words.number("STATUS");
  fault["body"] = words.text("WORD");
  stage.apple().add_fault(fault);
}

void say_word_in_details(Stage& stage, const Words& words, const Step&) {
  results(stage, words, words.serials("SERIALS"), boost::json::value(words.text("WORD")), "details");
}

void put_clock_ahead(Stage& stage, const Words& words, const Step&) {
  stage.put_apple_ahead(words.duration("DURATION"));
}

void repeat_the_cursor(Stage& stage, const Words& words, const Step&) {
  auto fault = calls(words);
  fault["repeat_cursor"] = true;
  stage.apple().add_fault(fault);
}

void be_well_again(Stage& stage, const Words&, const Step&) { stage.apple().remove("/control/faults"); }

void wait_for_faults(Stage& stage, const Words&, const Step&) {
  if (!eventually([&] { return stage.apple().faults_are_used_up(); })) throw Failed("Apple never got them");
}

}  // namespace muster::test::act
