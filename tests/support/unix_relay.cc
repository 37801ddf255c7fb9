#include "tests/support/unix_relay.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace muster::test {
namespace {

sockaddr_un address_in(const std::string& directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = directory + "/.s.PGSQL.5432";
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

// False when nothing more comes.
bool pass_on(int from, int to) {
  char buffer[65536];
  const ssize_t count = ::read(from, buffer, sizeof buffer);
  for (ssize_t done = 0; done < count;) {
    const ssize_t sent = ::send(to, buffer + done, static_cast<size_t>(count - done), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    done += sent;
  }
  return count > 0;
}

// As a PostgreSQL server that is starting up does: the client goes on to its next host.
void refuse(int client) {
  using namespace std::string_view_literals;
  constexpr auto kFields = "SFATAL\0VFATAL\0C57P03\0Mthe server is not there\0\0"sv;
  pollfd asked{client, POLLIN, 0};
  char request[1024];
  if (::poll(&asked, 1, 1000) > 0 && ::read(client, request, sizeof request) > 0) {
    std::string answer("E\0\0\0", 4);
    answer += static_cast<char>(kFields.size() + 4);
    answer += kFields;
    (void)::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
  }
  ::close(client);
}

}  // namespace

UnixRelay::UnixRelay(const std::string& directory, const std::string& server)
    : server_(server), listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const auto address = address_in(directory);
  if (::pipe2(wake_, O_CLOEXEC) != 0 ||
      ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 64) != 0)
    throw std::runtime_error("cannot listen in " + directory);
  accepting_ = std::thread([this] { accept_all(); });
}

UnixRelay::~UnixRelay() {
  ::close(wake_[1]);
  accepting_.join();
  for (auto& thread : threads_) thread.join();
  ::close(listener_);
  ::close(wake_[0]);
}

void UnixRelay::lose_answers() { ++generation_; }

void UnixRelay::accept_all() {
  for (;;) {
    pollfd both[] = {{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    ::poll(both, 2, -1);
    if (both[1].revents != 0) return;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = address_in(server_);
    if (client < 0 || ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      refuse(client);
      ::close(server);
      continue;
    }
    threads_.emplace_back([this, client, server] { relay(client, server); });
  }
}

void UnixRelay::relay(int client, int server) {
  const int began = generation_;
  bool is_asking = false;
  for (;;) {
    pollfd all[] = {{client, POLLIN, 0}, {server, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    ::poll(all, 3, -1);
    if (all[2].revents != 0) break;
    if (all[0].revents != 0) {
      if (!is_asking) std::this_thread::sleep_for(distance_.load());
      is_asking = true;
      if (!pass_on(client, server)) break;
    }
    if (all[1].revents == 0) continue;
    if (std::exchange(is_asking, false)) ++round_trips_;
    if (generation_ != began) {
      ++lost_;
      break;
    }
    if (!pass_on(server, client)) break;
  }
  ::close(client);
  ::close(server);
}

}  // namespace muster::test
