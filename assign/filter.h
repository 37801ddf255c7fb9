// The filter of an assigner: which devices it covers.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/device.h"

namespace muster::assign {

class Filter {
 public:
  /// Reads a filter. `*`, MicroMDM's one filter, covers every device.
  /// Code::invalid says what is not understood.
  static Result<Filter> parse(std::string_view text);

  bool matches(const Device& device) const;

 private:
  Filter() = default;
};

}  // namespace muster::assign
