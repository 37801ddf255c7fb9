#include "cli/output/progress.h"

#include <fmt/format.h>

#include <chrono>
#include <ostream>

#include "cli/output/printable.h"

namespace muster::cli {

using namespace std::chrono_literals;

void Progress::show(const std::string& text) {
  const std::lock_guard lock(mutex_);
  has_own_text_ = !text.empty();
  write(text);
}

void Progress::write(const std::string& text) {
  if (!is_terminal_ || (text.empty() && !is_shown_)) return;
  err_ << "\r\033[K" << printable(text) << std::flush;
  is_shown_ = !text.empty();
}

Progress::Waiting::Waiting(Progress& progress, std::string what) : progress_(progress) {
  if (progress_.is_terminal_)
    thread_ =
        std::jthread([this, what = std::move(what)](const std::stop_token& stop) { count(stop, what); });
}

Progress::Waiting::~Waiting() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  const std::lock_guard lock(progress_.mutex_);
  if (!progress_.has_own_text_) progress_.write("");
}

void Progress::Waiting::count(const std::stop_token& stop, const std::string& what) {
  std::unique_lock lock(mutex_);
  for (int seconds = 1;; ++seconds) {
    ended_.wait_for(lock, stop, 1s, [] { return false; });
    if (stop.stop_requested()) return;
    const std::lock_guard shown(progress_.mutex_);
    if (!progress_.has_own_text_) progress_.write(fmt::format("{}, {} s", what, seconds));
  }
}

}  // namespace muster::cli
