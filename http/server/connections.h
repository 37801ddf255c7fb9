// Who is connected. There is a limit for all and one for each address; where it is reached, the connection
// that has waited longest for its client is closed: one that sends nothing cannot keep out those that do.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "http/server/server_counts.h"

namespace muster::http {

/// For one thread.
class Connections {
 public:
  struct Limits {
    size_t all = 1024;
    size_t of_address = 256;
  };

  /// Of a connection, for as long as it is open.
  class Place {
   public:
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    /// It has nothing to do until its client sends something, or there is more of its answer
    /// (BodyStream::when_more()). So it begins.
    void waits();
    /// A request is being read, answered or written.
    void works();

   private:
    friend class Connections;
    using Clock = std::chrono::steady_clock;
    Place(Connections& all, std::string address, std::function<void()> close)
        : all_(all), address_(std::move(address)), close_(std::move(close)) {}

    Connections& all_;
    const std::string address_;
    const std::function<void()> close_;
    Clock::time_point since_{};
    bool is_waiting_ = false;
    bool is_counted_ = true;  // false: it was told to close
  };

  /// `counts` must outlive it.
  Connections(Limits limits, ServerCounts& counts) : limits_(limits), counts_(counts) {}

  /// Room for a connection from this address, perhaps another one's, whose `close` is called; null when all
  /// are at work. Behind a proxy's address are many clients: only the limit for all is for it.
  std::unique_ptr<Place> admit(const std::string& address, bool is_proxy, std::function<void()> close);
  /// Closes those that wait for their clients.
  void close_waiting();
  /// Closes all.
  void close_all();

 private:
  using Waiting = std::set<std::pair<std::chrono::steady_clock::time_point, Place*>>;
  struct Address {
    size_t open = 0;
    Waiting waiting;
  };

  bool make_room(const std::string& address, bool is_proxy);
  void close(Place& place);
  void leave(Place& place);
  void tell(const char* what, const std::string& address);

  const Limits limits_;
  ServerCounts& counts_;
  size_t open_ = 0;
  std::map<std::string, Address> addresses_;
  Waiting waiting_;
  std::set<Place*> places_;
  std::chrono::steady_clock::time_point told_at_{};
  long long untold_ = 0;
};

}  // namespace muster::http
