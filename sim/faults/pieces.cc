#include "sim/faults/pieces.h"

#include <algorithm>
#include <boost/json.hpp>
#include <limits>
#include <optional>
#include <utility>

#include "sim/faults/body.h"

namespace muster::sim {
namespace {

constexpr long long kLongestPiece = 1 << 20;
constexpr long long kLongestPauseMs = 3'600'000;
constexpr long long kMostRepeats = 1'000'000'000;

class BodyInPieces final : public http::BodyStream {
 public:
  BodyInPieces(const std::string& body, const Pieces& pieces, bool is_cut,
               std::function<void(long long)> pause)
      : body_(body), pieces_(pieces), is_cut_(is_cut), pause_(std::move(pause)) {
    const bool has_end = pieces.repeat > 0 || body.empty();
    size_ = has_end ? body.size() * static_cast<size_t>(pieces.repeat) : std::numeric_limits<size_t>::max();
    if (is_cut) size_ /= 2;
  }

  Result<std::optional<std::string>> next() override {
    if (sent_ == size_) {
      if (is_cut_) return failure(Code::cancelled, "a fault cuts the answer here");
      return std::nullopt;
    }
    pause_(pieces_.pause_ms);
    std::string piece;
    for (size_t left = std::min(static_cast<size_t>(pieces_.bytes), size_ - sent_); left > 0;) {
      const auto part = std::string_view(body_).substr(sent_ % body_.size(), left);
      piece += part;
      sent_ += part.size();
      left -= part.size();
    }
    return piece;
  }

 private:
  const std::string body_;
  const Pieces pieces_;
  const bool is_cut_;
  const std::function<void(long long)> pause_;
  size_t size_ = 0, sent_ = 0;
};

}  // namespace

Result<Pieces> parse_pieces(const boost::json::value& value) {
  const auto* members = value.if_object();
  if (!members) return failure(Code::invalid, "\"pieces\" must be an object");
  ControlBody body(*members);
  const auto bytes = body.number("bytes", 1, kLongestPiece);
  Pieces pieces;
  pieces.pause_ms = body.number("pause_ms", 0, kLongestPauseMs).value_or(0);
  pieces.repeat = body.number("repeat", 0, kMostRepeats).value_or(1);
  MUSTER_TRY(body.finish());
  if (!bytes) return failure(Code::invalid, "\"pieces\" needs \"bytes\", the size of a piece");
  pieces.bytes = *bytes;
  return pieces;
}

boost::json::object to_json(const Pieces& pieces) {
  return {{"bytes", pieces.bytes}, {"pause_ms", pieces.pause_ms}, {"repeat", pieces.repeat}};
}

std::shared_ptr<http::BodyStream> body_in_pieces(const std::string& body, const Pieces& pieces, bool is_cut,
                                                 std::function<void(long long)> pause) {
  return std::make_shared<BodyInPieces>(body, pieces, is_cut, std::move(pause));
}

}  // namespace muster::sim
