#include "store/storage_trouble.h"

#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "base/log/log.h"
#include "base/threads/wanted.h"

namespace muster {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 5min;
constexpr auto kBetweenTries = 2s;
constexpr auto kBetweenLooks = 20ms;  // whether the write is wanted

}  // namespace

void StorageTrouble::begin(Error error) {
  const std::string reason = error.text();
  const bool is_new =
      !state_.with([&](State& state) { return std::exchange(state.present, std::move(error)); });
  if (is_new) log::error("store.trouble", {{"reason", reason}});
}

void StorageTrouble::end(bool has_waited) {
  const bool has_ended = state_.with([&](State& state) {
    return state.waiting == (has_waited ? 1 : 0) && std::exchange(state.present, std::nullopt).has_value();
  });
  if (has_ended) log::info("store.recovered");
}

std::optional<Error> StorageTrouble::present() const {
  return state_.with([](const State& state) { return state.present; });
}

StorageTrouble::Waiting::Waiting(StorageTrouble& trouble)
    : trouble_(trouble), until_(std::chrono::steady_clock::now() + kPatience) {
  trouble_.state_.with([](State& state) { ++state.waiting; });
}

StorageTrouble::Waiting::~Waiting() {
  trouble_.state_.with([](State& state) { --state.waiting; });
}

bool StorageTrouble::Waiting::may_try_again() const {
  const auto next_try = std::chrono::steady_clock::now() + kBetweenTries;
  if (next_try > until_) return false;
  while (Wanted::still()) {
    if (std::chrono::steady_clock::now() >= next_try) return true;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return false;
}

}  // namespace muster
