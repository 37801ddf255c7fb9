#include "store/postgres/listener.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <chrono>

namespace muster::postgres {
namespace {

using namespace std::chrono_literals;

// While nothing can be heard, everything may have happened.
constexpr NewsStand::News kEverything{.accounts = true, .requests = true, .results = true, .events = true};
constexpr Millis kWithoutConnection = 1s;

void add(NewsStand::News& news, const std::string& payload) {
  news.accounts = news.accounts || payload == "accounts";
  news.requests = news.requests || payload == "requests";
  news.results = news.results || payload == "results";
  news.events = news.events || payload == "events";
}

}  // namespace

Listener::Listener(ConnectionSettings settings, std::function<void()> keys_changed)
    : settings_(std::move(settings)),
      keys_changed_(std::move(keys_changed)),
      woken_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Result<> Listener::connect() {
  MUSTER_TRY(auto connection, Connection::open(settings_));
  MUSTER_TRY(connection->script("LISTEN muster"));
  connection_ = std::move(connection);
  return {};
}

NewsStand::News Listener::wait(Millis limit) {
  if (!connection_) {
    if (connect()) return everything();  // told before it listened
    rest(std::min(limit, kWithoutConnection));
    return everything();
  }
  rest(limit);
  News news;
  const auto heard = connection_->notifications();
  if (!heard) {
    connection_.reset();
    return everything();
  }
  for (const auto& payload : *heard) {
    add(news, payload);
    if (payload == "keys") keys_changed_();
  }
  return news;
}

NewsStand::News Listener::everything() const {
  keys_changed_();
  return kEverything;
}

void Listener::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(woken_.get(), &one, sizeof one);
}

void Listener::rest(Millis limit) const {
  pollfd files[] = {{woken_.get(), POLLIN, 0}, {connection_ ? connection_->socket() : -1, POLLIN, 0}};
  ::poll(files, 2, static_cast<int>(limit.count()));
  std::uint64_t count = 0;
  [[maybe_unused]] const auto read = ::read(woken_.get(), &count, sizeof count);
}

}  // namespace muster::postgres
