// Rows in the binary form of COPY: a header, the rows, each field behind its length, and a trailer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace muster::postgres {

/// Rows on their way to COPY ... FROM STDIN. The bytes are the caller's to send and to clear.
class CopyBytes {
 public:
  void begin();
  void begin_row(size_t fields);
  void add_null();
  /// `width`: 2 or 8 bytes, of a smallint or bigint that has room for the number.
  void add_number(std::int64_t number, int width);
  void add_boolean(bool value);
  void add_text(std::string_view text);
  void end();

  size_t size() const { return bytes_.size(); }
  std::string_view view() const { return bytes_; }
  void clear() { bytes_.clear(); }

 private:
  std::string bytes_;
};

/// A field of a row that COPY ... TO STDOUT gave; nothing for null.
using CopiedField = std::optional<std::string_view>;

/// Takes the first row off `bytes`, and the header before it. False at the end of the bytes, or of all rows.
Result<bool> take_row(std::string_view& bytes, std::vector<CopiedField>& fields);

}  // namespace muster::postgres
