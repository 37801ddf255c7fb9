// A streamed answer whose first piece was made before it: an error of that one is an answer of its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "http/message.h"

namespace muster::api {

class BegunStream : public http::BodyStream {
 public:
  BegunStream(std::string first, std::shared_ptr<http::BodyStream> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}
  Result<std::optional<std::string>> next() override {
    if (first_) return std::exchange(first_, std::nullopt);
    return rest_->next();
  }

 private:
  std::optional<std::string> first_;
  const std::shared_ptr<http::BodyStream> rest_;
};

}  // namespace muster::api
