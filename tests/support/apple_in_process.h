// Apple in the test's own process, as an http::Transport: no sockets and no threads. It answers as a test
// tells it to, and remembers what it was asked. ScriptedApple is the same behind a real server.
//
//   apple_.on("POST /devices/sync", test::in_turn({test::page({{.serial = "C1"}}, "c1", true),
//                                                  test::page({}, "c2")}));
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "base/text/json.h"
#include "base/time/rfc3339.h"
#include "http/client/client.h"

namespace muster::test {

// Apple's calls, by the names that are used here.
inline constexpr const char* kChangesCall = "POST /devices/sync";
inline constexpr const char* kListCall = "POST /server/devices";
inline constexpr const char* kAskCall = "POST /devices";
inline constexpr const char* kAssignCall = "PUT /profile/devices";

/// A call as Apple hears it.
struct AppleCall {
  std::string name;         ///< "POST /devices/sync"
  std::string query;        ///< what follows `?`
  boost::json::value body;  ///< null when there was none

  /// The body's `devices`.
  std::vector<std::string> serials() const {
    std::vector<std::string> all;
    for (const auto& item : body.at("devices").as_array()) all.emplace_back(item.as_string());
    return all;
  }
  /// A member of the body; "" when it is missing.
  std::string text(const char* member) const {
    const auto* value = body.as_object().if_contains(member);
    return value ? std::string(value->as_string()) : "";
  }
};

using AppleAnswer = std::function<Result<http::Response>(const AppleCall&)>;

class AppleInProcess final : public http::Transport {
 public:
  /// The answer to `call`, e.g. "POST /devices/sync", from now on. A session is given without being told to;
  /// any other call gets 404.
  void on(const std::string& call, AppleAnswer answer) {
    answers_.with([&](auto& answers) { answers[call] = std::move(answer); });
  }

  /// What it was asked so far, without sessions, in order.
  std::vector<AppleCall> calls() const {
    return calls_.with([](const auto& calls) { return calls; });
  }
  std::vector<AppleCall> calls(const std::string& name) const {
    auto found = calls();
    std::erase_if(found, [&](const AppleCall& call) { return call.name != name; });
    return found;
  }
  void forget_calls() {
    calls_.with([](auto& calls) { calls.clear(); });
  }

  Result<http::Response> send(const http::ClientRequest& request, std::stop_token stop) override {
    if (stop.stop_requested()) return failure(Code::cancelled, "stopped");
    if (request.may_send && !request.may_send()) return failure(Code::cancelled, "it is no longer allowed");
    const AppleCall call = read(request);
    const AppleAnswer answer = answers_.with([&](const auto& answers) {
      const auto found = answers.find(call.name);
      return found == answers.end() ? AppleAnswer() : found->second;
    });
    const bool is_session = call.name == "GET /session";
    if (!is_session) calls_.with([&](auto& calls) { calls.push_back(call); });
    if (answer) return answer(call);
    if (is_session) return http::Response{.status = 200, .body = R"({"auth_session_token":"session"})"};
    return http::Response{.status = 404, .body = "NOT_IN_THE_SCRIPT"};
  }

 private:
  static AppleCall read(const http::ClientRequest& request) {
    const size_t host = request.url.find("//") + 2;
    const size_t path = request.url.find('/', host), query = request.url.find('?', path);
    AppleCall call{.name = request.method + " " + request.url.substr(path, query - path),
                   .query = query == std::string::npos ? "" : request.url.substr(query + 1),
                   .body = nullptr};
    if (!request.body.empty()) call.body = parse_json(request.body).value();
    return call;
  }

  Guarded<std::map<std::string, AppleAnswer>> answers_;
  Guarded<std::vector<AppleCall>> calls_;
};

/// A device as Apple writes it, in a list or in an answer about it. What is empty is left out.
struct AppleRow {
  std::string serial;
  std::string operation{};         ///< `added`, ...; with a date
  std::optional<Time> date{};      ///< `op_date`
  std::string status = "empty";    ///< `profile_status`
  std::string profile{};           ///< `profile_uuid`
  std::optional<Time> assigned{};  ///< `device_assigned_date`
  std::string answer{};            ///< `response_status`
  std::string flag{};              ///< a member that is true: `is_replacement_device`

  boost::json::object json() const {
    boost::json::object row{{"serial_number", serial}};
    const auto put = [&](const char* name, const std::string& value) {
      if (!value.empty()) row[name] = value;
    };
    put("op_type", operation);
    if (date) row["op_date"] = format_rfc3339(*date);
    put("profile_status", status);
    put("profile_uuid", profile);
    if (assigned) row["device_assigned_date"] = format_rfc3339(*assigned);
    put("response_status", answer);
    if (!flag.empty()) row[flag] = true;
    return row;
  }
};

inline AppleAnswer answer_json(boost::json::object json) {
  return [body = write_json(json)](const AppleCall&) { return http::Response{.status = 200, .body = body}; };
}
/// A rejection as Apple words it.
inline AppleAnswer answer_word(int status, const std::string& word, http::Headers headers = {}) {
  return [=](const AppleCall&) { return http::Response{.status = status, .headers = headers, .body = word}; };
}
/// No answer comes; whether the call had an effect nobody knows.
inline AppleAnswer answer_lost() {
  return [](const AppleCall&) -> Result<http::Response> {
    return failure(Code::unreachable, "connection reset");
  };
}

/// The answers one after the other; the last one is given again and again.
inline AppleAnswer in_turn(std::vector<AppleAnswer> answers) {
  return [answers = std::move(answers), next = std::make_shared<std::atomic<size_t>>(0)](
             const AppleCall& call) { return answers[std::min((*next)++, answers.size() - 1)](call); };
}

/// A page of one of Apple's lists.
inline AppleAnswer page(const std::vector<AppleRow>& rows, const std::string& cursor,
                        bool more_to_follow = false) {
  boost::json::array devices;
  for (const auto& row : rows) devices.push_back(row.json());
  return answer_json(
      {{"devices", std::move(devices)}, {"cursor", cursor}, {"more_to_follow", more_to_follow}});
}

/// Of `POST /devices`: the rows of the devices that the call names; those without one are not in the account.
inline AppleAnswer reports(const std::vector<AppleRow>& rows) {
  return [rows](const AppleCall& call) {
    boost::json::object devices;
    for (const auto& serial : call.serials()) {
      const auto row = std::ranges::find(rows, serial, &AppleRow::serial);
      devices[serial] = row == rows.end()
                            ? AppleRow{.serial = serial, .status = "", .answer = "NOT_ACCESSIBLE"}.json()
                            : row->json();
      devices[serial].as_object().emplace("response_status", "SUCCESS");
    }
    return http::Response{.status = 200,
                          .body = write_json(boost::json::object{{"devices", std::move(devices)}})};
  };
}

/// Of calls that assign or remove: `word` for each device but those that `others` names; "" there leaves the
/// device out.
inline AppleAnswer answers(const std::string& word, const std::map<std::string, std::string>& others = {}) {
  return [=](const AppleCall& call) {
    boost::json::object devices;
    for (const auto& serial : call.serials()) {
      const auto other = others.find(serial);
      const std::string& said = other == others.end() ? word : other->second;
      if (!said.empty()) devices[serial] = said;
    }
    return http::Response{.status = 200,
                          .body = write_json(boost::json::object{{"devices", std::move(devices)}})};
  };
}

}  // namespace muster::test
