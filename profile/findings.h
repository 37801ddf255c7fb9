// The findings of a check while it goes on: by offset first, by line and column at the end.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/text/json_text.h"
#include "profile/check.h"
#include "profile/values.h"

namespace muster {

/// Lines and columns of offsets that never go back: each byte is looked at once.
class PlaceFinder {
 public:
  /// `text` must outlive it.
  explicit PlaceFinder(std::string_view text) : text_(text) {}
  TextPlace at(size_t offset);

 private:
  std::string_view text_;
  size_t before_ = 0;
  TextPlace place_;
};

class ProfileFindings {
 public:
  /// True when no more are kept: a hostile text would have millions.
  bool is_full() const { return found_.size() >= kMostProfileFindings; }
  void add(size_t offset, std::string_view key, ProfileFault fault);

  /// All of them, with the places in `text`, in order. What add() was given is used up.
  std::vector<ProfileFinding> placed_in(std::string_view text) &&;

 private:
  std::vector<std::pair<size_t, ProfileFinding>> found_;
};

}  // namespace muster
