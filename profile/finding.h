// What is wrong or odd in an enrollment profile that a person wrote, said before Apple says it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace muster {

struct ProfileFinding {
  enum class Severity {
    error,    ///< Apple refuses it, or no device can enroll with it
    warning,  ///< it goes out as it is
  };
  Severity severity = Severity::error;
  size_t line = 1;    ///< from 1
  size_t column = 1;  ///< from 1, in characters
  std::string word;   ///< Apple's word for it, `CONFIG_URL_INVALID`; "" where none is known
  std::string key;    ///< `url`; "" for the document as a whole
  std::string reason;
  std::string remedy;  ///< what to do; "" where the reason says all

  bool is_error() const { return severity == Severity::error; }
};

std::string_view word(ProfileFinding::Severity severity);

/// `LINE:COLUMN: error: WORD: KEY: reason. remedy`, as compilers write it; without what is empty.
std::string to_line(const ProfileFinding& finding);

}  // namespace muster
