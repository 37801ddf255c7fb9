#include "http/client/client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/text/strings.h"
#include "http/client/no_answer.h"
#include "http/client/public_address.h"

namespace muster::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Bytes that are read from a connection at once: a page of 1,000 devices has some 400,000.
constexpr long kBuffer = 64 * 1024;

// One libcurl transfer handle with its own multi handle: the multi handle keeps the connections, and its poll
// can be woken from another thread, which curl_easy_perform's cannot.
struct Handle {
  Handle() : multi(curl_multi_init()), easy(curl_easy_init()) {}
  ~Handle() {
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  CURLM* multi;
  CURL* easy;
};

// What the callbacks fill while a transfer runs.
struct Transfer {
  CURL* easy = nullptr;
  Response response;
  const std::function<BodySink(const Response&)>* sink_for = nullptr;
  BodySink sink = {};                    // of the body, once it was asked for
  bool is_unwanted = false;              // by the sink
  SteadyClock::time_point last_taken{};  // when the sink was done with what came last
  const std::function<bool()>* may_send = nullptr;
  size_t body_limit = 0;
  bool headers_only = false;
  bool over_limit = false;
  bool has_body = false;     // some of the final answer's
  bool interim = false;      // the headers being read are those of a 1xx answer
  bool answering = false;    // the first byte of the final answer came
  bool has_headers = false;  // all of the final answer's
  bool is_withheld = false;
  bool is_success = false;  // the answer's status
  size_t body_of_failure = 0;
  std::string private_address = {};  // to which nothing was sent

  bool is_complete() const {
    return headers_only && has_headers && (is_success || response.body.size() >= body_of_failure);
  }
};

// Asked with the address that the name was resolved to: whoever answers for the name cannot change it any
// more.
curl_socket_t on_address(void* user, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  const auto ip = ip_address_of(address->addr);
  if (ip && is_public(*ip))
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  transfer.private_address = ip ? ip_text(*ip) : "of no kind that is known";
  return CURL_SOCKET_BAD;
}

// A process that is suspended while it connects does not notice: asked last, the question is as late as it
// can be.
int on_connected(void* user, char*, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.is_withheld = !(*transfer.may_send)();
  return transfer.is_withheld ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

size_t on_header(char* data, size_t size, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) {  // a new answer begins: after a redirect or 100 Continue
    transfer.response.headers = {};
    transfer.response.body.clear();
    const size_t space = line.find(' ');
    transfer.interim = space != std::string_view::npos && line.substr(space + 1).starts_with('1');
    transfer.is_success = space != std::string_view::npos && line.substr(space + 1).starts_with('2');
    transfer.has_body = false;
    transfer.answering |= !transfer.interim;
  } else if (transfer.interim) {
    return line.size();
  } else if (trim(line).empty()) {
    transfer.has_headers = true;
  } else if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
    transfer.response.headers.add(std::string(line.substr(0, colon)),
                                  std::string(trim(line.substr(colon + 1))));
  }
  return line.size();
}

// Room for the whole body at once, where its length is known: growing bit by bit copies it again and again.
void make_room(Transfer& transfer) {
  curl_off_t length = -1;
  curl_easy_getinfo(transfer.easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length > 0 && static_cast<size_t>(length) <= transfer.body_limit)
    transfer.response.body.reserve(static_cast<size_t>(length));
}

int answer_status(CURL* easy) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

// Asked no earlier: a proxy's answer to CONNECT and a redirect have a head, too.
void choose_sink(Transfer& transfer) {
  if (std::exchange(transfer.has_body, true) || !*transfer.sink_for) return;
  transfer.response.status = answer_status(transfer.easy);
  transfer.sink = (*transfer.sink_for)(transfer.response);
}

size_t on_body(char* data, size_t size, size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.headers_only) {
    const size_t room =
        transfer.body_of_failure - std::min(transfer.body_of_failure, transfer.response.body.size());
    if (transfer.is_success || room == 0) return 0;
    transfer.response.body.append(data, std::min(room, size * count));
    return size * count;
  }
  choose_sink(transfer);
  if (transfer.sink) {
    transfer.is_unwanted = !transfer.sink({data, size * count});
    transfer.last_taken = SteadyClock::now();
    return transfer.is_unwanted ? 0 : size * count;
  }
  if (transfer.response.body.size() + size * count > transfer.body_limit) {
    transfer.over_limit = true;
    return 0;
  }
  if (transfer.response.body.empty()) make_room(transfer);
  transfer.response.body.append(data, size * count);
  return size * count;
}

struct Upload {
  std::string_view whole;
  std::string_view left = whole;
};

size_t on_read(char* buffer, size_t size, size_t count, void* user) {
  auto& upload = *static_cast<Upload*>(user);
  const size_t n = std::min(size * count, upload.left.size());
  std::copy_n(upload.left.data(), n, buffer);
  upload.left.remove_prefix(n);
  return n;
}

// libcurl goes back to the start to send again, when a kept connection turns out to be closed by the other
// side.
int on_seek(void* user, curl_off_t offset, int origin) {
  auto& upload = *static_cast<Upload*>(user);
  if (origin != SEEK_SET || offset < 0 || static_cast<size_t>(offset) > upload.whole.size())
    return CURL_SEEKFUNC_FAIL;
  upload.left = upload.whole.substr(static_cast<size_t>(offset));
  return CURL_SEEKFUNC_OK;
}

struct HeaderList {
  ~HeaderList() { curl_slist_free_all(list); }
  void add(const std::string& line) { list = curl_slist_append(list, line.c_str()); }
  curl_slist* list = nullptr;
};

void global_init() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

struct Outcome {
  enum How { done, stopped, too_slow } how = done;
  CURLcode code = CURLE_OK;  // when done
  std::string slow = {};     // what was late, when too slow
};

struct Timeouts {
  std::chrono::milliseconds first_byte, whole, silence;
};

// What is waited for, and until when.
struct Wait {
  const char* complaint;
  SteadyClock::time_point since;
  std::chrono::milliseconds limit;

  std::chrono::milliseconds left() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(since + limit - SteadyClock::now());
  }
};

// Nothing where libcurl looks after the time.
std::optional<Wait> wait_of(const Transfer& transfer, SteadyClock::time_point begin,
                            const Timeouts& timeouts) {
  if (!transfer.answering) return Wait{"no answer from {} within {} ms", begin, timeouts.first_byte};
  if (timeouts.silence.count() == 0) return std::nullopt;
  if (!transfer.sink) return Wait{"no whole answer from {} within {} ms", begin, timeouts.whole};
  return Wait{"nothing more of the answer from {} for {} ms", transfer.last_taken, timeouts.silence};
}

// Drives the transfer until it is done, or has all that is wanted, `stop` is requested, or what is waited for
// is late.
Outcome run(Handle& handle, const Transfer& transfer, const Timeouts& timeouts, const std::string& host,
            std::stop_token stop) {
  curl_multi_add_handle(handle.multi, handle.easy);
  std::stop_callback wake_on_stop(stop, [&handle] { curl_multi_wakeup(handle.multi); });
  const auto begin = SteadyClock::now();
  for (;;) {
    if (stop.stop_requested()) return {Outcome::stopped};
    int running = 0;
    curl_multi_perform(handle.multi, &running);
    if (transfer.is_complete()) return {Outcome::done};
    int queued = 0;
    while (const CURLMsg* message = curl_multi_info_read(handle.multi, &queued))
      if (message->msg == CURLMSG_DONE) return {Outcome::done, message->data.result};

    constexpr std::chrono::milliseconds kLongestPoll{1000};
    auto poll = kLongestPoll;
    if (const auto wait = wait_of(transfer, begin, timeouts)) {
      const auto left = wait->left();
      if (left.count() <= 0)
        return {.how = Outcome::too_slow,
                .slow = fmt::format(fmt::runtime(wait->complaint), host, wait->limit.count())};
      poll = std::min(left, kLongestPoll);
    }
    curl_multi_poll(handle.multi, nullptr, 0, static_cast<int>(poll.count()), nullptr);
  }
}

}  // namespace

struct Client::Pool {
  // Handles idle; more than this many are not kept. A handle holds about 60 KiB with a TLS connection.
  static constexpr size_t kKept = 16;
  Guarded<std::vector<std::unique_ptr<Handle>>> resting;

  std::unique_ptr<Handle> take() {
    auto handle = resting.with([](auto& handles) -> std::unique_ptr<Handle> {
      if (handles.empty()) return nullptr;
      auto last = std::move(handles.back());
      handles.pop_back();
      return last;
    });
    return handle ? std::move(handle) : std::make_unique<Handle>();
  }
  void give_back(std::unique_ptr<Handle> handle) {
    curl_easy_reset(handle->easy);
    resting.with([&](auto& handles) {
      if (handles.size() < kKept) handles.push_back(std::move(handle));
    });
  }
};

Client::Client(std::chrono::milliseconds patience) : patience_(patience), pool_(std::make_unique<Pool>()) {
  global_init();
}
Client::~Client() = default;

Result<Response> Client::send(const ClientRequest& request, std::stop_token stop) {
  auto handle = pool_->take();
  CURL* const easy = handle->easy;
  if (!easy || !handle->multi) return failure(Code::internal, "libcurl could not create a handle");

  const Timeouts timeouts{.first_byte = std::min(request.first_byte_timeout, patience_),
                          .whole = std::min(request.total_timeout, 2 * patience_),
                          .silence = std::min(request.silence_timeout, patience_)};
  Transfer transfer;
  transfer.easy = easy;
  transfer.headers_only = request.headers_only;
  transfer.body_limit = request.body_limit;
  transfer.body_of_failure = request.body_of_failure;
  transfer.sink_for = &request.sink_for;
  Upload upload{request.body};
  HeaderList headers;
  for (const auto& [name, value] : request.headers)
    headers.add(value.empty() ? name + ";"
                              : name + ": " + value);  // `name;` is libcurl's way to send it empty
  headers.add("Expect:");  // no pause before the body: no server of ours or Apple's needs it
  if (request.chunked) headers.add("Transfer-Encoding: chunked");
  if (!request.headers.has("Accept")) headers.add("Accept:");

  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kBuffer);
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a stop or time-out does not wait for a slow name server
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  if (timeouts.silence.count() == 0)
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeouts.whole.count()));
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  if (request.may_send) {
    transfer.may_send = &request.may_send;
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, &transfer);
  }
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  if (!request.headers_only)
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");  // every encoding libcurl knows
  if (request.public_only && proxy_for(request.url)) {
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  } else if (request.public_only) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_address);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  }
  if (request.has_body) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (request.chunked) {
      curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
      curl_easy_setopt(easy, CURLOPT_READDATA, &upload);
      curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
      curl_easy_setopt(easy, CURLOPT_SEEKDATA, &upload);
    } else {
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    }
  }
  if (request.method == "HEAD")
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);  // an answer without the body it announces
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.list);
  if (request.follow_redirects) {
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 10L);
    curl_easy_setopt(easy, CURLOPT_POSTREDIR, static_cast<long>(CURL_REDIR_POST_ALL));
  }
  // A request that gets no answer on a kept connection is sent again by libcurl, which takes the connection
  // for stale. On a fresh one it never is.
  if (request.send_once) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  if (request.skip_verify) {
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (const char* file = std::getenv("SSL_CERT_FILE"); file && *file)
    curl_easy_setopt(easy, CURLOPT_CAINFO, file);

  const Outcome outcome = run(*handle, transfer, timeouts, host_of(request.url), stop);
  // Of an answer that is taken by its headers, how its body ends does not matter.
  const bool has_answer = (outcome.how == Outcome::done && outcome.code == CURLE_OK) ||
                          (request.headers_only && transfer.has_headers);
  if (has_answer) transfer.response.status = answer_status(easy);
  Failed failed{.code = outcome.code};
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &failed.system_error);
  curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &failed.connect_status);
  curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &failed.verify_result);
  curl_multi_remove_handle(handle->multi, easy);

  const bool was_stopped = transfer.is_unwanted && stop.stop_requested();  // which its sink saw first
  if (outcome.how == Outcome::stopped || was_stopped)
    return failure(Code::cancelled, "stopped while waiting for " + host_of(request.url));
  if (transfer.is_withheld)
    return failure(Code::cancelled,
                   "nothing was sent to " + host_of(request.url) + ": it is no longer allowed");
  if (!transfer.private_address.empty() && !has_answer)
    return failure(Code::forbidden, fmt::format("{} has the private address {}", host_of(request.url),
                                                transfer.private_address));
  if (outcome.how == Outcome::too_slow && !has_answer) return failure(Code::unreachable, outcome.slow);
  if (transfer.over_limit)
    return failure(Code::remote, fmt::format("the answer from {} is longer than {} bytes",
                                             host_of(request.url), request.body_limit));
  if (outcome.code != CURLE_OK && transfer.sink && !transfer.is_unwanted)
    return failure(Code::unreachable, fmt::format("the answer from {} broke off: {}", host_of(request.url),
                                                  to_lower(curl_easy_strerror(outcome.code))));
  if (outcome.code != CURLE_OK && !has_answer) return failure(no_answer(request, failed));
  constexpr int kProxyLoginWanted = 407;
  if (transfer.response.status == kProxyLoginWanted) return failure(proxy_wants_login(request.url));
  if (outcome.code == CURLE_OK) pool_->give_back(std::move(handle));
  return std::move(transfer.response);
}

}  // namespace muster::http
