// The keys of an enrollment profile that Apple documents, and the items of the setup assistant that it may
// skip.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace muster {

struct ProfileKey {
  enum class Form { text, flag, texts };
  std::string_view name;
  Form form;
  size_t longest = 0;                       ///< characters of a text; 0 where a rule of its own says it
  std::string_view word_when_invalid = {};  ///< Apple's, for a text that is empty or too long
};

/// All that Apple documents, also `profile_uuid`, which only its answers have.
std::span<const ProfileKey> profile_keys();

/// The key of that name, or null.
const ProfileKey* find_profile_key(std::string_view name);

/// The key that was meant by a name that is none, or "".
std::string guess_profile_key(const std::string& name);

/// Apple's key for another tool's name for it, like `name` for `profile_name`; "" for a name that is not
/// known.
std::string_view name_at_apple(std::string_view name);

struct SkipItem {
  std::string_view name;
  std::string_view outdated = {};  ///< why it has no effect any more, for people; "" while it has
};

/// The item of that name, or null.
const SkipItem* find_skip_item(std::string_view name);

/// The item that was meant by a name that is none, or "".
std::string guess_skip_item(const std::string& name);

}  // namespace muster
