// A string with a meaning: `struct SerialTag; using Serial = Strong<SerialTag>;` does not mix with other
// strings.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace muster {

template <class Tag>
class Strong {
 public:
  Strong() = default;
  explicit Strong(std::string value) : value_(std::move(value)) {}

  const std::string& str() const& { return value_; }
  std::string str() && { return std::move(value_); }
  bool empty() const { return value_.empty(); }

  friend bool operator==(const Strong&, const Strong&) = default;
  friend std::strong_ordering operator<=>(const Strong& a, const Strong& b) {
    return a.value_.compare(b.value_) <=> 0;
  }

 private:
  std::string value_;
};

}  // namespace muster

template <class Tag>
struct std::hash<muster::Strong<Tag>> {
  size_t operator()(const muster::Strong<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};
