#include "sync/cluster/run_text.h"

#include <boost/json.hpp>

#include "base/text/json.h"

namespace muster::sync {
namespace {

namespace json = boost::json;

// Each member of a report, under its name.
template <class SomeReport, class Fn>
void each_member(SomeReport& report, Fn&& fn) {
  fn("whole_list", report.whole_list);
  fn("pages", report.pages);
  fn("devices", report.devices);
  fn("arrivals", report.arrivals);
  fn("left", report.left);
  fn("uncovered", report.uncovered);
  fn("calls", report.calls);
  fn("assigned", report.assigned);
  fn("failed", report.failed);
  fn("confirmed", report.confirmed);
  fn("waiting", report.waiting);
}

void read_member(const json::object& object, const char* name, bool& value) {
  if (const auto* found = object.if_contains(name); found && found->is_bool()) value = found->get_bool();
}
template <class Integer>
void read_member(const json::object& object, const char* name, Integer& value) {
  if (const auto* found = object.if_contains(name); found && found->is_int64())
    value = static_cast<Integer>(found->get_int64());
}

}  // namespace

std::string write_run_text(const Runs::Progress& text) {
  json::object object;
  json::array running;
  for (const Lane lane : text.lanes) running.push_back(static_cast<std::int64_t>(lane));
  object["running"] = std::move(running);
  each_member(text.report, [&](const char* name, const auto& value) { object[name] = value; });
  if (text.report.error) {
    object["error"] = text.report.error->message;
    object["remedy"] = text.report.error->hint;
    object["apple_code"] = text.report.error->remote.word;
  }
  return json::serialize(object);
}

Runs::Progress read_run_text(const std::string& text) {
  Runs::Progress read;
  boost::system::error_code error;
  const auto value = json::parse(text, error);
  if (error || !value.is_object()) return read;
  const auto& object = value.get_object();
  if (const auto* running = object.if_contains("running"); running && running->is_array())
    for (const auto& lane : running->get_array())
      for (const Lane known : kLanes)
        if (lane.is_int64() && lane.get_int64() == static_cast<std::int64_t>(known))
          read.lanes.push_back(known);
  each_member(read.report, [&](const char* name, auto& member) { read_member(object, name, member); });
  if (object.contains("error")) {
    Error why{Code::remote, text_member(object, "error"), text_member(object, "remedy"), {}};
    why.remote.word = text_member(object, "apple_code");
    read.report.error = std::move(why);
  }
  return read;
}

}  // namespace muster::sync
