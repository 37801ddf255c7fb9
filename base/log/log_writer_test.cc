#include "base/log/log_writer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <thread>

#include "base/log/log.h"

namespace muster::log {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

// Standard error as something else for a while, of which the test has the other end.
class OtherStandardError {
 public:
  explicit OtherStandardError(bool is_socket) {
    const int made = is_socket ? ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()) : ::pipe(ends_.data());
    EXPECT_EQ(made, 0);
    const int smallest = 4096;
    if (is_socket)
      ::setsockopt(ends_[1], SOL_SOCKET, SO_SNDBUF, &smallest, sizeof smallest);
    else
      ::fcntl(ends_[1], F_SETPIPE_SZ, smallest);
    ::dup2(ends_[1], STDERR_FILENO);
    ::close(ends_[1]);
  }
  ~OtherStandardError() {
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
    ::close(ends_[0]);
  }
  OtherStandardError(const OtherStandardError&) = delete;
  OtherStandardError& operator=(const OtherStandardError&) = delete;

  /// What has come until the text is there.
  std::string read_until(const std::string& text) {
    std::string all;
    std::array<char, 65536> chunk;
    while (all.find(text) == std::string::npos || all.back() != '\n') {
      const ssize_t n = ::read(ends_[0], chunk.data(), chunk.size());
      if (n <= 0) break;
      all.append(chunk.data(), static_cast<size_t>(n));
    }
    return all;
  }

 private:
  const int before_ = ::dup(STDERR_FILENO);
  std::array<int, 2> ends_{-1, -1};
};

class LogWriter : public testing::TestWithParam<bool> {
 protected:
  LogWriter() { std::signal(SIGPIPE, SIG_IGN); }  // as the server does
};
INSTANTIATE_TEST_SUITE_P(To, LogWriter, testing::Bool(),
                         [](const auto& to) { return to.param ? "ASocket" : "APipe"; });

TEST_P(LogWriter, WritesAtOnceWhatIsTaken) {
  OtherStandardError reader(GetParam());
  const Writer writer;
  info("first");
  // It is there already: a process that is killed now has said it.
  EXPECT_THAT(reader.read_until("first"), EndsWith("level=info event=first\n"));
}

TEST_P(LogWriter, KeepsWhatNobodyReadsAndCountsWhatIsTooMuch) {
  OtherStandardError reader(GetParam());
  const long long before = lines_dropped();
  const Writer writer;
  const std::string value(400, 'v');
  int logged = 0;
  for (; lines_dropped() < before + 10; ++logged) info("much", {{"n", logged}, {"value", value}});
  EXPECT_GT(logged, 2000) << "a mebibyte is kept";

  const std::string all = reader.read_until("event=log.dropped");
  EXPECT_THAT(all, HasSubstr("level=warn event=log.dropped lines=10\n"));
  int whole = 0;
  for (size_t at = 0; (at = all.find("event=much n=" + std::to_string(whole) + " value=" + value + "\n",
                                     at)) != std::string::npos;)
    ++whole;
  EXPECT_EQ(whole, logged - 10) << "in their order";
}

TEST_P(LogWriter, EndsSoonThoughNobodyReads) {
  OtherStandardError reader(GetParam());
  const auto begin = std::chrono::steady_clock::now();
  {
    const Writer writer;
    for (int i = 0; i < 1000; ++i) info("unread", {{"value", std::string(100, 'v')}});
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10)) << "it waited for a reader";
}

TEST_P(LogWriter, WritesWhatIsKeptBeforeItEnds) {
  OtherStandardError reader(GetParam());
  auto writer = std::make_unique<Writer>();
  for (int i = 0; i < 100; ++i) info("kept", {{"n", i}, {"value", std::string(300, 'v')}});
  std::string all;
  std::thread person([&] { all = reader.read_until("n=99 "); });
  writer.reset();
  person.join();
  EXPECT_THAT(all, HasSubstr("event=kept n=99 "));
}

}  // namespace
}  // namespace muster::log
