// A relay between a client and the Unix socket of a PostgreSQL server, that a test makes deaf, or the way
// longer.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace muster::test {

class UnixRelay {
 public:
  /// Listens in `directory` (as .s.PGSQL.5432), and connects each client with the server whose socket is in
  /// `server`.
  UnixRelay(const std::string& directory, const std::string& server);
  ~UnixRelay();
  UnixRelay(const UnixRelay&) = delete;
  UnixRelay& operator=(const UnixRelay&) = delete;

  /// The server's next answer on each present connection is lost, and the connection with it. What is sent to
  /// the server arrives.
  void lose_answers();
  /// Connections that broke so.
  int lost() const { return lost_; }

  /// What the client sends arrives so much later, from now on.
  void put_away(std::chrono::milliseconds distance) { distance_ = distance; }
  /// How often the client has waited for the server: what it sends before it needs an answer is one.
  int round_trips() const { return round_trips_; }

 private:
  void accept_all();
  void relay(int client, int server);

  const std::string server_;
  int listener_;
  int wake_[2];
  std::atomic<int> generation_ = 0, lost_ = 0, round_trips_ = 0;
  std::atomic<std::chrono::milliseconds> distance_{};
  std::mutex mutex_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace muster::test
