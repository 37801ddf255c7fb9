#include "http/server/handlers.h"

#include <chrono>

#include "base/log/log.h"
#include "base/os/kill_point.h"
#include "base/threads/background.h"
#include "base/threads/contain.h"
#include "base/threads/wanted.h"

namespace muster::http {
namespace {

constexpr auto kLookForClients =
    std::chrono::milliseconds(250);  // that hung up while their request is worked on

}  // namespace

// A request until a worker takes it, or none can be had.
class Handlers::Queued {
 public:
  explicit Queued(std::atomic<size_t>& count) : count_(count) { ++count_; }
  ~Queued() { leave(); }
  Queued(const Queued&) = delete;
  Queued& operator=(const Queued&) = delete;
  void leave() {
    if (!left_.exchange(true)) --count_;
  }

 private:
  std::atomic<size_t>& count_;
  std::atomic<bool> left_{false};
};

// A request until its handler is done.
class Handlers::Handling {
 public:
  Handling(std::set<Handling*>& all, const Socket& from) : client(from), all_(all) { all_.insert(this); }
  ~Handling() { all_.erase(this); }
  Handling(const Handling&) = delete;
  Handling& operator=(const Handling&) = delete;

  const Socket& client;
  std::stop_source hung_up;

 private:
  std::set<Handling*>& all_;
};

Handlers::Handlers(Loop& loop, const ServerOptions& options, std::function<Response(const Request&)> handler)
    : loop_(loop),
      options_(options),
      handler_(std::move(handler)),
      workers_(options.workers),
      streaming_(options.streams, work_in_background) {}

Task<Response> Handlers::call(Request request, const Socket& client) {
  Handling handling(handling_, client);
  // What follows is named: g++ 12 destroys twice what is made within a co_await.
  if (!is_looking_) loop_.spawn(look_for_clients());
  std::function<Response()> work = [this, request = std::move(request), gone = handling.hung_up.get_token(),
                                    queued = std::make_shared<Queued>(queued_)] {
    queued->leave();
    const Wanted served(ends_.get_token()), wanted(options_.ends, gone);
    return handle(request);
  };
  co_return co_await loop_.result_on(workers_, std::move(work));
}

Response Handlers::handle(const Request& request) {
  auto response = contain(
      Place::handler,
      [&] {
        kill_point("handler");
        return handler_(request);
      },
      [&] { return request.method + " " + request.path; });
  if (response) return *std::move(response);
  return options_.refuse(500, "internal error");
}

// Who hung up gets no answer: the work for it may end.
Task<void> Handlers::look_for_clients() {
  is_looking_ = true;
  while (!handling_.empty()) {
    co_await loop_.pause(kLookForClients);
    for (Handling* handling : handling_) {
      if (handling->hung_up.stop_requested() || !handling->client.hung_up()) continue;
      handling->hung_up.request_stop();
      ++options_.counts->abandoned_requests;
    }
  }
  is_looking_ = false;
}

Task<Result<std::optional<std::string>>> Handlers::next_piece(std::shared_ptr<BodyStream> body) {
  using Piece = Result<std::optional<std::string>>;
  std::function<Piece()> make = [this, body = std::move(body)] {
    const Wanted served(ends_.get_token()), wanted(options_.ends);
    return contain(Place::handler, [&] { return body->next(); });
  };
  auto piece = co_await loop_.result_on(streaming_, std::move(make));
  if (!piece) log::error("api.answer_aborted", {{"reason", piece.error().text()}});
  co_return piece;
}

void Handlers::join() {
  workers_.join();
  streaming_.join();
}

}  // namespace muster::http
