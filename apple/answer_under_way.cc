#include "apple/answer_under_way.h"

#include <atomic>
#include <charconv>
#include <chrono>
#include <utility>

#include "base/text/strings.h"
#include "base/threads/contain.h"
#include "base/threads/wanted.h"

namespace muster::apple {
namespace {

// Of a body that its reader has not taken yet. Another piece is put behind it while it is smaller.
constexpr size_t kUsualPiece = 128 << 10;
constexpr auto kLookForReader = std::chrono::milliseconds(250);

// One of kMostUnderWay; null when all are taken.
std::shared_ptr<void> take_place() {
  static std::atomic<int> taken = 0;
  if (++taken <= kMostUnderWay) return {&taken, [](std::atomic<int>* places) { --*places; }};
  --taken;
  return nullptr;
}

// Of the body as it is passed on; nothing where that is known at its end only.
std::optional<size_t> length_of_body(const http::Response& head) {
  if (!equals_ignoring_case(head.headers.get("Content-Encoding").value_or("identity"), "identity"))
    return std::nullopt;
  const auto text = head.headers.get("Content-Length").value_or("");
  size_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return length;
}

}  // namespace

bool comes_in_pieces(const http::Response& head, size_t whole_limit) {
  const bool is_success = head.status >= 200 && head.status < 300;
  const auto length = length_of_body(head);
  return is_success && (!length || *length > whole_limit);
}

Result<http::Response> AnswerUnderWay::of(MakeCall make_call, bool has_effect, std::stop_token stop) {
  const auto answer = std::make_shared<AnswerUnderWay>(std::move(make_call));
  answer->await_beginning(has_effect, std::move(stop));
  const std::lock_guard lock(answer->mutex_);
  if (!answer->head_) return *std::move(answer->end_);
  http::Response begun = *std::move(answer->head_);
  begun.stream = answer;
  return begun;
}

AnswerUnderWay::AnswerUnderWay(MakeCall make_call)
    : thread_([this, make_call = std::move(make_call)](const std::stop_token& stop) {
        end(contain(Place::handler, [&] {
          return make_call([&](const http::Response& head) { return begin(head, stop); }, stop);
        }));
      }) {}

// From here on nobody is woken: who would be may be ending, too.
AnswerUnderWay::~AnswerUnderWay() {
  const std::lock_guard lock(mutex_);
  wake_ = nullptr;
}

void AnswerUnderWay::await_beginning(bool has_effect, std::stop_token stop) {
  const std::stop_callback end_call(stop, [this] { thread_.request_stop(); });
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kLookForReader, [this] { return head_ || end_; }))
    if (!Wanted::still(has_effect)) thread_.request_stop();
}

http::BodySink AnswerUnderWay::begin(const http::Response& head, const std::stop_token& stop) {
  place_ = take_place();
  if (!place_) return {};
  const std::lock_guard lock(mutex_);
  head_ = head;
  changed_.notify_all();
  return [this, stop](std::string_view bytes) { return put(bytes, stop); };
}

bool AnswerUnderWay::put(std::string_view bytes, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait(lock, stop, [this] { return piece_.size() < kUsualPiece; })) return false;
  piece_ += bytes;
  if (const auto wake = std::exchange(wake_, nullptr)) wake();
  return true;
}

void AnswerUnderWay::end(Result<http::Response> answer) {
  const std::lock_guard lock(mutex_);
  end_ = std::move(answer);
  changed_.notify_all();
  if (const auto wake = std::exchange(wake_, nullptr)) wake();
}

Result<std::optional<std::string>> AnswerUnderWay::next() {
  const std::lock_guard lock(mutex_);
  if (!piece_.empty()) {
    changed_.notify_all();
    return std::exchange(piece_, {});
  }
  if (!end_) return std::string();
  if (!*end_) return failure(end_->error());
  return std::nullopt;
}

void AnswerUnderWay::when_more(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  if (!piece_.empty() || end_)
    wake();
  else
    wake_ = std::move(wake);
}

}  // namespace muster::apple
