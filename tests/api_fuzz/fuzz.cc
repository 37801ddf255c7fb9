#include "tests/api_fuzz/fuzz.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

#include "base/guarded.h"
#include "http/client/client.h"
#include "tests/api_fuzz/requests.h"
#include "tests/api_fuzz/victim.h"
#include "tests/e2e/world/described_api.h"
#include "tests/e2e/world/transcript.h"

namespace muster::api_fuzz {
namespace {

using std::chrono::steady_clock;

// Calls that wait for Apple, or to the end of a run, keep a thread each.
constexpr size_t kThreads = 6;
constexpr int kBetweenRestores = 400;  // requests of a thread
constexpr std::chrono::seconds kPatience(60);

// Its answer does not end, so only the head is read.
bool is_endless(const test::DescribedCall& call) { return call.path == "/api/v1/events"; }

// It shows the token's secrets to those who may see them.
bool gives_secrets(const ApiRequest& request) {
  constexpr std::string_view kPaths[] = {"/v1/dep-tokens", "/v1/tokens/", "/v1/tokenpki/"};
  const std::string path = request.target.substr(0, request.target.find('?'));
  return (path.starts_with("/api/v1/accounts/") && path.ends_with("/export")) ||
         std::any_of(std::begin(kPaths), std::end(kPaths),
                     [&](std::string_view begin) { return path.starts_with(begin); });
}

http::ClientRequest to_http(const std::string& server, const ApiRequest& made, const FuzzKey& key,
                            bool is_endless) {
  http::ClientRequest request{.method = made.method, .url = server + made.target, .body = made.body};
  request.has_body = !made.body.empty();
  request.headers_only = is_endless;
  request.send_once = true;
  request.first_byte_timeout = kPatience;
  if (!key.text.empty()) request.headers.add("Authorization", "Bearer " + key.text);
  if (request.has_body) request.headers.add("Content-Type", "application/json");
  return request;
}

std::string shown(const ApiRequest& request, const FuzzKey& key, std::uint64_t seed) {
  return fmt::format("{} {} with the key {} (seed {})\n    {}", request.method, request.target, key.name,
                     seed, request.body.substr(0, 500));
}

class Fuzzing {
 public:
  explicit Fuzzing(const Plan& plan) : plan_(plan), end_(steady_clock::now() + plan.time) {
    report_.with([](Report& report) { report.calls = test::described_api().calls().size(); });
  }

  Report run() {
    {
      std::vector<std::jthread> threads;
      for (size_t i = 0; i < kThreads; ++i)
        threads.emplace_back([this, i] { send_requests(plan_.seed + i, i == 0); });
    }
    for (const auto& fault : victim_.end()) find(fault);
    return report_.with([](Report& report) { return report; });
  }

 private:
  void send_requests(std::uint64_t seed, bool restores) {
    const auto& calls = test::described_api().calls();
    Dice dice(seed);
    http::Client client;
    for (int i = 1; !is_over(); ++i) {
      try {
        if (restores && i % kBetweenRestores == 0) victim_.restore();
        const auto& call = calls[dice.below(calls.size())];
        const auto request = of_victim(make_request(call, dice));
        const auto& keys = victim_.keys();  // the first may do everything
        const auto& key = dice.one_in(2) ? keys.front() : keys[dice.below(keys.size())];
        if (const auto fault = fault_of(client, call, request, key))
          find(*fault + ": " + shown(request, key, seed));
      } catch (const std::exception& error) {
        find(error.what());
      }
    }
  }

  ApiRequest of_victim(ApiRequest request) const {
    constexpr const char* kOfExamples = "95C2189CA0EFB3272AC8B3C66201F330";
    for (auto* text : {&request.target, &request.body})
      *text = test::replace_all(*text, kOfExamples, victim_.profile());
    return request;
  }

  std::optional<std::string> fault_of(http::Client& client, const test::DescribedCall& call,
                                      const ApiRequest& request, const FuzzKey& key) {
    const auto answer = client.send(to_http(victim_.url(), request, key, is_endless(call)));
    if (!answer) return "no answer, " + answer.error().text();
    report_.with([&](Report& report) {
      ++report.answers[answer->status];
      if (answer->status < 300) report.succeeded.insert(call.name());
    });
    if (answer->status == 500) return "500, " + answer->body;
    if (!(key.may_see_secrets && gives_secrets(request)))
      for (const auto& secret : test::found_in(answer->body, victim_.secrets()))
        return secret + " is in the answer";
    const std::string method = is_endless(call) ? "HEAD" : request.method;
    for (const auto& fault : test::described_api().faults_of(method, request.target, *answer))
      return fmt::format("{}, {}\n    {}", answer->status, fault, answer->body.substr(0, 500));
    return std::nullopt;
  }

  bool is_over() const { return steady_clock::now() >= end_ || has_enough_; }

  void find(std::string finding) {
    report_.with([&](Report& report) {
      if (report.findings.size() < Report::kMostFindings) report.findings.push_back(std::move(finding));
      has_enough_ = report.findings.size() >= Report::kMostFindings;
    });
  }

  const Plan plan_;
  Victim victim_;
  const steady_clock::time_point end_;
  Guarded<Report> report_;
  std::atomic<bool> has_enough_{false};
};

}  // namespace

Report fuzz(const Plan& plan) { return Fuzzing(plan).run(); }

}  // namespace muster::api_fuzz
