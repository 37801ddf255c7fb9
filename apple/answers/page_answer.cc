#include "apple/answers/page_answer.h"

#include "apple/answers/decode.h"

namespace muster::apple {

// The only array of a page holds the devices: what is before and behind it is an object of its own.
std::optional<DevicePage> PageAnswer::glance() const {
  const auto begin = body_.find('['), end = body_.rfind(']');
  if (begin == std::string::npos || end == std::string::npos || end < begin) return std::nullopt;
  auto page = decode_page(body_.substr(0, begin) + "[]" + body_.substr(end + 1));
  if (!page) return std::nullopt;
  return std::move(*page);
}

Result<DevicePage> PageAnswer::read() && {
  auto page = decode_page(std::move(body_));
  if (!page) return failure(broken_answer(std::move(page).error(), call_, 200));
  return page;
}

}  // namespace muster::apple
