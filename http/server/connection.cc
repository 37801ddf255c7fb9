#include "http/server/connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/server/request_parser.h"
#include "http/server/response_head.h"
#include "http/url.h"

namespace muster::http {
namespace {

constexpr size_t kFirstRead = 4 << 10;                        // bytes asked for while a connection is idle
constexpr size_t kBodyRead = 64 << 10;                        // and of a body
constexpr auto kDrainTimeout = std::chrono::seconds(5);       // reading what a refused client still sends
constexpr auto kLookForEnd = std::chrono::milliseconds(250);  // of a client whose bytes are not read
constexpr size_t kFilePiece = 64 << 10;
constexpr auto kLongestSilence = std::chrono::minutes(1);  // of an answer that has nothing new
// Of a body that is refused, so much is read; more is left in the kernel's hands, which makes the client
// wait. A program that sends all before it reads gets to see the reason, where it was admitted.
constexpr size_t kDrainOfStrangers = 256 << 10, kDrainOfAdmitted = 64 << 20;

// The bytes of a request's body, or those that it may have, for as long as it is worked on.
class BodyRoom {
 public:
  BodyRoom(size_t& all, size_t size) : all_(all), size_(size) { all_ += size_; }
  ~BodyRoom() { all_ -= size_; }
  BodyRoom(const BodyRoom&) = delete;
  BodyRoom& operator=(const BodyRoom&) = delete;

 private:
  size_t& all_;
  const size_t size_;
};

// A read that other threads can end, for as long as this lives.
class Sleep {
 public:
  Sleep(Loop& loop, Socket& socket) : loop_(loop), state_(std::make_shared<State>(State{&socket})) {}
  ~Sleep() { state_->socket = nullptr; }
  Sleep(const Sleep&) = delete;
  Sleep& operator=(const Sleep&) = delete;

  bool is_over() const { return state_->is_over; }
  /// Any thread may call it, for as long as the loop is there.
  std::function<void()> waker() const {
    return [&loop = loop_, state = state_] {
      loop.post([state] {
        state->is_over = true;
        if (state->socket) state->socket->interrupt();
      });
    };
  }

 private:
  struct State {  // of the io thread
    Socket* socket;
    bool is_over = false;
  };
  Loop& loop_;
  const std::shared_ptr<State> state_;
};

class Connection {
 public:
  Connection(Service& service, Socket& socket, Stream& stream, Connections::Place& place)
      : service_(service), options_(service.options), socket_(socket), stream_(stream), place_(place) {}

  Task<void> serve() {
    for (bool goes_on = true; goes_on && !service_.is_stopping;) {
      if (!co_await await_request()) co_return;
      goes_on = co_await serve_request();
      if (goes_on) place_.waits();
    }
  }

 private:
  Task<bool> await_request() {
    if (buffer_.size() > 0) co_return true;
    socket_.expires_after(options_.idle_timeout);
    co_return co_await receive(kFirstRead) == Received::some;
  }

  // Whether another request may follow.
  Task<bool> serve_request() {
    socket_.expires_after(options_.read_timeout);
    RequestParser parser;
    if (!co_await read_until(parser, &RequestParser::has_head)) co_return false;
    if (parser.fault()) {
      Response refusal = refusal_for(*parser.fault());
      co_await refuse(std::move(refusal), kDrainOfStrangers);
      co_return false;
    }
    place_.works();
    Request request = parser.head();
    request.peer = options_.proxies.client_of(socket_.peer(), request.headers);
    is_https_ = options_.tls || options_.proxies.has_https(socket_.peer(), request.headers);
    const auto parsed = parse_target(request.target, request.path, request.query);
    Framing framing{.version = parser.version()};
    const bool wants_keep_alive = parser.keep_alive();
    const bool head_only = request.method == "HEAD";

    std::optional<BodyRoom> room;
    if (!parser.is_whole()) {
      if (auto refusal = refuse_body(parser, request, parsed)) {
        co_await refuse(std::move(*refusal), kDrainOfStrangers);
        co_return false;
      }
      if (parser.limit_body(options_.body_limit)) {
        room.emplace(service_.bodies, size_of_body(parser));
        if (parser.expects_continue()) co_await write(stream_, "HTTP/1.1 100 Continue\r\n\r\n");
        buffer_.reserve(kBodyRead);
        if (!co_await read_until(parser, &RequestParser::is_whole)) co_return false;
      }
      if (parser.fault()) {
        Response refusal = refusal_for(*parser.fault());
        co_await refuse(std::move(refusal), kDrainOfAdmitted);
        co_return false;
      }
      request.body = parser.take_body();
    }

    Response response;
    if (!parsed) {
      response = options_.refuse(400, parsed.error().message);
    } else if (service_.handlers.are_busy()) {
      ++options_.counts->refused_requests;
      response = options_.refuse(503, "too many requests are waiting");
    } else {
      response = co_await service_.handlers.call(std::move(request), socket_);
    }
    room.reset();

    if (response.delivery != Response::Delivery::whole) {
      co_await misdeliver(response);
      co_return false;
    }
    if (response.file) {
      co_await send_file(response, framing, head_only);
      co_return false;
    }
    framing.keep_alive = wants_keep_alive && !service_.is_stopping;
    const bool sent = response.stream ? co_await send_stream(response, framing, head_only)
                                      : co_await send_whole(response, framing, head_only);
    co_return sent&& framing.keep_alive;
  }

  enum class Received { some, end, broken };

  Task<Received> receive(size_t most) {
    const auto room = buffer_.prepare(most);
    const auto count = co_await stream_.read_some({static_cast<char*>(room.data()), room.size()});
    if (!count) co_return Received::broken;
    buffer_.commit(*count);
    co_return *count == 0 ? Received::end : Received::some;
  }

  // Until this is true of the request, or it has a fault. False when nobody is there to answer.
  Task<bool> read_until(RequestParser& parser, bool (RequestParser::*is_there)() const) {
    for (;;) {
      if (buffer_.size() > 0) {
        const auto bytes = buffer_.data();
        buffer_.consume(parser.put({static_cast<const char*>(bytes.data()), bytes.size()}));
        if (parser.fault() || (parser.*is_there)()) co_return true;
        if (!parser.needs_more()) continue;
      }
      constexpr size_t kLeast = 512;
      const Received received =
          co_await receive(std::clamp(buffer_.capacity() - buffer_.size(), kLeast, kBodyRead));
      if (received == Received::broken || (received == Received::end && !parser.has_begun())) co_return false;
      if (received == Received::end) {
        parser.put_end();
        co_return true;
      }
    }
  }

  // The answer to a request whose body is not worth reading.
  std::optional<Response> refuse_body(const RequestParser& parser, const Request& head,
                                      const Result<>& parsed) {
    if (!parsed) return options_.refuse(400, parsed.error().message);
    if (options_.admit) {
      if (auto refusal = options_.admit(head)) return refusal;
    }
    if (service_.bodies + size_of_body(parser) > options_.bodies_limit) {
      ++options_.counts->refused_requests;
      return options_.refuse(503, "too much is being uploaded at once; try again later");
    }
    return std::nullopt;
  }

  // In pieces its length is not known before its end.
  size_t size_of_body(const RequestParser& parser) const {
    const auto length = parser.content_length();
    return length ? static_cast<size_t>(std::min<std::uint64_t>(*length, options_.body_limit))
                  : options_.body_limit;
  }

  std::string head_of(const Response& response, const Framing& framing) const {
    return response_head(response, framing,
                         {&options_.usual_headers, is_https_ ? &options_.https_headers : nullptr});
  }

  Response refusal_for(const RequestFault& fault) const {
    return options_.refuse(fault.status, fault.reason);
  }

  // Answers a request whose body is not read, then reads on for a while: closing at once would reset the
  // connection and the client, still sending, would never see why.
  Task<void> refuse(Response response, size_t drain_limit) {
    place_.waits();
    socket_.expires_after(kDrainTimeout);
    const std::string head = head_of(response, {.length = response.body.size()});
    if (!co_await write(stream_, head, response.body)) co_return;
    socket_.end_sending();
    buffer_ = {};
    {
      std::vector<char> unread(kBodyRead);
      for (size_t drained = 0; drained < drain_limit;) {
        const auto count = co_await socket_.read_some(unread);
        if (count.value_or(0) == 0) co_return;
        drained += *count;
      }
    }
    const auto end = std::chrono::steady_clock::now() + kDrainTimeout;
    while (socket_.is_open() && !socket_.hung_up() && std::chrono::steady_clock::now() < end)
      co_await service_.loop.pause(kLookForEnd);
  }

  // However long it takes, as long as the client takes something now and then.
  Task<bool> send_whole(const Response& response, Framing framing, bool head_only) {
    framing.length = response.body.size();
    const std::string head = head_of(response, framing);
    std::string_view first = head, second = response.body;
    if (head_only) second = {};
    while (!first.empty() || !second.empty()) {
      socket_.expires_after(options_.write_timeout);
      const size_t count = co_await stream_.write_some(first, second);
      if (count == 0) co_return false;
      remove_front(first, second, count);
    }
    co_return true;
  }

  // Piece by piece, none in memory but the one that is sent. HTTP/1.0 has no pieces: there the end of the
  // connection is the end.
  Task<bool> send_stream(const Response& response, Framing& framing, bool head_only) {
    framing.in_chunks = framing.version == 11;
    framing.keep_alive = framing.keep_alive && framing.in_chunks;
    const std::string head = head_of(response, framing);
    socket_.expires_after(options_.write_timeout);
    if (!co_await write(stream_, head)) co_return false;
    while (!head_only) {
      auto piece = co_await service_.handlers.next_piece(response.stream);
      if (!piece) co_return break_off(framing);
      if (!*piece) break;
      std::string& bytes = **piece;
      if (bytes.empty()) {  // a chunk without bytes would be the last one
        if (!co_await await_more(*response.stream)) co_return break_off(framing);
        continue;
      }
      std::string chunk_head;
      if (framing.in_chunks) {
        chunk_head = fmt::format("{:x}\r\n", bytes.size());
        bytes += "\r\n";
      }
      socket_.expires_after(options_.write_timeout);
      if (!co_await write(stream_, chunk_head, bytes)) co_return false;
    }
    if (framing.in_chunks && !head_only) co_return co_await write(stream_, "0\r\n\r\n");
    co_return true;
  }

  // The rest of a streamed answer is missing. Where its end is that of the connection, only a reset tells the
  // client. False.
  bool break_off(const Framing& framing) {
    if (!framing.in_chunks) socket_.reset();
    return false;
  }

  // False when the client hung up meanwhile, or the server stops. What else the client sends is nothing that
  // it may.
  Task<bool> await_more(BodyStream& body) {
    if (service_.is_stopping) co_return false;
    place_.waits();
    const Sleep sleep(service_.loop, socket_);
    body.when_more(sleep.waker());
    while (!sleep.is_over()) {
      std::array<char, 256> ignored;
      socket_.expires_after(kLongestSilence);
      const auto count = co_await stream_.read_some(ignored);
      if (!sleep.is_over() && count.value_or(0) == 0) co_return false;
    }
    place_.works();
    co_return socket_.is_open();
  }

  // Piece by piece, each with the time limit of a whole answer: a large file may take long, a client that
  // takes nothing may not. Ends the connection.
  Task<void> send_file(const Response& response, Framing framing, bool head_only) {
    framing.length = response.file->size();
    const std::string head = head_of(response, framing);
    socket_.expires_after(options_.write_timeout);
    if (!co_await write(stream_, head) || head_only) co_return;
    std::vector<char> piece(kFilePiece);
    for (std::uint64_t sent = 0; sent < response.file->size();) {
      const size_t count = response.file->read(sent, piece.data(), piece.size());
      if (count == 0) co_return;  // the client sees that bytes are missing
      socket_.expires_after(options_.write_timeout);
      if (!co_await write(stream_, {piece.data(), count})) co_return;
      sent += count;
    }
  }

  Task<void> misdeliver(const Response& response) {
    if (response.delivery == Response::Delivery::cut) {
      std::string raw =
          fmt::format("HTTP/1.1 {} Cut\r\nContent-Length: {}\r\n", response.status, response.body.size());
      for (const auto& [name, value] : response.headers) raw += name + ": " + value + "\r\n";
      raw += "\r\n" + response.body.substr(0, response.body.size() / 2);
      socket_.expires_after(options_.write_timeout);
      co_await write(stream_, raw);
    }
    socket_.reset();
  }

  Service& service_;
  const ServerOptions& options_;
  Socket& socket_;
  Stream& stream_;
  Connections::Place& place_;
  bool is_https_ = options_.tls.has_value();  // the client's request
  boost::beast::flat_buffer buffer_;
};

}  // namespace

Task<void> serve_requests(Service& service, Socket& socket, Stream& stream, Connections::Place& place) {
  Connection connection(service, socket, stream, place);
  co_await connection.serve();
}

}  // namespace muster::http
