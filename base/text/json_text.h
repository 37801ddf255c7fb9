// JSON as a text that an operator wrote: what it says, or where the mistake stands.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>
#include <tl/expected.hpp>

namespace muster {

/// A place in a text as editors show it: both from 1, the column in characters (code points).
struct TextPlace {
  size_t line = 1;
  size_t column = 1;
};

/// The place of the byte `offset` of `text`, or of its end.
TextPlace place_in(std::string_view text, size_t offset);

/// Why a text is not JSON.
struct JsonFault {
  size_t offset = 0;      ///< the byte at which it is found out
  const char* what = "";  ///< `it ends too early`
};

/// Reads a whole document of UTF-8. Nesting is limited to 32.
tl::expected<boost::json::value, JsonFault> read_json(std::string_view text);

}  // namespace muster
