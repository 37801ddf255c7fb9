// Row 8: people look at devices while the first reading of the list writes them.
#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "bench/rows/row.h"
#include "bench/world.h"
#include "tests/e2e/world/api_call.h"

namespace muster::bench {
namespace {

using namespace std::chrono_literals;

constexpr int kConnections = 8;
constexpr double kMostMs = 20;
// A person reads before the next click; a console that polls asks less often.
constexpr auto kBetween = 50ms;

struct Question {
  const char* name;
  const char* path;
};
constexpr Question kQuestions[] = {
    {"device list", "/api/v1/devices?limit=100"},
    {"part of a serial", "/api/v1/devices?limit=20&filter=serial%20~%20%22*K7*%22"},
    {"filter", "/api/v1/devices?limit=100&filter=family%20%3D%20iPad%20and%20color%20%3D%20SILVER"},
    {"counts", "/api/v1/accounts"},
};

class Readers {
 public:
  explicit Readers(std::string url) : url_(std::move(url)) {
    for (int i = 0; i < kConnections; ++i) threads_.emplace_back([this, i] { ask_again_and_again(i); });
  }
  /// Milliseconds by question, once they have stopped.
  const std::vector<Samples>& stop() {
    stopping_ = true;
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    if (!failure_.empty()) throw std::runtime_error(failure_);
    return ms_;
  }
  ~Readers() {
    stopping_ = true;
    for (auto& thread : threads_) thread.join();
  }

 private:
  void ask_again_and_again(int first) {
    http::Client client;
    for (size_t i = static_cast<size_t>(first); !stopping_; ++i) {
      const size_t which = i % std::size(kQuestions);
      const Stopwatch watch;
      const auto answer = client.send(test::api_request(url_, kApiKey, "GET", kQuestions[which].path, ""));
      const double ms = watch.seconds() * 1000;
      {
        const std::lock_guard lock(mutex_);
        if (!answer || answer->status != 200)
          failure_ =
              std::string(kQuestions[which].path) + ": " + (answer ? answer->body : answer.error().text());
        ms_[which].add(ms);
      }
      std::this_thread::sleep_for(kBetween);
    }
  }

  const std::string url_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::vector<Samples> ms_{std::size(kQuestions)};
  std::string failure_;
  std::vector<std::thread> threads_;
};

}  // namespace

void measure_reading(const Options& options, const Tell& tell) {
  World world(options.devices);
  std::vector<Samples> slow(std::size(kQuestions));  // the 99th percentile of every run
  Samples all;
  for (int i = 0; i < options.runs; ++i) {
    Server server(world.depsim(), world.new_directory());
    Readers readers(server.url());
    world.read_baseline(server);
    const auto& ms = readers.stop();
    Samples of_run;
    for (size_t q = 0; q < ms.size(); ++q) {
      slow[q].add(ms[q].quantile(0.99));
      of_run.add(ms[q]);
    }
    all.add(of_run.quantile(0.99));
    server.stop();
  }
  std::string details;
  for (size_t q = 0; q < slow.size(); ++q)
    details += fmt::format("{}{} {:.1f}", q ? ", " : "", kQuestions[q].name, slow[q].median());
  tell({.number = 8,
        .work = fmt::format("reading by {} connections while row 1 runs", kConnections),
        .must = fmt::format("99th percentile < {:.0f} ms", kMostMs),
        .measured = fmt::format("{:.1f} ms ({})", all.median(), details),
        .met = all.median() < kMostMs});
}

}  // namespace muster::bench
