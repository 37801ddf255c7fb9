#include "tests/explore/story/answer.h"

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

#include "tests/explore/story/json_change.h"

namespace muster::explore {
namespace {

using Kind = Answer::Kind;

http::Response with_status(const Answer& answer) {
  http::Response response{
      .status = answer.status, .headers = {{"Content-Type", "text/plain;Charset=UTF8"}}, .body = answer.word};
  if (!answer.retry_after.empty()) response.headers.set("Retry-After", answer.retry_after);
  return response;
}

bool concerns(const Answer& answer, std::string_view serial) {
  return answer.serials.empty() ||
         std::find(answer.serials.begin(), answer.serials.end(), serial) != answer.serials.end();
}

// The answer's object by serial, for calls that have one.
std::string by_serial(const std::string& request, const std::string& body,
                      const std::function<void(boost::json::object&, const std::string&)>& act) {
  boost::system::error_code bad;
  auto answer = boost::json::parse(body, bad);
  const auto asked = boost::json::parse(request, bad);
  if (bad || !answer.is_object() || !asked.is_object()) return body;
  auto* devices = answer.get_object().if_contains("devices");
  const auto* serials = asked.get_object().if_contains("devices");
  if (!devices || !devices->is_object() || !serials || !serials->is_array()) return body;
  for (const auto& serial : serials->get_array()) act(devices->get_object(), std::string(serial.as_string()));
  return boost::json::serialize(answer);
}

std::string list(const Serials& serials) {
  std::string text;
  for (const auto& serial : serials) text += (text.empty() ? "" : ", ") + serial;
  return text;
}

std::string cursor_of(const std::string& request) {
  boost::system::error_code bad;
  const auto asked = boost::json::parse(request, bad);
  const auto* cursor = !bad && asked.is_object() ? asked.get_object().if_contains("cursor") : nullptr;
  return cursor && cursor->is_string() ? std::string(cursor->get_string()) : "";
}

}  // namespace

bool is_about_the_account(const Answer& answer) {
  switch (answer.kind) {
    case Kind::cut:
    case Kind::reset:
    case Kind::stall: return true;
    case Kind::status:
    case Kind::poison:
      return answer.status == 401 || answer.status == 403 || answer.status == 429 ||
             !answer.retry_after.empty() || answer.word.starts_with("oauth_problem");
    default: return false;
  }
}

bool is_failure(const Answer& answer, const std::string& call) {
  switch (answer.kind) {
    case Kind::status:
      // There is nothing more: no trouble. And what is wrong with a batch is the devices' trouble, which wait
      // under Apple's answer.
      return answer.word != "EXHAUSTED_CURSOR" &&
             !(call == "assign" && answer.status / 100 == 4 && !is_about_the_account(answer));
    case Kind::body:
      // What has a cursor is a page, and what has `devices` an answer by serial: with nothing in it.
      if (call == "sync" || call == "fetch") return answer.word.find("\"cursor\"") == std::string::npos;
      // A serial that is missing is that device's trouble alone.
      return call == "session" ||
             (answer.word != "{}" && answer.word.find("\"devices\":{}") == std::string::npos &&
              answer.word.find("\"devices\":null") == std::string::npos);
    case Kind::cut:
    case Kind::reset:
    case Kind::stall:
    case Kind::repeat_cursor: return true;
    case Kind::change: {
      // A wrong cursor is a cursor: the call behind it fails.
      const bool is_cursor = answer.change.json.size() > 2 && answer.change.json.front() == '"';
      return !is_cursor && (call == "sync" || call == "fetch") && answer.change.where == Change::Where::top &&
             answer.change.key == "cursor" && answer.change.how != Change::How::twice;
    }
    default: return false;
  }
}

http::Response spoil(const Answer& answer, const std::string& call, const std::string& request,
                     http::Response real) {
  switch (answer.kind) {
    case Kind::status:
    case Kind::poison: return with_status(answer);
    case Kind::body: real.body = answer.word; break;
    case Kind::change: real.body = changed(real.body, answer.change); break;
    case Kind::say:
      real.body = by_serial(request, real.body, [&](auto& devices, const std::string& serial) {
        if (!concerns(answer, serial)) return;
        auto& entry = devices[serial];
        if (call == "details" && entry.is_object())
          entry.get_object()["response_status"] = answer.word;
        else
          entry = answer.word;
      });
      break;
    case Kind::leave_out:
      real.body = by_serial(request, real.body, [&](auto& devices, const std::string& serial) {
        if (concerns(answer, serial)) devices.erase(serial);
      });
      break;
    case Kind::do_nothing: {
      boost::json::object devices;
      by_serial(request, R"({"devices":{}})",
                [&](auto&, const std::string& serial) { devices[serial] = "SUCCESS"; });
      real.body = boost::json::serialize(boost::json::object{{"devices", devices}});
      break;
    }
    case Kind::repeat_cursor:
      real.body =
          changed(changed(real.body, {.key = "more_to_follow", .json = "true"}),
                  {.key = "cursor", .json = boost::json::serialize(boost::json::value(cursor_of(request)))});
      break;
    case Kind::same_cursor:
      real.body =
          changed(real.body,
                  {.key = "cursor", .json = boost::json::serialize(boost::json::value(cursor_of(request)))});
      break;
    case Kind::cut:
    case Kind::reset:
    case Kind::stall:
    case Kind::slow:
    case Kind::clock_ahead: break;
  }
  return real;
}

std::string text(const Answer& answer) {
  const std::string done = answer.has_effect ? ", having done it" : "";
  const std::string who = answer.serials.empty() ? "every serial" : list(answer.serials);
  switch (answer.kind) {
    case Kind::status:
      return std::to_string(answer.status) + (answer.word.empty() ? "" : " " + answer.word) +
             (answer.retry_after.empty() ? "" : ", Retry-After: " + answer.retry_after) + done;
    case Kind::body: return "the body " + (answer.word.empty() ? "''" : answer.word);
    case Kind::change: return text(answer.change);
    case Kind::say: return answer.word + " for " + who;
    case Kind::leave_out: return "nothing for " + who;
    case Kind::do_nothing: return "SUCCESS, and nothing happens";
    case Kind::poison: return std::to_string(answer.status) + " " + answer.word + " to what contains " + who;
    case Kind::cut: return "a cut";
    case Kind::reset: return "a reset" + done;
    case Kind::stall: return "nothing" + done;
    case Kind::slow: return "right, right before the time-out";
    case Kind::repeat_cursor: return "the cursor that came, and more to follow";
    case Kind::same_cursor: return "the cursor that came";
    case Kind::clock_ahead: return "a clock five minutes ahead";
  }
  return {};
}

}  // namespace muster::explore
