#include <fmt/format.h>

#include <deque>

#include "base/text/json.h"
#include "tests/e2e/world/server_log.h"
#include "tests/scenario/acts.h"
#include "tests/scenario/device_table.h"
#include "tests/scenario/failed.h"
#include "tests/support/eventually.h"

namespace muster::test::act {
namespace {

long long number_in(const boost::json::object& object, const std::string& name) {
  const auto* value = object.if_contains(name);
  return value && value->is_number() ? value->to_number<long long>() : 0;
}

// The calls since the counting began, of the account if the sentence names one.
std::vector<boost::json::object> calls(const Stage& stage, const Words& words) {
  std::vector<boost::json::object> chosen;
  for (const auto& call : stage.calls())
    if (!words.has("ACCOUNT") || text_member(call.as_object(), "account") == words.text("ACCOUNT"))
      chosen.push_back(call.as_object());
  return chosen;
}

// "09:10:00.000 sync 503", a call a line.
std::string listed(const std::vector<boost::json::object>& calls) {
  std::string list;
  for (const auto& call : calls)
    list +=
        fmt::format("\n  {} {} {} {} {}", text_member(call, "time"), text_member(call, "account"),
                    text_member(call, "name"), number_in(call, "status"), text_member(call, "apple_code"));
  return list.empty() ? "\n  none" : list;
}

void expect(const Amount& amount, long long found, const std::string& what) {
  if (!amount.fits(found)) throw Failed(fmt::format("expected {}, found {}: {}", amount.text, found, what));
}

// Apple did not look at it, because the session had ended: it is repeated at once.
bool came_without_session(const boost::json::object& call) {
  return number_in(call, "status") == 401 && text_member(call, "name") != "session";
}

std::vector<long long> serials_of_assign_calls(const Stage& stage) {
  std::vector<long long> numbers;
  for (const auto& call : stage.calls())
    if (text_member(call.as_object(), "name") == "assign" && !came_without_session(call.as_object()))
      numbers.push_back(number_in(call.as_object(), "serials"));
  return numbers;
}

void expect_text(bool wanted, const std::string& text, const std::string& where) {
  if ((where.find(text) != std::string::npos) != wanted)
    throw Failed(fmt::format("\"{}\" should {}be in:\n{}", text, wanted ? "" : "not ", where));
}

const ProgramResult& last_run(const Stage& stage) {
  if (!stage.last_run()) throw Failed("no command was run before");
  return *stage.last_run();
}

}  // namespace

void count_from_here(Stage& stage, const Words&, const Step&) { stage.count_from_here(); }

void expect_calls(Stage& stage, const Words& words, const Step&) {
  const auto all = calls(stage, words);
  const std::string name = words.text("CALL");
  const auto found = std::count_if(all.begin(), all.end(), [&](const auto& call) {
    return text_member(call, "name") == name && !came_without_session(call);
  });
  expect(words.amount("AMOUNT"), found, "calls" + listed(all));
}

void expect_all_calls(Stage& stage, const Words& words, const Step&) {
  const auto all = calls(stage, words);
  expect(words.amount("AMOUNT"), static_cast<long long>(all.size()), "calls" + listed(all));
}

void expect_serials(Stage& stage, const Words& words, const Step&) {
  long long sum = 0;
  for (const long long number : serials_of_assign_calls(stage)) sum += number;
  expect(words.amount("AMOUNT"), sum, "serials");
}

void expect_serials_of_calls(Stage& stage, const Words& words, const Step&) {
  std::vector<std::string> found;
  for (const long long number : serials_of_assign_calls(stage)) found.push_back(std::to_string(number));
  static const std::regex kBetween(", | and ");
  const std::string text = words.text("NUMBERS");
  const std::vector<std::string> wanted(std::sregex_token_iterator(text.begin(), text.end(), kBetween, -1),
                                        std::sregex_token_iterator());
  if (found != wanted)
    throw Failed(fmt::format("expected {}, found {}", fmt::join(wanted, ", "), fmt::join(found, ", ")));
}

void expect_calls_a_minute(Stage& stage, const Words& words, const Step&) {
  constexpr long long kMinuteMs = 60'000;
  std::deque<boost::json::object> minute;
  for (const auto& call : calls(stage, words)) {
    minute.push_back(call);
    while (number_in(minute.front(), "time_ms") <= number_in(call, "time_ms") - kMinuteMs) minute.pop_front();
    if (static_cast<long long>(minute.size()) > words.number("N"))
      throw Failed("these are more calls in one minute:" + listed({minute.begin(), minute.end()}));
  }
}

void expect_version(Stage& stage, const Words& words, const Step&) {
  const auto all = calls(stage, words);
  if (all.empty()) throw Failed("there were no calls");
  for (const auto& call : all)
    if (text_member(call, "name") != "session" && number_in(call, "version") != words.number("N"))
      throw Failed(fmt::format("{} spoke version {}", text_member(call, "name"), number_in(call, "version")));
}

void expect_status(Stage& stage, const Words& words, const Step&) {
  const auto account = stage.account(words.text("ACCOUNT", "default"));
  if (text_member(account, "state") != words.text("STATE"))
    throw Failed("the account is " + boost::json::serialize(account));
}

void expect_status_text(Stage& stage, const Words& words, const Step&) {
  const auto account = stage.account(words.text("ACCOUNT", "default"));
  expect_text(true, words.text("TEXT"), boost::json::serialize(account));
}

void expect_devices_that(Stage& stage, const Words& words, const Step&) {
  const auto account = stage.account(words.text("ACCOUNT", "default"));
  const std::string state = words.text("STATE");
  const std::string member = state == "known" ? "devices" : state;
  if (!account.contains(member))
    throw Failed("the account says nothing of \"" + member + "\": " + boost::json::serialize(account));
  expect(words.amount("AMOUNT"), number_in(account, member), boost::json::serialize(account));
}

void expect_devices(Stage& stage, const Words& words, const Step& step) {
  check_devices(stage, words.text("ACCOUNT", "default"), step);
}

// What is read of the log, and what the webhook hears, comes a moment after it happened.
constexpr auto kPatience = std::chrono::seconds(10);

void expect_log(Stage& stage, const Words& words, const Step&) {
  const auto wanted = words.amount("AMOUNT");
  std::string said;
  const auto found = [&] {
    said.clear();
    long long count = 0;
    for (const auto& line : lines_of(stage.log())) {
      if (line.text().find(words.text("TEXT")) == std::string::npos) continue;
      ++count;
      said += "\n  " + line.text();
    }
    return count;
  };
  (void)eventually([&] { return wanted.fits(found()); }, kPatience);
  expect(wanted, found(), "lines" + said);
}

void expect_webhook_events(Stage& stage, const Words& words, const Step&) {
  const auto wanted = words.amount("AMOUNT");
  std::string said;
  const auto found = [&] {
    said.clear();
    long long count = 0;
    for (const auto& event : stage.webhook().taken()) {
      said += "\n  " + event.body;
      if (event.body.find(words.text("TEXT")) != std::string::npos) ++count;
    }
    return count;
  };
  (void)eventually([&] { return wanted.fits(found()); }, kPatience);
  expect(wanted, found(), "events" + said);
}

void expect_exit(Stage& stage, const Words& words, const Step&) {
  const auto& run = last_run(stage);
  if (run.exit != words.number("N")) throw Failed(fmt::format("exit {}\n{}{}", run.exit, run.out, run.err));
}

void expect_printed(Stage& stage, const Words& words, const Step&) {
  expect_text(true, words.text("TEXT"), last_run(stage).out + last_run(stage).err);
}
void expect_not_printed(Stage& stage, const Words& words, const Step&) {
  expect_text(false, words.text("TEXT"), last_run(stage).out + last_run(stage).err);
}

void expect_profile_at_apple(Stage& stage, const Words& words, const Step&) {
  const auto answer = stage.apple().get("/control/accounts/default/profiles");
  for (const auto& item : answer.at("profiles").as_array()) {
    const auto& profile = item.as_object();
    if (text_member(profile, "profile_name") != words.text("NAME")) continue;
    const auto& document = profile.at("document").as_object();
    const auto wanted = boost::json::parse(words.text("JSON")).as_object();
    for (const auto& member : wanted)
      if (!document.contains(member.key()) || document.at(member.key()) != member.value())
        throw Failed("it is " + boost::json::serialize(document));
    return;
  }
  throw Failed("Apple has no profile of that name");
}

}  // namespace muster::test::act
