#include "base/log/log_writer.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string_view>
#include <utility>

#include "base/guarded.h"
#include "base/log/log.h"

namespace muster::log {
namespace {

// A minute of a busy server's lines.
constexpr size_t kRoom = 1 << 20;
constexpr std::chrono::milliseconds kFlush(500);

std::atomic<long long> dropped{0};

// Standard error, with a descriptor of our own where that can be told not to wait: the flag O_NONBLOCK on the
// one that we were given would be everybody's who has it, a shell's too.
class StandardError {
 public:
  StandardError() {
    struct stat status {};
    ::fstat(STDERR_FILENO, &status);
    if (S_ISREG(status.st_mode)) {
      kind_ = Kind::takes_all;
    } else if (S_ISSOCK(status.st_mode)) {
      kind_ = Kind::socket;
    } else {
      const int own = ::open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
      if (own < 0) return;
      fd_ = own;
      kind_ = Kind::takes_some;
    }
  }
  ~StandardError() {
    if (fd_ != STDERR_FILENO) ::close(fd_);
  }
  StandardError(const StandardError&) = delete;
  StandardError& operator=(const StandardError&) = delete;

  /// How many bytes it took without waiting. All, when they cannot be written: that is not worth failing for.
  size_t take(std::string_view text) { return kind_ == Kind::waits ? 0 : written(text); }

  /// Waits until it took all.
  void write_whole(std::string_view text) {
    while (!text.empty()) {
      const size_t done = written(text);
      text.remove_prefix(done);
      if (done > 0) continue;
      pollfd room{fd_, POLLOUT, 0};
      ::poll(&room, 1, -1);
    }
  }

 private:
  enum class Kind { takes_all, takes_some, socket, waits };

  size_t written(std::string_view text) {
    for (;;) {
      const ssize_t n = kind_ == Kind::socket
                            ? ::send(fd_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
                            : ::write(fd_, text.data(), text.size());
      if (n >= 0) return static_cast<size_t>(n);
      if (errno == EINTR) continue;
      return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : text.size();
    }
  }

  int fd_ = STDERR_FILENO;
  Kind kind_ = Kind::waits;
};

}  // namespace

// What stands between those who log and standard error.
class Output {
 public:
  void put(std::string line) {
    std::lock_guard lock(mutex_);
    // By whoever logs, so that a process that dies has said it.
    if (kept_.empty() && !writing_) line.erase(0, output_.take(line));
    if (line.empty()) return;
    if (bytes_ + line.size() > kRoom) {
      ++untold_;
      ++dropped;
      return;
    }
    bytes_ += line.size();
    kept_.push_back(std::move(line));
    changed_.notify_all();
  }

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      tell_dropped(lock);
      changed_.wait(lock, [this] { return !kept_.empty() || ending_; });
      if (kept_.empty()) break;
      const std::string line = std::move(kept_.front());
      kept_.pop_front();
      bytes_ -= line.size();
      writing_ = true;
      lock.unlock();
      output_.write_whole(line);
      lock.lock();
      writing_ = false;
    }
    ended_ = true;
    changed_.notify_all();
  }

  /// Whether the thread has written all, and ended.
  bool end() {
    std::unique_lock lock(mutex_);
    ending_ = true;
    changed_.notify_all();
    return changed_.wait_for(lock, kFlush, [this] { return ended_; });
  }

 private:
  // With so much room that it is not dropped itself.
  void tell_dropped(std::unique_lock<std::mutex>& lock) {
    if (untold_ == 0 || bytes_ > kRoom / 2) return;
    const long long lines = std::exchange(untold_, 0);
    lock.unlock();
    log::warn("log.dropped", {{"lines", lines}});
    lock.lock();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  StandardError output_;          // the thread's while writing_, else guarded by mutex_
  std::deque<std::string> kept_;  // guarded by mutex_, as all that follows
  size_t bytes_ = 0;              // kept
  bool writing_ = false;
  bool ending_ = false;
  bool ended_ = false;
  long long untold_ = 0;  // dropped, and not said yet
};

namespace {

// Never destroyed: threads may log while the process ends.
Guarded<std::shared_ptr<Output>>& present() {
  static auto& output = *new Guarded<std::shared_ptr<Output>>;
  return output;
}

}  // namespace

Writer::Writer() : output_(std::make_shared<Output>()) {
  thread_ = std::thread([output = output_] { output->run(); });
  present().with([&](auto& output) { output = output_; });
}

Writer::~Writer() {
  const bool has_ended = output_->end();
  present().with([](auto& output) { output = nullptr; });
  if (has_ended)
    thread_.join();
  else
    thread_.detach();
}

void put_line(std::string line) {
  const auto output = present().with([](const auto& now) { return now; });
  if (output) return output->put(std::move(line));
  // One write a line: lines of several threads do not mix. A log that cannot be written is not worth failing
  // for.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

long long lines_dropped() { return dropped; }

}  // namespace muster::log
