#include "sync/run/ask_details.h"

#include <bit>
#include <deque>

#include "apple/answers/failure.h"
#include "base/log/log.h"

namespace muster::sync {
namespace {

// Of a run. Five rejected devices of a thousand cost some fifty.
constexpr int kMostRejectedQuestions = 64;
// As long as none is answered: the first time as many as it takes to get past three such devices in any
// place. After that the call itself may be the reason, and lasts: then one call a run, and seldom so many as
// show that one device is the reason.
constexpr int kMostAtFirst = 14;
constexpr int kMostSeldom = 4;

// The runs after a failure are seconds apart at first, then minutes.
bool is_seldom(int failures) { return failures >= 4 && std::has_single_bit(static_cast<unsigned>(failures)); }

bool is_rejection(const Error& error) { return apple::classify(error) == apple::Failure::refused; }

// The code is about the call, and means nothing about the device.
apple::DeviceDetails rejected(const Serial& serial, const Error& error) {
  apple::DeviceDetails details{
      .response_status = unknown_word(apple::code_or_message(error)), .report = {}, .json = {}};
  details.report.serial = serial;
  return details;
}

}  // namespace

DetailCalls::DetailCalls(const LaneContext& context) : context_(context) {}

bool DetailCalls::is_patient() const {
  if (answers_ > 0) return rejections_ < kMostRejectedQuestions;
  if (!context_.memory.details_are_rejected) return rejections_ < kMostAtFirst;
  return rejections_ < (is_seldom(context_.failures) ? kMostSeldom : 1);
}

void DetailCalls::remember() const {
  if (answers_ + rejections_ > 0) context_.memory.details_are_rejected = answers_ == 0;
}

Result<Details> DetailCalls::ask(std::span<const Serial> serials) {
  auto details = context_.service.device_details(serials, context_.stop);
  if (details) {
    ++answers_;
    return details;
  }
  if (!is_rejection(details.error())) return details;
  ++rejections_;
  return ask_in_halves(serials, details.error());
}

// The widest parts first: of two halves one is answered, unless there is such a device in both.
Result<Details> DetailCalls::ask_in_halves(std::span<const Serial> serials, const Error& rejection) {
  Details found;
  std::deque<std::span<const Serial>> parts;
  const auto divide = [&](std::span<const Serial> part, const Error& error) {
    if (part.size() == 1) {
      found.emplace(part.front(), rejected(part.front(), error));
      return;
    }
    parts.push_back(part.first(part.size() / 2));
    parts.push_back(part.subspan(part.size() / 2));
  };
  divide(serials, rejection);
  for (; !parts.empty() && is_patient(); parts.pop_front()) {
    auto details = context_.service.device_details(parts.front(), context_.stop);
    if (details) {
      ++answers_;
      found.merge(std::move(*details));
      continue;
    }
    if (!is_rejection(details.error())) return details;
    ++rejections_;
    divide(parts.front(), details.error());
  }
  if (answers_ == 0) return failure(rejection);
  log::warn("questions.rejected", {{"account", context_.account.name.str()},
                                   {"devices", static_cast<long long>(serials.size())},
                                   {"apple_code", apple::code_or_message(rejection)}});
  return found;
}

}  // namespace muster::sync
