// Text from outside made safe for a terminal.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace muster::cli {

/// `text` with each control character but the newline made a space, and each that turns the direction of
/// writing: names and messages come from other people, and an escape sequence in one must not reach the
/// terminal, nor may one look like another.
std::string printable(std::string_view text);

/// A stream that passes on each line as printable() returns it. All output of a command to a terminal goes
/// through one.
class PrintableStream : public std::ostream {
 public:
  /// `target` must outlive it.
  explicit PrintableStream(std::ostream& target);
  ~PrintableStream() override;

 private:
  class Buffer;
  std::unique_ptr<Buffer> buffer_;
};

}  // namespace muster::cli
