// Rows 14 to 18: what clients do to a server that they should not, by accident or on purpose, and how it goes
// to the others meanwhile. `./dev abuse` is these rows with fewer devices.
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "bench/rows/row.h"
#include "bench/usage.h"
#include "bench/world.h"
#include "tests/e2e/world/api_call.h"
#include "tests/support/raw_connection.h"

namespace muster::bench {
namespace {

using namespace std::chrono_literals;
using test::RawConnection;

constexpr double kMostMsOfUploads = 250;
constexpr double kMostMs = 50;                     // for calls of others, at the 99th percentile
constexpr double kMostMemory = 256.0 * (1 << 20);  // bytes, of the whole process
constexpr int kListings = 64, kIdle = 1'100, kUploads = 200, kWrongKeys = 8;
constexpr auto kWhile = 15s;  // how long what has no end of its own is done

// Threads that do something until they are told to stop.
class Crowd {
 public:
  Crowd(int threads, std::function<void(const std::atomic<bool>& stopping)> act) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this, act] { act(stopping_); });
  }
  ~Crowd() {
    stopping_ = true;
    for (auto& thread : threads_) thread.join();
  }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

 private:
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
};

// What somebody sees who means well: small calls, each on a connection of its own or on one that is kept.
struct Normal {
  Samples ms;
  int calls = 0, failed = 0;
};

Normal call_normally(const Server& server, const std::string& serial,
                     std::chrono::steady_clock::duration how_long) {
  Normal normal;
  http::Client kept;
  const std::array<std::string, 2> paths = {"/version", "/api/v1/devices/default/" + serial};
  const auto end = std::chrono::steady_clock::now() + how_long;
  for (size_t i = 0; std::chrono::steady_clock::now() < end; ++i) {
    http::Client fresh;
    auto& client = i % 4 < 2 ? kept : fresh;
    const Stopwatch watch;
    const auto answer = client.send(test::api_request(server.url(), kApiKey, "GET", paths[i % 2], ""));
    normal.ms.add(watch.seconds() * 1000);
    ++normal.calls;
    if (!answer || answer->status != 200) ++normal.failed;
    std::this_thread::sleep_for(5ms);
  }
  return normal;
}

std::string text(const Normal& normal) {
  return fmt::format("{} of {} calls of others failed, 99th percentile {:.1f} ms", normal.failed,
                     normal.calls, normal.ms.quantile(0.99));
}
bool is_well(const Normal& normal, double most_ms = kMostMs) {
  return normal.failed == 0 && normal.ms.quantile(0.99) < most_ms;
}

std::string head(const std::string& method, const std::string& path, const std::string& fields) {
  return method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}
const std::string& with_key() {
  static const std::string field =
      *test::api_request("http://x", kApiKey, "GET", "/", "").headers.get("Authorization");
  static const std::string line = "Authorization: " + field + "\r\n";
  return line;
}

std::string megabytes(double bytes) { return fmt::format("{:.0f} MB", bytes / (1 << 20)); }

// 14: what `mdmctl get devices` sends, from many at once, who take what comes and then hang up.
void measure_listings(Server& server, const std::string& serial, long long devices, const Tell& tell) {
  std::atomic<long long> bytes{0};
  Normal normal;
  {
    const Crowd crowd(kListings, [&](const std::atomic<bool>& stopping) {
      RawConnection connection(server.port());
      connection.send(head("POST", "/v1/devices", with_key() + "Content-Length: 2\r\n") + "{}");
      while (!stopping) {
        const auto piece = connection.read_some();
        if (piece.empty()) break;
        bytes += static_cast<long long>(piece.size());
      }
    });
    normal = call_normally(server, serial, kWhile);
  }
  std::this_thread::sleep_for(1s);  // to see that they hung up
  const double cpu = cpu_seconds(server.pid());
  std::this_thread::sleep_for(1s);
  const double after = cpu_seconds(server.pid()) - cpu;
  const auto memory = static_cast<double>(peak_memory(server.pid()));
  tell({.number = 14,
        .work = fmt::format("{} whole listings of {} devices at once, whose clients then hang up", kListings,
                            devices),
        .must = fmt::format("< 256 MB, others < {:.0f} ms, idle a second later", kMostMs),
        .measured = fmt::format("peak {}, {}; {:.0f} MB/s; then {:.0f} % of a core", megabytes(memory),
                                text(normal), static_cast<double>(bytes) / 1e6 / 15, after * 100),
        .met = memory < kMostMemory && is_well(normal) && after < 0.1});
}

// 15: more connections than there may be, that say nothing or half a head.
void measure_idle(Server& server, const std::string& serial, const Tell& tell) {
  std::vector<std::unique_ptr<RawConnection>> silent;
  for (int i = 0; i < kIdle; ++i) {
    silent.push_back(std::make_unique<RawConnection>(server.port()));
    if (i % 2) silent.back()->send("GET / HTT");
  }
  const auto normal = call_normally(server, serial, 3s);
  tell({.number = 15,
        .work = fmt::format("{} connections that say nothing, or half a head", kIdle),
        .must = fmt::format("others < {:.0f} ms", kMostMs),
        .measured = text(normal),
        .met = is_well(normal)});
}

// 16: large bodies without a key. The clients keep the processors as busy as the server does: others wait for
// both.
void measure_uploads(Server& server, const std::string& serial, const Tell& tell) {
  const std::string body(64 << 10, 'x');
  std::atomic<long long> taken{0};
  const Crowd crowd(kUploads, [&](const std::atomic<bool>& stopping) {
    while (!stopping) {
      RawConnection connection(server.port());
      connection.send(head("PUT", "/v1/dep/profiles", "Content-Length: 8388608\r\n"));
      for (int i = 0; i < 128 && !stopping && connection.send(body); ++i)
        taken += static_cast<long long>(body.size());
    }
  });
  const auto normal = call_normally(server, serial, kWhile);
  const auto memory = static_cast<double>(peak_memory(server.pid()));
  tell({.number = 16,
        .work = fmt::format("{} uploads of 8 MiB at once, without a key, again and again", kUploads),
        .must = fmt::format("< 256 MB, others < {:.0f} ms", kMostMsOfUploads),
        .measured = fmt::format("peak {}, {}", megabytes(memory), text(normal)),
        .met = memory < kMostMemory && is_well(normal, kMostMsOfUploads)});
}

// 17: heads that leave open where the body ends.
void measure_smuggling(Server& server, const Tell& tell) {
  int answered = 0, tried = 0;
  const std::string inner = head("GET", "/version", "Connection: close\r\n");
  for (const char* coding :
       {"xchunked", "gzip", "identity", "chunked, identity", "gzip, chunked", " ", "\"chunked\""})
    for (const char* version : {"1.1", "1.0"}) {
      RawConnection connection(server.port());
      connection.send("POST /v1/devices HTTP/" + std::string(version) + "\r\nHost: x\r\n" + with_key() +
                      "Connection: keep-alive\r\nTransfer-Encoding: " + coding + "\r\n\r\n" + inner);
      connection.end_sending();
      ++tried;
      if (connection.read_all().find("\"version\"") != std::string::npos) ++answered;
    }
  tell({.number = 17,
        .work = "bodies of an unknown coding, with a request in them",
        .must = "none is taken for the next request",
        .measured = fmt::format("{} of {} were", answered, tried),
        .met = answered == 0});
}

// 18: wrong keys as fast as they go, and long paths, which the log must not have in full.
void measure_wrong_keys(Server& server, const std::string& serial, const Tell& tell) {
  const std::string path = "/" + std::string(15'000, 'x');
  std::atomic<long long> calls{0};
  const size_t log_before = server.log().size();
  Normal normal;
  {
    const Crowd crowd(kWrongKeys, [&](const std::atomic<bool>& stopping) {
      RawConnection connection(server.port());
      while (!stopping) {
        connection.send(head("GET", calls % 2 ? path : "/v1/dep-tokens", "Authorization: Basic eDp5\r\n"));
        if (connection.read_until("}\n").empty()) break;
        ++calls;
      }
    });
    normal = call_normally(server, serial, 5s);
  }
  const double log_bytes = static_cast<double>(server.log().size() - log_before);
  const double per_call = calls > 0 ? log_bytes / static_cast<double>(calls) : 0;
  tell({.number = 18,
        .work = "wrong keys and paths of 15 kB, as fast as they go",
        .must = fmt::format("others < {:.0f} ms, < 700 bytes of log a call", kMostMs),
        .measured =
            fmt::format("{} calls a second, {:.0f} bytes of log each; {}", calls / 5, per_call, text(normal)),
        .met = is_well(normal) && per_call < 700});
}

}  // namespace

void measure_abuse(const Options& options, const Tell& tell) {
  World world(options.devices);
  const auto server = world.server_with_all_stored();
  const auto some = server->ask("GET", "/api/v1/devices?limit=1");
  const std::string serial(some.at("devices").at(0).at("serial_number").as_string());
  measure_listings(*server, serial, options.devices, tell);
  measure_idle(*server, serial, tell);
  measure_uploads(*server, serial, tell);
  measure_smuggling(*server, tell);
  measure_wrong_keys(*server, serial, tell);
  server->stop();
}

}  // namespace muster::bench
