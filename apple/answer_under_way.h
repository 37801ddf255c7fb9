// Passes on an answer of Apple's as it arrives, piece by piece, no faster than its reader takes it.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "base/result.h"
#include "http/client/client.h"
#include "http/message.h"

namespace muster::apple {

/// Answers that are under way at a time, in this process: each has a thread, and up to 512 KiB. While there
/// are so many, further ones are read whole.
inline constexpr int kMostUnderWay = 32;

/// Whether an answer is passed on while it comes: a success whose length is not known before its end, or is
/// over `whole_limit`.
bool comes_in_pieces(const http::Response& head, size_t whole_limit);

class AnswerUnderWay final : public http::BodyStream {
 public:
  /// Takes the body of an answer, from its first piece on.
  using Begin = std::function<http::BodySink(const http::Response& head)>;
  /// Makes the call, and asks `begin` about an answer that is to be passed on while it comes.
  using MakeCall = std::function<Result<http::Response>(const Begin& begin, std::stop_token stop)>;

  /// Makes the call on a thread of its own, and waits for the answer's beginning. Response::stream has the
  /// body of an answer that was begun; a whole answer, or an error, is what `make_call` gave. The call ends
  /// when `stop` is requested by then, the stream is destroyed, or, if `has_effect` is false, this thread's
  /// work is not wanted any more (base/threads/wanted.h).
  static Result<http::Response> of(MakeCall make_call, bool has_effect, std::stop_token stop);

  explicit AnswerUnderWay(MakeCall make_call);
  ~AnswerUnderWay() override;
  AnswerUnderWay(const AnswerUnderWay&) = delete;
  AnswerUnderWay& operator=(const AnswerUnderWay&) = delete;

  /// An error when the answer broke off.
  Result<std::optional<std::string>> next() override;
  void when_more(std::function<void()> wake) override;

 private:
  http::BodySink begin(const http::Response& head, const std::stop_token& stop);
  bool put(std::string_view bytes, const std::stop_token& stop);
  void end(Result<http::Response> answer);
  void await_beginning(bool has_effect, std::stop_token stop);

  std::mutex mutex_;
  std::condition_variable_any changed_;
  // Guarded by mutex_.
  std::optional<http::Response> head_;  // without a body, once that has begun to come
  std::string piece_;                   // received, and not read yet
  std::optional<Result<http::Response>> end_;
  std::function<void()> wake_;

  std::shared_ptr<void> place_;  // of the thread: one of kMostUnderWay
  std::jthread thread_;          // last: it uses the rest
};

}  // namespace muster::apple
