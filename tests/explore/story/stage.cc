#include "tests/explore/story/stage.h"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "sync/accounts/accounts.h"
#include "sync/rules/rules.h"
#include "sync/work/holds.h"
#include "sync/work/manual.h"
#include "sync/work/profile_trouble.h"
#include "tests/explore/account_trouble.h"
#include "tests/explore/serial_names.h"

namespace muster::explore {
namespace {

constexpr const char* kForeignProfile = "F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0";

template <class T>
T good(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::string json(const boost::json::object& object) { return boost::json::serialize(object); }

boost::json::array array(const Serials& serials) {
  boost::json::array out;
  for (const auto& serial : serials) out.push_back(boost::json::value(serial));
  return out;
}

std::vector<Serial> typed(const Serials& serials) {
  std::vector<Serial> out;
  for (const auto& serial : serials) out.emplace_back(serial);
  return out;
}

std::string word_for(Desired::By by) {
  switch (by) {
    case Desired::By::nobody: return "nobody";
    case Desired::By::rule: return "rule";
    case Desired::By::manual: return "manual";
    case Desired::By::hold: return "hold";
  }
  return {};
}

bool all_taken(const Result<apple::SerialAnswers>& answers, const Serials& serials, bool removal) {
  if (!answers) return false;
  return std::all_of(serials.begin(), serials.end(), [&](const auto& serial) {
    const AnswerWord answer = answers->answer_for(Serial(serial));
    if (answer.kind == AnswerWord::Kind::missing) return false;
    // A profile that is not taken for now is the server's to repeat; a removal is the operator's.
    return removal ? answer.is_success() : !answer.is_gone();
  });
}

}  // namespace

Stage::Stage(Store& store, long long number, const Story& story, bool with_faults)
    : store_(store),
      number_(number),
      story_(story),
      apple_(story.plot, with_faults ? story.faults : std::vector<Fault>(), clock_, begin_),
      driver_(clock_, kLanes,
              [this](Lane lane, const sync::RunRequest& run) { return server_->run(account_, lane, run); }) {
  const Serials baseline = serials_of('B', 1, story.plot.devices);
  apple_.control("/control/devices/add", json({{"serials", array(baseline)}, {"baseline", true}}));
  clock_.advance(kBaselineAge);
  make_account();
  make_rules();
  begin_server();
}

Stage::~Stage() {
  server_.reset();
  // What fails here fails again for the next story, which says so.
  (void)store_.write(installation, [&](Writer& writer) { return writer.remove_account(account_); });
  (void)sync::erase_account(store_, account_, {});
}

void Stage::make_account() {
  const sim::Token token = apple_.token();
  account_ = good(store_.write(installation, [&](Writer& writer) -> Result<AccountId> {
    MUSTER_TRY(const auto id, writer.create_account(AccountName("story-" + std::to_string(number_))));
    MUSTER_TRY(writer.put_token(id, {token.consumer_key, token.consumer_secret, token.access_token,
                                     token.access_secret, from_millis(token.expires_ms)}));
    return id;
  }));
}

void Stage::make_rules() {
  for (int i = 1; i <= 3; ++i) profiles_.push_back(apple_.define_profile("P" + std::to_string(i)));
  const auto rule = [&](const std::string& filter, const std::string& uuid, Rule::Scope scope) {
    good(sync::apply_rule(store_, account(), {.filter = filter, .scope = scope, .profile = ProfileUuid(uuid)},
                          {.now = now()}));
  };
  if (story_.plot.two_rules) rule("serial ~ \"A*\"", profiles_[0], story_.plot.scope);
  rule("*", profiles_[story_.plot.two_rules ? 1 : 0], story_.plot.scope);
}

void Stage::begin_server() {
  server_ = std::make_unique<Server>(store_, apple_, clock_);
  server_->on_wake([this](Lane lane) { driver_.wake(lane); });
  apple_.revive();
  driver_.start();
}

void Stage::run_until(Millis story_time) {
  driver_.run_until(begin_ + story_time, [this] {
    if (apple_.is_dead()) begin_server();
  });
}

bool Stage::act(const Event& event) {
  const auto devices = [&](const char* action, boost::json::object body) {
    body["serials"] = array(event.serials);
    apple_.control(std::string("/control/devices/") + action, json(body));
  };
  const auto hide = [&] {
    for (const auto& serial : event.serials) shown_.erase(serial);
  };
  // Sync tells it from now on: but not before the first list is read, and not of a device that is throttled.
  const auto show = [&](bool present) {
    hide();
    for (const auto& serial : event.serials)
      if (!throttled_.contains(serial) && baseline_is_read()) shown_[serial] = {present, story_time()};
  };
  if (event.what <= Happening::come_from_elsewhere)
    newcomers_.insert(event.serials.begin(), event.serials.end());
  switch (event.what) {
    case Happening::arrive:
    case Happening::come_back: devices("add", {}), show(true); return true;
    case Happening::arrive_silently: devices("add", {{"baseline", true}}), hide(); return true;
    case Happening::come_from_elsewhere:
      devices("add", {{"as", "modified"}, {"profile_uuid", kForeignProfile}}), show(true);
      return true;
    case Happening::remove: devices("remove", {}), show(false); return true;
    case Happening::release: devices("release", {}), show(false); return true;
    case Happening::reassign: devices("reassign", {}); return true;
    case Happening::change: devices("touch", {}); return true;
    case Happening::lose_profile: devices("set", {{"profile_status", "removed"}}); return true;
    case Happening::throttle:
      devices("throttle", {{"for", "3h"}}), hide();
      throttled_.insert(event.serials.begin(), event.serials.end());
      return true;
    case Happening::crash: begin_server(); return true;
    case Happening::crash_in_a_call: apple_.die_in_next_call(); return true;
    default: return operate(event);
  }
}

// What waits for Apple is done as the API's threads do it: beside the lanes, which see it in the store.
template <class Act>
bool Stage::by_hand(Act act) {
  const Account row = account();
  const auto service = good(server_->services().of(row));
  const sync::RunContext context{
      .store = store_, .service = *service, .clock = clock_, .account = row, .wake_lane = [this](Lane lane) {
        driver_.wake(lane);
      }};
  apple_.set_by_operator(true);
  const bool done = act(context);
  apple_.set_by_operator(false);
  return done;
}

bool Stage::operate(const Event& event) {
  const auto serials = typed(event.serials);
  const auto rule_change = [&](sync::RuleEdit change) {
    const auto rules = good(store_.read([&](Reader& reader) { return reader.rules(account_); }));
    change.filter = rules.front().filter;
    good(sync::apply_rule(store_, account(), change, {.now = now()}));
    driver_.wake(Lane::assignment);
    return true;
  };
  switch (event.what) {
    case Happening::assign_manually:
      return by_hand([&](const auto& context) {
        const ProfileUuid profile(profiles_[static_cast<size_t>(event.profile - 1)]);
        return all_taken(sync::assign_manually(context, profile, serials), event.serials, false);
      });
    case Happening::remove_profile:
      return by_hand([&](const auto& context) {
        return all_taken(sync::remove_manually(context, serials), event.serials, true);
      });
    case Happening::hold: {
      const bool done = sync::hold_devices(store_, account(), serials, now()).has_value();
      driver_.wake(Lane::assignment);
      return done;
    }
    case Happening::end_hold: {
      const bool done = sync::release_devices(store_, account(), serials, now()).has_value();
      driver_.wake(Lane::assignment);
      return done;
    }
    case Happening::forget: {
      for (const auto& serial : event.serials) shown_.erase(serial);
      return sync::forget_devices(store_, account_, serials, now()).has_value();
    }
    case Happening::sync_now: driver_.ask(false); return true;
    case Happening::full_sync: driver_.ask(true); return true;
    case Happening::change_rule: return rule_change({.profile = ProfileUuid(profiles_[2])});
    case Happening::widen_rule: return rule_change({.scope = Rule::Scope::all});
    default: throw std::logic_error("nobody does that");
  }
}

Account Stage::account() {
  return *good(store_.read([&](Reader& reader) { return reader.account(account_); }));
}

std::string Stage::name_of(const std::string& uuid) const {
  const auto found = std::find(profiles_.begin(), profiles_.end(), uuid);
  return found != profiles_.end()  ? "P" + std::to_string(found - profiles_.begin() + 1)
         : uuid.empty()            ? ""
         : uuid == kForeignProfile ? "foreign"
                                   : uuid;
}

Serials Stage::all_serials() const {
  std::set<std::string> serials;
  for (const auto& serial : serials_of('B', 1, story_.plot.devices)) serials.insert(serial);
  for (const auto& event : story_.plot.events) serials.insert(event.serials.begin(), event.serials.end());
  for (const auto& [serial, shown] : shown_) serials.insert(serial);
  serials.insert(newcomers_.begin(), newcomers_.end());
  return {serials.begin(), serials.end()};
}

Standings Stage::standings(const Serials& serials) {
  Standings standings;
  for (const auto& serial : serials) {
    const auto profile = apple_.profile_of(serial);
    standings[serial].at_apple = !profile ? "not there" : profile->empty() ? "none" : name_of(*profile);
  }
  std::vector<DeviceId> ids;
  for (const Device& device :
       good(store_.read([&](Reader& reader) { return reader.devices(account_, typed(serials)); }))) {
    Standing& standing = standings.at(device.serial.str());
    standing.is_here = !device.tombstone;
    // What was wanted of a device that left says nothing any more.
    if (!standing.is_here) continue;
    standing.by = word_for(device.desired.by);
    standing.desired = name_of(device.desired.profile.str());
    ids.push_back(device.id);
  }
  for (const auto& work : good(store_.read([&](Reader& reader) { return reader.assignments(ids); })))
    standings.at(work.serial.str()).waits = true;
  return standings;
}

bool Stage::baseline_is_read() {
  return good(store_.read([&](Reader& reader) { return reader.sync_state(account_); })).baseline_done;
}

long long Stage::waiting() {
  return good(store_.read([&](Reader& reader) { return reader.assignment_count(account_); }));
}

// A device whose last event Apple has shown by sync for long, and that the server holds to be otherwise.
std::string Stage::overdue_arrival() {
  Serials late;
  for (const auto& [serial, shown] : shown_)
    if (story_time() - shown.second > kPatience) late.push_back(serial);
  const auto tied = good(store_.read(
      [&](Reader& reader) { return reader.questions_about(account_, Question::Kind::tie, typed(late)); }));
  const auto is_tied = [&](const std::string& serial) {  // only Apple's answer about the device can tell
    return std::any_of(tied.begin(), tied.end(), [&](const auto& tie) { return tie.serial.str() == serial; });
  };
  for (const auto& [serial, standing] : standings(late))
    if (standing.is_here != shown_.at(serial).first && !is_tied(serial)) return serial;
  return {};
}

Sample Stage::sample() {
  Sample sample{.at = now()};
  sample.trouble = good(store_.read([&](Reader& reader) { return trouble_of(reader, account_); }));
  sample.names_trouble = !sample.trouble.empty();
  good(store_.read([&](Reader& reader) -> Result<> {
    const Time late = now() - kPatience;
    MUSTER_TRY(const auto blocked, sync::blocked_profiles(reader, account_, now()));
    MUSTER_TRY(const auto unsent, reader.next_batch(account_, late, 1, blocked.profiles));
    if (!unsent.empty()) sample.unsent = unsent.front().serial.str();
    for (const auto state :
         {Assignment::State::in_flight, Assignment::State::confirming, Assignment::State::looking}) {
      MUSTER_TRY(const auto unasked, reader.assignments_in(account_, state, late, 1));
      if (!unasked.empty()) sample.unasked = unasked.front().serial.str();
    }
    return {};
  }));
  sample.unseen = overdue_arrival();
  if (!sample.unseen.empty()) sample.unseen_since = begin_ + shown_.at(sample.unseen).second;
  return sample;
}

Outcome Stage::outcome() {
  Outcome outcome{.begin = begin_,
                  .end = standings(all_serials()),
                  .calls = apple_.calls(),
                  .has_spun = driver_.has_spun()};
  for (const Call& call : outcome.calls)
    if (call.name == "assign")
      for (const auto& serial : call.changed) outcome.assigned.emplace(serial, name_of(call.profile));
  good(store_.read([&](Reader& reader) -> Result<> {
    MUSTER_TRY(const auto devices, reader.devices(account_, typed(all_serials())));
    for (const Device& device : devices) {
      MUSTER_TRY(const auto history, reader.history(device.id));
      bool is_gone = false;  // what left may be told to have left by another call as well
      for (const HistoryEntry& entry : history) {
        const bool leaves = entry.kind == HistoryEntry::Kind::left;
        outcome.left[device.serial.str()] += leaves && !is_gone;
        outcome.arrived[device.serial.str()] += entry.kind == HistoryEntry::Kind::arrived;
        if (leaves || entry.kind == HistoryEntry::Kind::arrived) is_gone = leaves;
      }
    }
    return {};
  }));
  return outcome;
}

}  // namespace muster::explore
