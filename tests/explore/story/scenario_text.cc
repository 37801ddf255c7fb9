#include "tests/explore/story/scenario_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/explore/serial_names.h"
#include "tests/explore/story/json_change.h"

namespace muster::explore {
namespace {

using Kind = Answer::Kind;

constexpr const char* kRuleForA = "serial ~ \"A*\"";

// What is no single word, or none, cannot be written as one.
std::string word_of(const std::string& word) {
  const bool plain =
      !word.empty() &&
      word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_") == std::string::npos;
  return plain ? word : "(" + word + ")";
}
std::string with_word(const std::string& word) { return word.empty() ? "" : " " + word_of(word); }

std::string range(const Serials& serials) {
  std::string text;
  for (size_t i = 0; i < serials.size(); ++i)
    text += (i == 0 ? "" : i + 1 == serials.size() ? " and " : ", ") + serials[i];
  return text;
}

std::string duration(Millis length) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(length).count();
  const auto unit = [](long long n, const char* name) {
    return fmt::format("{} {}{}", n, name, n == 1 ? "" : "s");
  };
  if (minutes % 60 == 0 && minutes > 0) return unit(minutes / 60, "hour");
  if (minutes < 60) return unit(std::max<long long>(minutes, 1), "minute");
  return unit(minutes / 60, "hour") + " and " + unit(minutes % 60, "minute");
}

const char* verb(const Serials& serials, const char* one, const char* many) {
  return serials.size() == 1 ? one : many;
}

std::string sentence(const Plot& plot, const Event& event) {
  const std::string who = range(event.serials);
  const auto at_apple = [&](const char* one, const char* many) {
    return "at Apple: " + who + " " + verb(event.serials, one, many);
  };
  const auto by_mdmctl = [&](const char* command) {
    std::string serials;
    for (const auto& serial : event.serials) serials += (serials.empty() ? "" : ",") + serial;
    return fmt::format("$ mdmctl {} -serials {}", command, serials);
  };
  const std::string first_rule = plot.two_rules ? kRuleForA : "*";
  switch (event.what) {
    case Happening::arrive:
    case Happening::come_back: return at_apple("arrives", "arrive");
    case Happening::arrive_silently: return at_apple("arrives silently", "arrive silently");
    case Happening::come_from_elsewhere:
      return at_apple("comes from another service", "come from another service");
    case Happening::remove: return at_apple("is removed", "are removed");
    case Happening::release: return at_apple("is released", "are released");
    case Happening::reassign:
      return at_apple("is assigned to the service again", "are assigned to the service again");
    case Happening::change: return at_apple("changes", "change");
    case Happening::lose_profile: return at_apple("loses the profile", "lose the profile");
    case Happening::throttle: return at_apple("is throttled for 3 hours", "are throttled for 3 hours");
    case Happening::assign_manually: return fmt::format("P{} is assigned to {} by hand", event.profile, who);
    case Happening::remove_profile: {
      std::string serials;
      for (const auto& serial : event.serials) serials += (serials.empty() ? "\"" : ",\"") + serial + "\"";
      return "$ curl -sf -u micromdm:$APIKEY -X DELETE \"$SERVER_URL/v1/dep/profiles\" -d '{\"serials\":[" +
             serials + "]}'";
    }
    case Happening::hold: return by_mdmctl("hold");
    case Happening::end_hold: return by_mdmctl("release");
    case Happening::forget: return by_mdmctl("remove devices");
    case Happening::sync_now: return "sync now";
    case Happening::full_sync: return "$ mdmctl sync -full";
    case Happening::change_rule: return "rule '" + first_rule + "' gives P3";
    case Happening::widen_rule:
      return "$ mdmctl apply dep-autoassigner -filter '" + first_rule + "' -scope all -yes";
    case Happening::crash: return "Muster is killed\nMuster starts";
    case Happening::crash_in_a_call:
      return "Muster will be killed right after answer 1 of Apple\nsync now\nMuster starts";
  }
  return {};
}

std::string times(const Fault& fault) {
  std::string text = fault.count == 0   ? "from now on"
                     : fault.count == 1 ? "once"
                                        : fmt::format("{} times", fault.count);
  // Some sentences have no form for it: it is written in a way that nobody takes for one.
  const Kind kind = fault.answer.kind;
  const bool can_say =
      kind == Kind::status || kind == Kind::reset || kind == Kind::body || kind == Kind::change;
  if (fault.skip > 0)
    text += fmt::format(fmt::runtime(can_say ? ", after {} good" : ", (after {} good)"), fault.skip);
  return text;
}

std::string change_sentence(const Fault& fault) {
  const Change& change = fault.answer.change;
  const bool of_top = change.where == Change::Where::top, of_rows = change.where == Change::Where::every_row;
  const std::string what = of_rows ? "every row" : "the answer";
  if ((of_top || of_rows) && (change.how == Change::How::set || change.how == Change::How::remove))
    return fmt::format("Apple changes {} of {} by {{\"{}\": {}}}, {}", what, fault.call, change.key,
                       change.how == Change::How::set ? change.json : R"({"$delete": true})", times(fault));
  // What one JSON object cannot say is said for users.
  return fmt::format("Apple changes the answer of {} by ({}), {}", fault.call, text(change), times(fault));
}

std::string sentence(const Fault& fault) {
  const Answer& answer = fault.answer;
  const std::string done = answer.has_effect ? ", having done it" : "";
  const std::string who = range(answer.serials);
  switch (answer.kind) {
    case Kind::status:
      return fmt::format("Apple answers {} with {}{}{}, {}{}", fault.call, answer.status,
                         with_word(answer.word),
                         answer.retry_after.empty() ? "" : ", Retry-After: '" + answer.retry_after + "'",
                         times(fault), done);
    case Kind::body: {
      const bool is_object = answer.word.starts_with('{') && answer.word.ends_with('}');
      const std::string body = is_object ? answer.word : "'" + answer.word + "'";
      return fmt::format("Apple answers {} with the body {}, {}{}", fault.call, body, times(fault),
                         answer.has_effect ? ", (having done it)" : "");
    }
    case Kind::change: return change_sentence(fault);
    case Kind::say:
      return answer.serials.empty()
                 ? fmt::format("Apple says {} for every serial of {}, {}", word_of(answer.word), fault.call,
                               times(fault))
                 : fmt::format("Apple says {} for {}, {}", word_of(answer.word), who, times(fault));
    case Kind::leave_out:
      return fmt::format("Apple leaves {} out of the answer, {}", answer.serials.empty() ? "(all)" : who,
                         times(fault));
    case Kind::do_nothing: return "Apple says SUCCESS and does nothing, " + times(fault);
    case Kind::poison:
      return fmt::format("Apple rejects every {} that contains {} with {}{}, {}", fault.call, who,
                         answer.status, with_word(answer.word), times(fault));
    case Kind::cut: return fmt::format("Apple cuts the answer of {} short, {}", fault.call, times(fault));
    case Kind::reset: return fmt::format("Apple breaks off {}, {}{}", fault.call, times(fault), done);
    case Kind::stall:
      return fmt::format("Apple does not answer {} at all, {}{}", fault.call, times(fault), done);
    case Kind::slow: return fmt::format("Apple takes 50 seconds to answer {}, {}", fault.call, times(fault));
    case Kind::repeat_cursor:
      return fmt::format("Apple repeats the cursor of {}, {}", fault.call, times(fault));
    case Kind::same_cursor:
      return fmt::format("Apple changes the answer of {} by (the cursor that came), {}", fault.call,
                         times(fault));
    case Kind::clock_ahead: return "Apple's clock is 5 minutes ahead";
  }
  return {};
}

bool is_next(const std::string& serial, const std::string& other) {
  return std::stoi(other.substr(1)) == std::stoi(serial.substr(1)) + 1;
}

std::string table(const Outcome& twin) {
  std::string text = "expect devices:\n  serial   | at Apple | wanted | by\n";
  // B100 comes behind B99.
  const auto in_order = [](const std::string& a, const std::string& b) {
    return std::pair(a[0], std::stoi(a.substr(1))) < std::pair(b[0], std::stoi(b.substr(1)));
  };
  std::map<std::string, Standing, decltype(in_order)> end(twin.end.begin(), twin.end.end(), in_order);
  for (auto next = end.begin(); next != end.end();) {
    const auto& standing = next->second;
    const std::string first = next->first;
    std::string last = first;
    for (++next; next != end.end() && next->second == standing && next->first[0] == first[0] &&
                 is_next(last, next->first);
         ++next)
      last = next->first;
    if (first[0] == 'Z') continue;
    const std::string serial = first == last ? first : first + ".." + last;
    const std::string at =
        standing.at_apple == "none" || standing.at_apple == "foreign" ? "-" : standing.at_apple;
    if (!standing.is_here) {
      text += fmt::format("  {:8} | {:8} |        |\n", serial, at);
      continue;
    }
    text += fmt::format("  {:8} | {:8} | {:6} | {}\n", serial, at,
                        standing.desired.empty() ? "-" : standing.desired, standing.by);
  }
  return text;
}

}  // namespace

std::string scenario_text(const Story& story, const Outcome& twin) {
  struct Line {
    Millis at;
    std::string text;
  };
  std::vector<Line> lines;
  // One that is there from the beginning comes before the server starts.
  for (const Fault& fault : story.faults) lines.push_back({fault.begin, sentence(fault)});
  for (const Event& event : story.plot.events) lines.push_back({event.at, sentence(story.plot, event)});
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.at < b.at; });

  std::string text = fmt::format("# Found by ./dev explore, in the state \"{}\".\n", story.moment);
  text += fmt::format("at Apple: a page has {} devices\n", story.plot.page_size);
  text += story.plot.devices == 1
              ? "at Apple: there is B01\n1 hour passes\n"
              : fmt::format("at Apple: there are B01..B{:02}\n1 hour passes\n", story.plot.devices);
  if (story.plot.redelivers) text += "at Apple: the switch redeliver_every is 3\n";
  const auto from_start = [](const Line& line) { return line.at == Millis(0); };
  for (const Line& line : lines)
    if (from_start(line)) text += line.text + "\n";
  text += "Muster starts with -sync-interval 30m\n";
  const char* scope = story.plot.scope == Rule::Scope::all          ? " -scope all -yes"
                      : story.plot.scope == Rule::Scope::unassigned ? " -scope unassigned -yes"
                                                                    : "";
  text += story.plot.two_rules ? "profile P1 for 'serial ~ \"A*\"'\nprofile P2 for '*'\nprofile P3\n"
                               : "profile P1 for '*'\nprofile P2\nprofile P3\n";
  if (*scope) text += fmt::format("$ mdmctl apply dep-autoassigner -filter '*'{}\n", scope);
  Millis now{};
  for (const Line& line : lines) {
    if (from_start(line)) continue;
    if (line.at > now) text += duration(line.at - now) + " pass\n";
    now = std::max(now, line.at);
    text += line.text + "\n";
  }
  const Millis end = end_of_trouble(story);
  if (end > now) text += duration(end - now) + " pass\n";
  text += "Apple is well again\n28 hours pass\n";
  return text + table(twin);
}

}  // namespace muster::explore
