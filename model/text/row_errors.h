// What is wrong with the rows of a file, said at once and not one a try.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace muster {

class RowErrors {
 public:
  void add(size_t line, const std::string& what);
  /// Code::invalid with a line for each of the first twenty, when there is any.
  Result<> result() const;

 private:
  std::vector<std::string> shown_;
  size_t count_ = 0;
};

}  // namespace muster
