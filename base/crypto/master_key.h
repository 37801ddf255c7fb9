// A master key: seals the secrets in the database (keyring.h), and is kept elsewhere.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace muster {

class MasterKey {
 public:
  static constexpr size_t kBytes = 32;  // AES-256

  /// A new one. `source`, here and below: where it is kept, for people.
  static MasterKey make(std::string source);
  /// Of 64 hexadecimal digits. Code::invalid names the source; the message has nothing of the text.
  static Result<MasterKey> parse(std::string_view text, std::string source);

  /// Tells it from others: the first 8 hexadecimal digits of a SHA-256 of a label and the key. No secret.
  const std::string& number() const { return number_; }
  const std::string& source() const { return source_; }
  const std::string& bytes() const { return bytes_; }
  /// As parse() reads it.
  std::string text() const;

 private:
  MasterKey(std::string bytes, std::string source);

  std::string bytes_, number_, source_;
};

/// The keys of a file or variable: with spaces, line ends or commas between them; `#` begins a comment that
/// ends with the line. Code::invalid when there is none, or something else.
Result<std::vector<MasterKey>> parse_master_keys(std::string_view text, const std::string& source);

}  // namespace muster
