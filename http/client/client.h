// An HTTP client over libcurl. Connections are kept and reused; every step has a time limit; proxies come
// from the usual environment variables (http_proxy, https_proxy, no_proxy), and extra trust from
// SSL_CERT_FILE.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/client/transport.h"
#include "http/message.h"

namespace muster::http {

/// Takes a body piece by piece, on the thread that receives it. It may take its time, and the other side
/// waits; false ends the request.
using BodySink = std::function<bool(std::string_view)>;

struct ClientRequest {
  std::string method = "GET";
  std::string url = {};
  Headers headers = {};
  std::string body = {};  ///< sent with Content-Length whenever `has_body`, whatever the method
  bool has_body = false;
  bool chunked = false;    ///< send the body as Transfer-Encoding: chunked instead
  bool send_once = false;  ///< has an effect: must not go out twice by itself, see client.cc
  /// Asked once the connection is there, before anything is sent: false ends it with Code::cancelled, and
  /// nothing was sent.
  std::function<bool()> may_send = {};
  bool skip_verify = false;  ///< do not check the server's certificate: for users who say so only
  bool follow_redirects = false;
  /// Asked with the head of an answer when the first bytes of its body are there: who takes these and all
  /// others, in place of Response::body and without its limit. Empty: nobody, they become Response::body. An
  /// answer without a body is not asked about.
  std::function<BodySink(const Response& head)> sink_for = {};
  /// The answer ends with its headers: whatever comes behind them, in whatever state, is not read. Not with
  /// follow_redirects.
  bool headers_only = false;
  /// With headers_only: of the body of an answer that is no success, so many bytes are read, as they come.
  size_t body_of_failure = 0;
  /// Only to addresses that are everybody's (public_address.h), whatever the name of the host stands for:
  /// else Code::forbidden, and nothing was sent. Where the environment names a proxy for the URL, the proxy
  /// decides.
  bool public_only = false;
  size_t body_limit = 64 << 20;  ///< bytes of answer; a longer one is Code::remote
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds first_byte_timeout{
      60'000};  ///< from the request's start to the answer's first byte
  std::chrono::milliseconds total_timeout{120'000};
  /// When not 0, a body that a sink takes has this limit in place of total_timeout: so long without any more
  /// of it.
  std::chrono::milliseconds silence_timeout{0};
};

class Client final : public Transport {
 public:
  /// `patience`: no request waits longer than that for its first byte, nor twice as long for the whole
  /// answer, whatever it says itself.
  explicit Client(std::chrono::milliseconds patience = std::chrono::hours(1));
  ~Client() override;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Result<Response> send(const ClientRequest& request, std::stop_token stop = {}) override;

 private:
  struct Pool;
  const std::chrono::milliseconds patience_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace muster::http
