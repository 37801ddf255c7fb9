#include "http/server/connections.h"

#include "base/log/log.h"

namespace muster::http {
namespace {

constexpr auto kBetweenLines = std::chrono::minutes(1);  // of the log

}  // namespace

Connections::Place::~Place() { all_.leave(*this); }

void Connections::Place::waits() {
  if (is_waiting_ || !is_counted_) return;
  is_waiting_ = true;
  since_ = Clock::now();
  all_.waiting_.emplace(since_, this);
  all_.addresses_.at(address_).waiting.emplace(since_, this);
}

void Connections::Place::works() {
  if (!is_waiting_) return;
  is_waiting_ = false;
  all_.waiting_.erase({since_, this});
  const auto of_address = all_.addresses_.find(address_);
  if (of_address != all_.addresses_.end()) of_address->second.waiting.erase({since_, this});
}

std::unique_ptr<Connections::Place> Connections::admit(const std::string& address, bool is_proxy,
                                                       std::function<void()> close) {
  if (!make_room(address, is_proxy)) {
    ++counts_.refused_connections;
    tell("refused", address);
    return nullptr;
  }
  std::unique_ptr<Place> place(new Place(*this, address, std::move(close)));
  places_.insert(place.get());
  ++addresses_[address].open;
  ++open_;
  ++counts_.open;
  place->waits();
  return place;
}

bool Connections::make_room(const std::string& address, bool is_proxy) {
  const auto of_address = addresses_.find(address);
  Waiting* crowd = nullptr;
  if (!is_proxy && of_address != addresses_.end() && of_address->second.open >= limits_.of_address)
    crowd = &of_address->second.waiting;
  else if (open_ >= limits_.all)
    crowd = &waiting_;
  if (!crowd) return true;
  if (crowd->empty()) return false;
  Place& longest = *crowd->begin()->second;
  ++counts_.closed_for_others;
  tell("closed", longest.address_);
  close(longest);
  return true;
}

void Connections::close(Place& place) {
  leave(place);
  place.close_();
}

// Once for each, be it that it closes by itself or that it was told to.
void Connections::leave(Place& place) {
  if (!place.is_counted_) return;
  place.works();
  place.is_counted_ = false;
  places_.erase(&place);
  --open_;
  --counts_.open;
  const auto of_address = addresses_.find(place.address_);
  if (--of_address->second.open == 0) addresses_.erase(of_address);
}

void Connections::close_waiting() {
  while (!waiting_.empty()) close(*waiting_.begin()->second);
}

void Connections::close_all() {
  while (!places_.empty()) close(**places_.begin());
}

// A client that opens thousands makes no thousands of lines.
void Connections::tell(const char* what, const std::string& address) {
  ++untold_;
  const auto now = std::chrono::steady_clock::now();
  if (told_at_ != std::chrono::steady_clock::time_point{} && now - told_at_ < kBetweenLines) return;
  const auto from_there = addresses_.find(address);
  log::warn("http.connection_limit",
            {{"connections", what},
             {"count", untold_},
             {"peer", address},
             {"open", open_},
             {"from_there", from_there == addresses_.end() ? 0 : from_there->second.open}});
  told_at_ = now;
  untold_ = 0;
}

}  // namespace muster::http
