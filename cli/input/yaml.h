// YAML as a person wrote it: what it says, with the place of everything in it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/text/json_text.h"

namespace muster::cli {

/// Larger files are refused, and so is what aliases make larger.
inline constexpr size_t kLargestYaml = 4 << 20;    // bytes
inline constexpr size_t kMostYamlNodes = 100'000;  // keys and values, what aliases repeat counted again
inline constexpr size_t kDeepestYaml = 32;         // maps and lists within each other

struct YamlMember;

struct YamlNode {
  enum class Kind { nothing, scalar, list, map };
  Kind kind = Kind::nothing;
  TextPlace place{};
  std::string text{};               ///< of a scalar
  bool quoted = false;              ///< a scalar that is text, whatever it looks like
  std::vector<YamlNode> items{};    ///< of a list
  std::vector<YamlMember> members;  ///< of a map in the writer's order, repeated keys too
};

struct YamlMember {
  YamlNode key;
  YamlNode value;
};

/// `a list`, `text`, `a number`, ...: what the node is, for messages.
const char* kind_of(const YamlNode& node);

/// Why a text is no YAML that we read.
struct YamlFault {
  TextPlace place{};
  std::string reason;
  std::string remedy;  ///< "" where the reason says all
};

/// The documents of a text, without those that are empty. Any bytes may be given; anchors and aliases are
/// resolved, tags are refused.
tl::expected<std::vector<YamlNode>, YamlFault> parse_yaml(std::string_view text);

}  // namespace muster::cli
