#include "apple/service.h"

#include <fmt/format.h>

#include <algorithm>

#include "apple/answer_under_way.h"
#include "apple/answers/decode.h"
#include "apple/answers/error_word.h"
#include "apple/answers/failure.h"
#include "apple/answers/json_document.h"
#include "apple/session/counted_calls.h"
#include "apple/session/gate.h"
#include "apple/session/session.h"
#include "base/log/log.h"
#include "base/text/encoding.h"

namespace muster::apple {
namespace {

// What an answer may have for each device that was asked for, in bytes. A row has about 400 in a list, 600
// with details, and at most some 1,500 (apple-dep-api.md 4.2): room for five times that. So a page of the
// usual 1,000 devices has 8 MB at most: what reads it takes some thirty times as much for a moment, when it
// is no JSON.
constexpr size_t kUsualPage = 1000;
constexpr size_t kRowLimit = 8 << 10;

constexpr const char* kDiscoveryPath = "/account-driven-enrollment/profile";

// Without any more of an answer that is passed on while it comes. Who reads it is told of something within 45
// s (BodyStream).
constexpr std::chrono::seconds kSilenceTimeout{30};
constexpr size_t kNothingPassed = 0;

http::BodySink counted(http::BodySink sink, size_t& bytes) {
  return [sink = std::move(sink), &bytes](std::string_view piece) {
    bytes += piece.size();
    return sink(piece);
  };
}

size_t page_answer_limit(size_t devices) { return std::max<size_t>(devices, kUsualPage) * kRowLimit; }

struct Call {
  std::string method;
  std::string path;
  std::string query = {};  // with its `?`; not in messages
  std::optional<std::string> body = {};
  size_t answer_limit = 0;  // 0: the usual one
  bool names_profile = false;
  bool has_effect = false;  // changes something at Apple: must never go out twice unasked
  std::function<bool()> may_send = {};

  std::string name() const { return method + " " + path; }
};

std::string serial_array(std::span<const Serial> serials) {
  std::string out = "[";
  for (const Serial& serial : serials) {
    if (out.size() > 1) out += ',';
    append_json(out, serial.str());
  }
  return out + "]";
}

std::string page_body(const Cursor& cursor, int limit) {
  std::string out = "{";
  if (!cursor.empty()) {
    out += "\"cursor\":";
    append_json(out, cursor.str());
    out += ',';
  }
  return out + fmt::format("\"limit\":{}}}", limit);
}

// Such an answer has no body.
Result<> decode_nothing(const std::string&) { return {}; }

// Nothing where Apple says with this word that there is none.
template <class T>
Result<std::optional<T>> unless(const char* word, Result<T> answer) {
  if (answer) return std::optional<T>(*std::move(answer));
  if (answer.error().remote.word == word) return std::optional<T>();
  return failure(std::move(answer).error());
}

Result<> check_count(std::span<const Serial> serials, size_t most) {
  if (serials.empty()) return failure(Code::invalid, "no serial numbers given");
  if (serials.size() > most)
    return failure(Code::invalid,
                   fmt::format("too many serial numbers: {}; a call takes at most {}", serials.size(), most));
  return {};
}

}  // namespace

class Service::Impl {
 public:
  Impl(std::string base_url, Token token, http::Transport& transport, const Clock& clock,
       std::shared_ptr<CallCounts> counts)
      : base_url_(std::move(base_url)),
        clock_(clock),
        counts_(counts ? std::move(counts) : std::make_shared<CallCounts>()),
        counted_(transport, clock, base_url_, *counts_),
        gate_(counted_, clock),
        session_(base_url_, std::move(token), gate_, clock) {}

  CallCounts& counts() { return *counts_; }
  Gate& gate() { return gate_; }
  Time now() const { return clock_.now(); }

  /// The answer as `decode` reads it.
  template <class Decode>
  std::invoke_result_t<Decode, std::string> ask(const Call& call, std::stop_token stop,
                                                const Decode& decode) {
    MUSTER_TRY(std::string body, body_of(call, std::move(stop)));
    auto decoded = decode(std::move(body));
    if (!decoded) return failure(broken_answer(std::move(decoded).error(), call.name(), 200));
    was_answered();
    return decoded;
  }

  Result<PageAnswer> ask_page(const char* path, const Cursor& cursor, int limit, std::stop_token stop) {
    const Call call{.method = "POST",
                    .path = path,
                    .body = page_body(cursor, limit),
                    .answer_limit = page_answer_limit(static_cast<size_t>(limit))};
    MUSTER_TRY(std::string answer, body_of(call, std::move(stop)));
    was_answered();
    return PageAnswer(call.name(), std::move(answer));
  }

  Result<http::Response> pass_on(const OwnCall& own, const AnswerUnderWay::Begin& begin,
                                 std::stop_token stop) {
    http::ClientRequest request = apple_request(own.method, base_url_ + own.target);
    for (const auto& [name, value] : own.headers) request.headers.set(name, value);
    if (own.body) {
      request.body = *own.body;
      request.has_body = true;
    }
    request.send_once = own.has_effect;
    request.silence_timeout = kSilenceTimeout;
    size_t passed = 0;
    request.sink_for = [&begin, &passed, limit = request.body_limit](const http::Response& head) {
      auto sink = comes_in_pieces(head, limit) ? begin(head) : http::BodySink();
      return sink ? counted(std::move(sink), passed) : sink;
    };
    const std::string_view target = own.target;
    return send(std::move(request), target.substr(0, target.find('?')), std::move(stop), passed);
  }

  bool session_is_refused() { return session_.is_refused(); }

  long long good_answers() const { return good_answers_; }

 private:
  Result<std::string> body_of(const Call& call, std::stop_token stop) {
    http::ClientRequest request = apple_request(call.method, base_url_ + call.path + call.query);
    if (call.body) {
      request.body = *call.body;
      request.has_body = true;
    }
    request.send_once = call.has_effect;
    request.may_send = call.may_send;
    if (call.answer_limit) request.body_limit = call.answer_limit;
    MUSTER_TRY(http::Response response, send(std::move(request), call.path, std::move(stop)));
    if (response.status != 200)
      return failure(error_of(response, {call.name(), call.names_profile}, clock_.now()));
    return std::move(response.body);
  }

  /// `passed`: bytes of the answer that a sink took.
  Result<http::Response> send(http::ClientRequest request, std::string_view path, std::stop_token stop,
                              const size_t& passed = kNothingPassed) {
    const std::string method = request.method;
    const Time begin = clock_.now();
    MUSTER_TRY(http::Response response, session_.send(std::move(request), std::move(stop)));
    log::debug("apple.call", {{"method", method},
                              {"path", std::string(path)},
                              {"status", response.status},
                              {"ms", (clock_.now() - begin).count()},
                              {"bytes", passed + response.body.size()},
                              {"request_uuid", response.headers.get("X-Apple-Request-UUID").value_or("")}});
    return response;
  }

  void was_answered() { ++good_answers_; }

  const std::string base_url_;
  const Clock& clock_;
  const std::shared_ptr<CallCounts> counts_;
  std::atomic<long long> good_answers_ = 0;
  CountedCalls counted_;
  Gate gate_;        // what it lets through is counted
  Session session_;  // sends through the gate
};

Service::Service(std::string base_url, Token token, http::Transport& transport, const Clock& clock,
                 std::shared_ptr<CallCounts> counts)
    : impl_(std::make_shared<Impl>(std::move(base_url), std::move(token), transport, clock,
                                   std::move(counts))) {}
Service::~Service() = default;

std::optional<Millis> Service::apple_offset() const { return impl_->gate().apple_clock().offset(); }

void Service::set_apple_offset(Millis offset) { impl_->gate().apple_clock().set_offset(offset); }

Time Service::apple_now() const { return impl_->now() - apple_offset().value_or(Millis(0)); }

bool Service::session_is_refused() const { return impl_->session_is_refused(); }

long long Service::good_answers() const { return impl_->good_answers(); }

std::optional<Time> Service::not_before() const { return impl_->gate().not_before(); }

void Service::set_not_before(std::optional<Time> time) { impl_->gate().set_not_before(time); }

Result<AppleAccount> Service::account(std::stop_token stop) {
  return impl_->ask({.method = "GET", .path = "/account"}, stop, decode_account);
}

Result<PageAnswer> Service::fetch_devices(const Cursor& cursor, int limit, std::stop_token stop) {
  return impl_->ask_page("/server/devices", cursor, limit, stop);
}

Result<PageAnswer> Service::sync_devices(const Cursor& cursor, int limit, std::stop_token stop) {
  if (cursor.empty()) return failure(Code::invalid, "sync needs the cursor of a list that was read");
  return impl_->ask_page("/devices/sync", cursor, limit, stop);
}

Result<std::map<Serial, DeviceDetails>> Service::device_details(std::span<const Serial> serials,
                                                                std::stop_token stop, DetailsJson json) {
  MUSTER_TRY(check_count(serials, kDetailsLimit));
  return impl_->ask({.method = "POST",
                     .path = "/devices",
                     .body = "{\"devices\":" + serial_array(serials) + "}",
                     .answer_limit = page_answer_limit(serials.size())},
                    stop, [json](std::string answer) { return decode_details(std::move(answer), json); });
}

Result<DefinedProfile> Service::define_profile(const std::string& document, std::stop_token stop) {
  return impl_->ask({.method = "POST", .path = "/profile", .body = document, .has_effect = true}, stop,
                    decode_defined_profile);
}

Result<std::string> Service::profile(const ProfileUuid& uuid, std::stop_token stop) {
  const Call call{.method = "GET",
                  .path = "/profile",
                  .query = "?profile_uuid=" + percent_encode(uuid.str()),
                  .names_profile = true};
  return impl_->ask(call, stop, decode_profile);
}

Result<SerialAnswers> Service::assign(const ProfileUuid& uuid, std::span<const Serial> serials,
                                      std::stop_token stop, std::function<bool()> may_send) {
  MUSTER_TRY(check_count(serials, kAssignLimit));
  std::string body = "{\"profile_uuid\":";
  append_json(body, uuid.str());
  body += ",\"devices\":" + serial_array(serials) + "}";
  // PUT: Apple takes POST as well, depsim only this (apple-dep-api.md section 4.6).
  auto answers = impl_->ask({.method = "PUT",
                             .path = "/profile/devices",
                             .body = std::move(body),
                             .names_profile = true,
                             .has_effect = true,
                             .may_send = std::move(may_send)},
                            stop, decode_serial_answers);
  if (answers)
    impl_->counts().add_assigned(*answers, serials.size());
  else if (const auto failed = classify(answers.error());
           failed == Failure::refused || failed == Failure::profile_unknown)
    impl_->counts().add_rejected(serials.size());
  return answers;
}

Result<SerialAnswers> Service::remove_profile(std::span<const Serial> serials, std::stop_token stop) {
  MUSTER_TRY(check_count(serials, kAssignLimit));
  return impl_->ask({.method = "DELETE",
                     .path = "/profile/devices",
                     .body = "{\"devices\":" + serial_array(serials) + "}",
                     .has_effect = true},
                    stop, decode_serial_answers);
}

Result<SerialAnswers> Service::disown(std::span<const Serial> serials, std::stop_token stop) {
  MUSTER_TRY(check_count(serials, kAssignLimit));
  return impl_->ask({.method = "POST",
                     .path = "/devices/disown",
                     .body = "{\"devices\":" + serial_array(serials) + "}",
                     .has_effect = true},
                    stop, decode_serial_answers);
}

Result<AnswerWord> Service::lock(const Serial& serial, const std::string& escrow_key,
                                 const std::string& message, std::stop_token stop) {
  std::string body = "{\"device\":";
  append_json(body, serial.str());
  for (const auto& [name, value] : {std::pair("escrow_key", &escrow_key), {"lost_message", &message}}) {
    if (value->empty()) continue;
    body += fmt::format(",\"{}\":", name);
    append_json(body, *value);
  }
  return impl_->ask(
      {.method = "POST", .path = "/device/activationlock", .body = body + "}", .has_effect = true}, stop,
      decode_lock);
}

Result<std::optional<Replacement>> Service::replacement(const Serial& serial, std::stop_token stop) {
  const Call call{.method = "GET",
                  .path = "/device/replacementDetails",
                  .query = "?device=" + percent_encode(serial.str())};
  return unless("DEVICE_NOT_FOUND", impl_->ask(call, stop, decode_replacement));
}

Result<std::vector<BetaToken>> Service::beta_tokens(std::stop_token stop) {
  return impl_->ask({.method = "GET", .path = "/os-beta-enrollment/tokens"}, stop, decode_beta_tokens);
}

Result<std::optional<EnrollmentDiscovery>> Service::enrollment_discovery(std::stop_token stop) {
  return unless("NOT_FOUND",
                impl_->ask({.method = "GET", .path = kDiscoveryPath}, stop, decode_enrollment_discovery));
}

Result<> Service::set_enrollment_discovery(const std::string& url, std::stop_token stop) {
  std::string body = "{\"mdm_service_discovery_url\":";
  append_json(body, url);
  return impl_->ask({.method = "POST", .path = kDiscoveryPath, .body = body + "}", .has_effect = true}, stop,
                    decode_nothing);
}

Result<> Service::remove_enrollment_discovery(std::stop_token stop) {
  return impl_->ask({.method = "DELETE", .path = kDiscoveryPath, .has_effect = true}, stop, decode_nothing);
}

Result<http::Response> Service::pass_on(const OwnCall& own, std::stop_token stop) {
  return AnswerUnderWay::of(
      [impl = impl_, own](const AnswerUnderWay::Begin& begin, std::stop_token ends) {
        return impl->pass_on(own, begin, std::move(ends));
      },
      own.has_effect, std::move(stop));
}

}  // namespace muster::apple
