#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace muster::test {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

bool is_inherited(std::string_view variable) {
  for (const char* prefix : {"MUSTER_", "MICROMDM_", "http_proxy=", "https_proxy=", "all_proxy=", "no_proxy=",
                             "HTTP_PROXY=", "HTTPS_PROXY=", "ALL_PROXY=", "NO_PROXY="})
    if (variable.starts_with(prefix)) return false;
  return true;
}

std::vector<std::string> make_environment(const Environment& added) {
  std::vector<std::string> lines;
  for (char** variable = environ; *variable; ++variable) {
    const std::string_view line = *variable;
    if (is_inherited(line) && !added.contains(std::string(line.substr(0, line.find('=')))))
      lines.emplace_back(line);
  }
  for (const auto& [name, value] : added) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  }
  /// Reading gives what is there, and does not wait for more.
  void read_at_once() {
    if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) fail("fcntl");
  }
  void close_end(size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  std::array<int, 2> ends{-1, -1};
};

// A file without a name that holds what the program shall read.
int make_input(const std::string& text) {
  const int fd = ::memfd_create("stdin", MFD_CLOEXEC);
  if (fd < 0) fail("memfd_create");
  for (size_t done = 0; done < text.size();) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n <= 0) fail("writing the standard input");
    done += static_cast<size_t>(n);
  }
  ::lseek(fd, 0, SEEK_SET);
  return fd;
}

// One of a program's streams.
struct Stream {
  Pipe pipe;
  std::string text;     // what it wrote so far
  bool is_open = true;  // more may come

  /// Reads what is in the pipe: 64 KiB at most (pipe(7)), so that one read takes all. Whether there was
  /// something.
  bool drain() {
    std::array<char, 64 * 1024> chunk;
    ssize_t n = -1;
    do n = is_open ? ::read(pipe.ends[0], chunk.data(), chunk.size()) : 0;
    while (n < 0 && errno == EINTR);
    is_open = is_open && (n > 0 || (n < 0 && errno == EAGAIN));
    if (n > 0) text.append(chunk.data(), static_cast<size_t>(n));
    return n > 0;
  }
};

}  // namespace

// Two threads serve a process: one reads its pipes, one waits for its end.
struct Process::State {
  // `input_fd`: what the program reads; closed here. `lines_fd`: the other end of it, or -1.
  State(std::vector<std::string> argv, const Environment& environment, int input_fd, int lines_fd);
  ~State();

  void read_pipes();
  void reap();
  std::string text_of(Stream& stream);

  int enough = ::eventfd(0, EFD_CLOEXEC);  // readable: stop reading, though someone may hold the pipes open
  const int lines;                         // where send_line() writes; -1 when the input is a text
  pid_t pid = -1;
  std::thread reader, reaper;

  std::mutex mutex;
  std::condition_variable changed;
  Stream out, err;               // guarded by mutex
  bool reading_ended = false;    // guarded by mutex
  std::optional<int> exit_code;  // guarded by mutex
};

Process::State::State(std::vector<std::string> argv, const Environment& environment, int input_fd,
                      int lines_fd)
    : lines(lines_fd) {
  auto variables = make_environment(environment);
  const auto argument_pointers = pointers(argv);
  const auto variable_pointers = pointers(variables);
  Pipe started;  // closed by a successful exec, else carries errno
  const pid_t parent = ::getpid();
  pid = ::fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {  // only what is safe between fork and exec
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::signal(SIGHUP, SIG_DFL);  // under nohup it is ignored, and a shell cannot change that
    if (::getppid() != parent) ::_exit(127);
    ::dup2(input_fd, 0);
    ::dup2(out.pipe.ends[1], 1);
    ::dup2(err.pipe.ends[1], 2);
    ::execvpe(argument_pointers[0], argument_pointers.data(), variable_pointers.data());
    const int number = errno;
    [[maybe_unused]] const auto written = ::write(started.ends[1], &number, sizeof number);
    ::_exit(127);
  }
  ::close(input_fd);
  for (auto* stream : {&out, &err}) {
    stream->pipe.close_end(1);
    stream->pipe.read_at_once();
  }
  started.close_end(1);
  int number = 0;
  if (::read(started.ends[0], &number, sizeof number) == sizeof number) {
    ::waitpid(pid, nullptr, 0);
    ::close(enough);
    if (lines >= 0) ::close(lines);
    errno = number;
    fail("cannot start " + argv[0]);
  }
  reader = std::thread([this] { read_pipes(); });
  reaper = std::thread([this] { reap(); });
}

Process::State::~State() {
  {
    std::lock_guard lock(mutex);
    if (!exit_code) ::kill(pid, SIGKILL);
  }
  reaper.join();
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(enough, &one, sizeof one);
  reader.join();
  ::close(enough);
  if (lines >= 0) ::close(lines);
}

void Process::State::read_pipes() {
  std::array<pollfd, 3> polled{pollfd{out.pipe.ends[0], POLLIN, 0}, pollfd{err.pipe.ends[0], POLLIN, 0},
                               pollfd{enough, POLLIN, 0}};
  const std::array<Stream*, 2> streams{&out, &err};
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    if (::poll(polled.data(), polled.size(), -1) < 0) continue;  // EINTR
    std::lock_guard lock(mutex);
    bool read_any = false;
    for (size_t i = 0; i < streams.size(); ++i) {
      read_any = streams[i]->drain() || read_any;
      if (!streams[i]->is_open) polled[i].fd = -1;  // poll leaves it out from now on
    }
    changed.notify_all();
    if (!read_any && polled[2].revents) break;
  }
  std::lock_guard lock(mutex);
  reading_ended = true;
  changed.notify_all();
}

// The program may have written more than the thread has read: whoever saw an effect of what it did next finds
// it here.
std::string Process::State::text_of(Stream& stream) {
  std::lock_guard lock(mutex);
  if (stream.drain()) changed.notify_all();
  return stream.text;
}

void Process::State::reap() {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  // Reaped under the lock: until then the number is still this process's, so that no signal can hit another
  // one.
  std::lock_guard lock(mutex);
  int status = 0;
  ::waitpid(pid, &status, 0);
  exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  changed.notify_all();
}

Process::Process(std::vector<std::string> argv, const Environment& environment, const std::string& input)
    : state_(std::make_unique<State>(std::move(argv), environment, make_input(input), -1)) {}

// A socket rather than a pipe: writing to a program that has ended must not end the test by SIGPIPE.
Process::Process(std::vector<std::string> argv, Input, const Environment& environment) {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) fail("socketpair");
  state_ = std::make_unique<State>(std::move(argv), environment, ends[0], ends[1]);
}

Process::~Process() = default;

std::optional<std::string> Process::wait_for_line(const std::string& text, std::chrono::milliseconds limit) {
  std::optional<std::string> found;
  const auto search = [&](const std::string& stream) {
    const size_t at = stream.find(text);
    if (at == std::string::npos) return;
    const size_t end = stream.find('\n', at);
    if (end == std::string::npos) return;
    const size_t before = stream.rfind('\n', at);
    const size_t begin = before == std::string::npos ? 0 : before + 1;
    found = stream.substr(begin, end - begin);
  };
  std::unique_lock lock(state_->mutex);
  state_->changed.wait_for(lock, limit, [&] {
    search(state_->out.text);
    if (!found) search(state_->err.text);
    return found || state_->reading_ended;
  });
  return found;
}

bool Process::wait_for_output(const std::function<bool(const std::string& out)>& condition,
                              std::chrono::milliseconds limit) {
  std::unique_lock lock(state_->mutex);
  bool met = false;
  state_->changed.wait_for(lock, limit, [&] {
    met = condition(state_->out.text);
    return met || state_->reading_ended;
  });
  return met;
}

void Process::send_line(const std::string& line) {
  const std::string text = line + "\n";
  [[maybe_unused]] const auto sent = ::send(state_->lines, text.data(), text.size(), MSG_NOSIGNAL);
}

void Process::send_signal(int signal) {
  std::lock_guard lock(state_->mutex);
  if (!state_->exit_code) ::kill(state_->pid, signal);
}

std::optional<int> Process::wait_exit(std::chrono::milliseconds limit) {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait_for(lock, limit, [&] { return state_->exit_code && state_->reading_ended; });
  return state_->exit_code;
}

pid_t Process::pid() const { return state_->pid; }

std::string Process::out() const { return state_->text_of(state_->out); }

std::string Process::err() const { return state_->text_of(state_->err); }

std::string Process::output() const {
  return "--- standard output\n" + out() + "--- standard error\n" + err();
}

ProgramResult run_program(const std::vector<std::string>& argv, const std::string& input,
                          const Environment& environment, std::chrono::milliseconds limit) {
  Process program(argv, environment, input);
  const auto exit = program.wait_exit(limit);
  return {exit.value_or(-1), program.out(), program.err()};
}

}  // namespace muster::test
