// A body without a length that a test makes piece by piece, while it is sent.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "http/message.h"

namespace muster::test {

/// Gives the piece of this number, from 0 on, as BodyStream::next() does. Behind an empty one nothing comes
/// any more, and the answer has no end.
using MakePiece = std::function<Result<std::optional<std::string>>(int number)>;

class MadeBody final : public http::BodyStream {
 public:
  explicit MadeBody(MakePiece make) : make_(std::move(make)) {}
  Result<std::optional<std::string>> next() override { return make_(next_++); }
  void when_more(std::function<void()>) override {}

 private:
  const MakePiece make_;
  int next_ = 0;
};

inline http::Response in_pieces(MakePiece make, http::Headers headers = {}) {
  return {.headers = std::move(headers), .stream = std::make_shared<MadeBody>(std::move(make))};
}

}  // namespace muster::test
