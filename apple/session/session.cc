#include "apple/session/session.h"

#include <algorithm>

#include "apple/answers/decode.h"
#include "apple/answers/error_word.h"
#include "apple/session/oauth.h"
#include "base/log/log.h"
#include "base/os/kill_point.h"

namespace muster::apple {
namespace {

constexpr const char* kSessionHeader = "X-ADM-Auth-Session";
constexpr const char* kMediaType = "application/json;charset=UTF8";

// The newest version that is known; Apple clamps a newer one (apple-dep-api.md section 3).
constexpr const char* kProtocolVersion = "10";
// Apple rejects requests without it, and has banned single products' (section 2.3).
constexpr const char* kUserAgent = "Muster/" MUSTER_VERSION;

// A TLS handshake takes well under a second; ten outlast a lost packet or two, and a firewall that drops is
// noticed.
constexpr std::chrono::seconds kConnectTimeout{10};
// Apple computes a page of 1,000 devices in seconds; what takes a minute isn't coming.
constexpr std::chrono::seconds kFirstByteTimeout{60};
// A page has about 600 KB: two minutes are enough at 5 KB/s.
constexpr std::chrono::seconds kWholeTimeout{120};

// Answers other than pages: the largest is a profile with anchor certificates.
constexpr size_t kSmallAnswerLimit = 8 << 20;
// 512 characters are usual, depsim's has 128. Whatever comes back is sent as a header again.
constexpr size_t kLongestSession = 8192;

bool can_be_sent(const std::string& session) {
  return !session.empty() && session.size() <= kLongestSession &&
         std::all_of(session.begin(), session.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

http::ClientRequest apple_request(std::string method, std::string url) {
  http::ClientRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.headers = {{"User-Agent", kUserAgent},
                     {"X-Server-Protocol-Version", kProtocolVersion},
                     {"Content-Type", kMediaType},  // without a body, too: depsim demands it on /session
                     {"Accept", kMediaType}};
  request.body_limit = kSmallAnswerLimit;
  request.connect_timeout = kConnectTimeout;
  request.first_byte_timeout = kFirstByteTimeout;
  request.total_timeout = kWholeTimeout;
  return request;
}

Session::Session(std::string base_url, Token token, http::Transport& transport, const Clock& clock)
    : base_url_(std::move(base_url)), token_(std::move(token)), transport_(transport), clock_(clock) {}

Result<http::Response> Session::send(http::ClientRequest request, std::stop_token stop) {
  MUSTER_TRY(Grant used, grant(0, stop));
  bool has_begun = false;  // and the session in its head was taken over: at its end that may be an old one
  if (request.sink_for)
    request.sink_for = [this, &used, &has_begun, sink_for = request.sink_for](const http::Response& head) {
      auto sink = sink_for(head);
      has_begun = sink != nullptr;
      if (has_begun) take_over(head, used);
      return sink;
    };
  for (;;) {
    request.headers.set(kSessionHeader, used.value);
    kill_point("apple.before");
    MUSTER_TRY(http::Response response, transport_.send(request, stop));
    kill_point("apple.after");
    if (!refuses_session(response)) {
      if (!has_begun) take_over(response, used);
      return response;
    }
    if (used.is_new) {
      forget(used);
      return response;
    }
    MUSTER_TRY(used, grant(used.generation, stop));
    used.is_new = true;  // the one repetition, even where another thread had renewed the session before us
  }
}

Result<Session::Grant> Session::grant(std::uint64_t refused, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  bool waited = false;
  for (;;) {
    if (!value_.empty() && generation_ != refused) return Grant{value_, generation_, renewals_, waited};
    if (!renewing_) break;
    const std::uint64_t before = renewals_;
    if (!renewed_.wait(lock, stop, [&] { return renewals_ != before; }))
      return failure(Code::cancelled, "stopped while waiting for a session with Apple");
    // Its failure is ours as well: each of many threads asking again would be a storm. Only where that thread
    // was told to stop, and we were not, someone has to ask again.
    if (last_failure_ && last_failure_->code != Code::cancelled) return failure(*last_failure_);
    waited = true;
  }

  renewing_ = true;
  lock.unlock();
  Result<std::string> opened = failure(Code::internal, "asking Apple for a session ended early");
  struct Finish {  // also when something throws: the others must not wait for ever
    Session& session;
    std::unique_lock<std::mutex>& lock;
    Result<std::string>& opened;
    ~Finish() {
      lock.lock();
      session.renewing_ = false;
      ++session.renewals_;
      ++session.generation_;
      session.value_ = opened.value_or("");
      session.last_failure_.reset();
      if (!opened) session.last_failure_ = opened.error();
      session.renewed_.notify_all();
    }
  };
  {
    Finish finish{*this, lock, opened};
    opened = open(stop);
  }
  if (!opened) return failure(std::move(opened).error());
  return Grant{value_, generation_, renewals_, true};
}

Result<std::string> Session::open(std::stop_token stop) const {
  const std::string url = base_url_ + "/session";
  http::ClientRequest request = apple_request("GET", url);
  request.headers.add("Authorization", oauth_header("GET", url, token_, fresh_stamp(clock_.now())));
  MUSTER_TRY(http::Response response, transport_.send(request, stop));
  log::debug("apple.session", {{"status", response.status}});
  if (response.status != 200) return failure(error_of(response, {.what = "GET /session"}, clock_.now()));

  auto session = decode_session(std::move(response.body));
  if (session && !can_be_sent(*session))
    session = failure(Code::remote, "auth_session_token is empty, too long or not plain text");
  if (!session) return failure(broken_answer(std::move(session).error(), "GET /session", response.status));
  return session;
}

void Session::take_over(const http::Response& response, const Grant& used) {
  const auto rotated = response.headers.get(kSessionHeader);
  if (!rotated || !can_be_sent(*rotated)) return;
  std::lock_guard lock(mutex_);
  // An answer that was overtaken by a renewal speaks of a session that has ended.
  if (used.renewal != renewals_ || value_ == *rotated) return;
  value_ = *rotated;
  ++generation_;
}

bool Session::is_refused() {
  std::lock_guard lock(mutex_);
  return last_failure_ && last_failure_->code == Code::remote;
}

void Session::forget(const Grant& refused) {
  std::lock_guard lock(mutex_);
  if (generation_ == refused.generation) value_.clear();
}

}  // namespace muster::apple
